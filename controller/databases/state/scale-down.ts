import type { Observation } from '../observation.ts';
import { isHibernating, isInitialized, wantedMembers } from './database.ts';
import { canWrite, isLeaving, primaryOf } from './members.ts';

/** Whether some members leave while others stay. */
function isShrinking(seen: Observation): boolean {
  if (!seen.control.replication || isHibernating(seen) || !isInitialized(seen)) return false;
  return (seen.workload?.replicas ?? 0) > wantedMembers(seen);
}

/** Whether surplus members must not leave yet: there is no leader, a surplus member leads, or the leader is changing. */
export function mustNotScaleDown(seen: Observation): boolean {
  if (!isShrinking(seen)) return false;
  const primary = primaryOf(seen);
  const isHandingOver = seen.switchover?.from !== undefined || seen.switchover?.to !== undefined;
  return !primary || isLeaving(seen, primary) || isHandingOver || !canWrite(seen);
}

/** How many members have to run so that one of them may lead; 0 when enough do. */
export function membersToLead(seen: Observation): number {
  return seen.control.replication?.membersToLead(seen) ?? 0;
}
