import type { DatabaseStatus } from '../../../database/types.ts';
import { isConfigurationTakenUp } from '../state/configuration.ts';
import { isHibernating, isInitialized, wantedMembers } from '../state/database.ts';
import { isRestoring, isTearingDown } from '../operations/index.ts';
import { canWrite, isLeaving, isServing, wantedNames } from '../state/members.ts';
import { membersToRoll } from '../state/rollout.ts';
import { foreignClaims } from '../state/volumes.ts';
import type { Observation } from '../observation.ts';

type Phase = NonNullable<DatabaseStatus['phase']>;

/** Phases in which a Database starts, and stays until it serves. */
const COMING: ReadonlySet<Phase | undefined> = new Set(['Pending', 'Creating', 'Restoring', 'Scaling']);

/** Whether a rollout interrupts writes: its only member is recreated, or the primary switches over. */
function isPlanned(seen: Observation): boolean {
  return wantedMembers(seen) === 1 || seen.switchover?.from !== undefined;
}

function beforeServing(seen: Observation): Phase {
  const { spec } = seen.own.database;
  if (!seen.workload) return 'Pending';
  if (!isInitialized(seen)) return spec.bootstrap?.restore ? 'Restoring' : 'Creating';
  const before = seen.own.status?.phase;
  if (before === 'Updating' && isPlanned(seen)) return 'Updating';
  if (COMING.has(before)) return before === 'Creating' || before === 'Restoring' ? before : 'Scaling';
  return seen.control.replication && seen.pods.some(isServing) ? 'FailingOver' : 'Failed';
}

function isScaling(seen: Observation): boolean {
  if (seen.workload?.replicas !== wantedMembers(seen)) return true;
  if (seen.pods.some((pod) => isLeaving(seen, pod))) return true;
  const missing = wantedNames(seen).some((name) => !seen.pods.some((pod) => pod.name === name && isServing(pod)));
  return missing && COMING.has(seen.own.status?.phase);
}

/** The state in one word. A member that fails while the others serve changes the conditions, not the phase. */
export function phaseOf(seen: Observation, now: Date): Phase {
  if (isTearingDown(seen)) return 'Deleting';
  if (isRestoring(seen)) return 'Restoring';
  if (foreignClaims(seen).length > 0) return 'Failed';
  if (isHibernating(seen)) return seen.pods.length > 0 ? 'Scaling' : 'Pending';
  if (!canWrite(seen)) return beforeServing(seen);
  if (isScaling(seen)) return 'Scaling';
  const updating = membersToRoll(seen, now).length > 0 || !isConfigurationTakenUp(seen, now);
  return updating && seen.problems.length === 0 ? 'Updating' : 'Running';
}
