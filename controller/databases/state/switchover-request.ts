import { SWITCHOVER } from '../../../database/vocabulary.ts';
import type { DatabaseStatus } from '../../../database/types.ts';
import type { Observation } from '../observation.ts';
import { isInitialized } from './database.ts';
import { wantedNames } from './members.ts';

/** The memory of a request for a switchover. The request is under way while `from` is set. */
export type SwitchoverRequest = NonNullable<NonNullable<DatabaseStatus['handled']>['switchover']>;

const ANY = 'any';
const LONGEST = 1024;

/** The pod that a request names; undefined when any standby may take over. */
export function targetOfRequest({ request = '' }: SwitchoverRequest): string | undefined {
  const [target = ''] = request.split('@');
  return target === ANY ? undefined : target;
}

/** Why a request can never succeed; undefined when it can. */
function impossible(seen: Observation, switchover: SwitchoverRequest): string | undefined {
  const members = wantedNames(seen);
  const target = targetOfRequest(switchover);
  if (!seen.control.replication || members.length === 1) return 'there is no standby';
  if (target !== undefined && !members.includes(target)) return 'there is no such member';
  return undefined;
}

function isUnderWay({ from }: SwitchoverRequest): boolean {
  return from !== undefined;
}

function takenBack(switchover: SwitchoverRequest): SwitchoverRequest {
  return isUnderWay(switchover) ? { request: switchover.request ?? '', result: 'taken back' } : switchover;
}

function progress(switchover: SwitchoverRequest, leader: string | undefined): SwitchoverRequest {
  if (!isUnderWay(switchover) || leader === undefined || leader === switchover.from) return switchover;
  return { request: switchover.request ?? '', result: `${leader} took over from ${switchover.from ?? ''}` };
}

function takeUp(seen: Observation, request: string): SwitchoverRequest | undefined {
  const leader = seen.leader?.member;
  // Without a leader, or without members, the request waits.
  if (!isInitialized(seen) || leader === undefined || wantedNames(seen).length === 0) return undefined;
  const problem = impossible(seen, { request });
  if (problem !== undefined) return { request, result: problem };
  return targetOfRequest({ request }) === leader
    ? { request, result: `${leader} was the primary already` }
    : { request, from: leader };
}

/**
 * The request in the annotation, with its progress. The controller notes the leader when it takes the request up, and counts the request
 * as done when another member leads. So a controller that dies in between neither forgets the request nor repeats it.
 */
export function switchoverRequestOf(seen: Observation): SwitchoverRequest | undefined {
  const before = seen.own.status?.handled?.switchover;
  const request = seen.own.annotations[SWITCHOVER]?.slice(0, LONGEST) ?? '';
  if (before?.request === request) return progress(before, seen.leader?.member);
  const switchover = request === '' ? undefined : takeUp(seen, request);
  return switchover ?? (before && takenBack(before));
}

/** The request under way: noted in the stored status, still in the annotation, and not done. */
export function switchoverRequestUnderWay(seen: Observation): SwitchoverRequest | undefined {
  const noted = seen.own.status?.handled?.switchover;
  const switchover = switchoverRequestOf(seen);
  return noted?.from !== undefined && switchover?.from === noted.from && switchover.request === noted.request
    ? switchover
    : undefined;
}
