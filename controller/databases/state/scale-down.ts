import { names } from '../../../generator/names.ts';
import type { Observation } from '../observation.ts';
import { isHibernating, isInitialized, isReplicated, nameOf, wantedMembers } from './database.ts';
import { canWrite, isLeaving, primaryOf } from './members.ts';

/** Whether members are to go while others stay. */
function isShrinking(seen: Observation): boolean {
  if (!isReplicated(seen) || isHibernating(seen) || !isInitialized(seen)) return false;
  return (seen.workload?.replicas ?? 0) > wantedMembers(seen);
}

/** Whether members that are too many must not go yet: nobody leads, or one of them does, or the lead is changing. */
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
 * How many members it takes so that somebody may lead. In synchronous mode Patroni lets nobody lead but the last primary
 * and its synchronous standbys, of which with a quorum all have to be asked: when those have gone before others were in
 * step, they have to come back.
 */
export function membersToLead(seen: Observation): number {
  const { synchronous, own, patroni } = seen;
  const last = own.status?.handled?.primary;
  if (!isReplicated(seen) || synchronous.length === 0 || last === undefined || primaryOf(seen)) return 0;
  const standbys = synchronous.map((standby) => ordinalOf(seen, standby));
  const inStep = patroni?.config['synchronous_mode'] === 'quorum' ? Math.max(...standbys) : Math.min(...standbys);
  return Math.min(ordinalOf(seen, last), inStep) + 1;
}
