import { SWITCHOVER } from '../../database/vocabulary.ts';
import type { DatabaseStatus } from '../../database/types.ts';
import type { Observation } from '../observation.ts';
import { isInitialized, isReplicated } from './database.ts';
import { wantedNames } from './members.ts';

/** What is remembered of a wish for a switchover. While `from` stands there, it is under way. */
export type Wish = NonNullable<NonNullable<DatabaseStatus['handled']>['switchover']>;

const ANY = 'any';
const LONGEST = 1024;

/** The pod that a wish names; undefined when any will do. */
export function targetOf({ request = '' }: Wish): string | undefined {
  const [target = ''] = request.split('@');
  return target === ANY ? undefined : target;
}

/** Why a wish can never be done as it stands; undefined when it can. */
function impossible(seen: Observation, wish: Wish): string | undefined {
  const members = wantedNames(seen);
  const target = targetOf(wish);
  if (!isReplicated(seen) || members.length === 1) return 'there is no standby';
  if (target !== undefined && !members.includes(target)) return 'there is no such member';
  return undefined;
}

function isUnderWay({ from }: Wish): boolean {
  return from !== undefined;
}

function takenBack(wish: Wish): Wish {
  return isUnderWay(wish) ? { request: wish.request ?? '', result: 'taken back' } : wish;
}

function progress(wish: Wish, leader: string | undefined): Wish {
  if (!isUnderWay(wish) || leader === undefined || leader === wish.from) return wish;
  return { request: wish.request ?? '', result: `${leader} took over from ${wish.from ?? ''}` };
}

function takeUp(seen: Observation, request: string): Wish | undefined {
  const leader = seen.leader?.member;
  // Nobody leads, or nobody is to: the wish waits.
  if (!isInitialized(seen) || leader === undefined || wantedNames(seen).length === 0) return undefined;
  const problem = impossible(seen, { request });
  if (problem !== undefined) return { request, result: problem };
  return targetOf({ request }) === leader
    ? { request, result: `${leader} was the primary already` }
    : { request, from: leader };
}

/**
 * The wish that stands in the annotation, with what has become of it. It is taken up once: who leads at that time is
 * noted, and when somebody else leads it is done. So a controller that dies in between neither forgets it nor does it
 * twice.
 */
export function wishOf(seen: Observation): Wish | undefined {
  const before = seen.own.status?.handled?.switchover;
  const request = seen.own.annotations[SWITCHOVER]?.slice(0, LONGEST) ?? '';
  if (before?.request === request) return progress(before, seen.leader?.member);
  const wish = request === '' ? undefined : takeUp(seen, request);
  return wish ?? (before && takenBack(before));
}

/** The wish that is under way: noted in the stored status, still in the annotation, and not done. */
export function wishUnderWay(seen: Observation): Wish | undefined {
  const noted = seen.own.status?.handled?.switchover;
  const wish = wishOf(seen);
  return noted?.from !== undefined && wish?.from === noted.from && wish.request === noted.request ? wish : undefined;
}
