import { isHibernating, isInitialized } from '../state/database.ts';
import { isRestoring, isTearingDown } from '../operations/index.ts';
import { canWrite, isServing, isHealthy, primaryOf, unhealthyBecause, wantedNames } from '../state/members.ts';
import { membersToLead } from '../state/scale-down.ts';
import { foreignClaims } from '../state/volumes.ts';
import type { Observation } from '../observation.ts';
import type { ConditionValue } from './conditions.ts';

const no = (reason: string, message: string): ConditionValue => ({ status: 'False', reason, message });

/** Before there is a database: what goes on, or why it does not. */
function beingMade({ pods }: Observation): ConditionValue {
  const failed = pods.find(({ server }) => server?.failure !== undefined);
  if (!failed) return no('Creating', 'the database is being made');
  const message = `${failed.name} could not make the first data: ${failed.server?.failure ?? ''}; it tries again`;
  return no('FirstDataFailed', message);
}

function withoutPrimary(seen: Observation): ConditionValue {
  if (!seen.workload) return no('NoWorkload', 'the StatefulSet is not there yet');
  const primary = primaryOf(seen);
  if (!isInitialized(seen)) return beingMade(seen);
  const needed = membersToLead(seen);
  if (needed > seen.workload.replicas) {
    const message = `no member takes writes: those that are in step have gone; it takes ${needed} replicas for a while`;
    return no('NoPrimary', message);
  }
  if (!primary || isServing(primary)) return no('NoPrimary', 'no member takes writes');
  return no('NoPrimary', `no member takes writes: ${unhealthyBecause(primary.name, primary)}`);
}

/**
 * Ready: whether the Database accepts writes and every wanted member serves. `status.ready` counts the members that serve while others do
 * not.
 */
export function ready(seen: Observation): ConditionValue {
  if (isTearingDown(seen)) return no('Deleting', 'the Database is being deleted');
  if (isHibernating(seen)) return no('Hibernated', 'the Database sleeps; its data are kept');
  if (foreignClaims(seen).length > 0) return no('VolumesOfAnotherDatabase', 'nothing is done on its volumes');
  if (!canWrite(seen) && isRestoring(seen)) return no('Restoring', 'the Database is being restored in place');
  if (!canWrite(seen)) return withoutPrimary(seen);
  const names = wantedNames(seen);
  const missing = names.flatMap((name) => {
    const pod = seen.pods.find((one) => one.name === name);
    return pod && isHealthy(seen, pod) ? [] : [unhealthyBecause(name, pod)];
  });
  if (missing.length > 0) {
    return no(
      'MembersMissing',
      `${names.length - missing.length} of ${names.length} members serve: ${missing.join('; ')}`,
    );
  }
  const leader = primaryOf(seen)?.name ?? '';
  if (!names.includes(leader)) return no('PrimaryLeaves', `${leader} leads, which is one member too many`);
  const all = names.length === 1 ? 'the member serves' : `all ${names.length} members serve`;
  return { status: 'True', reason: 'Serving', message: seen.control.replication ? `${all}, ${leader} leads` : all };
}
