import type { Observation } from '../observation.ts';
import { isHibernating, isInitialized, wantedMembers } from './database.ts';
import { canWrite, isLeaving, primaryOf } from './members.ts';

/** Whether members are to go while others stay. */
function isShrinking(seen: Observation): boolean {
  if (!seen.control.replication || isHibernating(seen) || !isInitialized(seen)) return false;
  return (seen.workload?.replicas ?? 0) > wantedMembers(seen);
}

/** Whether members that are too many must not go yet: nobody leads, or one of them does, or the lead is changing. */
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
