import { names } from '../../../generator/names.ts';
import { nameOf } from '../../databases/state/database.ts';
import { primaryOf } from '../../databases/state/members.ts';
import type { MemberPod, Observation } from '../../databases/observation.ts';

const isQuorum = ({ patroni }: Observation): boolean => patroni?.config['synchronous_mode'] === 'quorum';

/**
 * Whether commits under a quorum do not count on a serving standby yet. After a switchover they would wait for the former primary, which
 * is the last to follow.
 */
export function isCatchingUp(seen: Observation, { name }: MemberPod): boolean {
  return isQuorum(seen) && !seen.synchronous.includes(name);
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
  const { synchronous, own } = seen;
  const last = own.status?.handled?.primary;
  if (synchronous.length === 0 || last === undefined || primaryOf(seen)) return 0;
  const standbys = synchronous.map((standby) => ordinalOf(seen, standby));
  const inStep = isQuorum(seen) ? Math.max(...standbys) : Math.min(...standbys);
  return Math.min(ordinalOf(seen, last), inStep) + 1;
}
