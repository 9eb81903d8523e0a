import { names } from '../../../generator/names.ts';
import type { Observation } from '../observation.ts';
import { isHibernating, isInitialized, isReplicated, nameOf, wantedMembers } from './database.ts';
import { canWrite, isLeaving, primaryOf } from './members.ts';

/** Whether some members leave while others stay. */
function isShrinking(seen: Observation): boolean {
  if (!isReplicated(seen) || isHibernating(seen) || !isInitialized(seen)) return false;
  return (seen.workload?.replicas ?? 0) > wantedMembers(seen);
}

/** Whether surplus members must not leave yet: there is no leader, a surplus member leads, or the leader is changing. */
export function mustNotScaleDown(seen: Observation): boolean {
  if (!isShrinking(seen)) return false;
  const primary = primaryOf(seen);
  const isHandingOver = seen.switchover?.from !== undefined || seen.switchover?.to !== undefined;
  return !primary || isLeaving(seen, primary) || isHandingOver || !canWrite(seen);
}

const MOST_MEMBERS = 100;

function ordinalOf(seen: Observation, member: string): number {
  const ordinals = Array.from({ length: MOST_MEMBERS }, (_, ordinal) => ordinal);
  return ordinals.find((ordinal) => names.member(nameOf(seen), ordinal) === member) ?? 0;
}

/**
 * The number of members needed so that one can lead. In synchronous mode Patroni lets only the last primary and its synchronous standbys
 * lead, and with a quorum all of these must be asked: when they left before others had caught up, they must come back.
 */
export function membersToLead(seen: Observation): number {
  const { synchronous, own, patroni } = seen;
  const last = own.status?.handled?.primary;
  if (!isReplicated(seen) || synchronous.length === 0 || last === undefined || primaryOf(seen)) return 0;
  const standbys = synchronous.map((standby) => ordinalOf(seen, standby));
  const inStep = patroni?.config['synchronous_mode'] === 'quorum' ? Math.max(...standbys) : Math.min(...standbys);
  return Math.min(ordinalOf(seen, last), inStep) + 1;
}
