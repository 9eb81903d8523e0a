import { RESTART } from '../../../database/vocabulary.ts';
import type { DatabaseStatus } from '../../../database/types.ts';
import type { MemberPod, Observation } from '../observation.ts';

/** The memory of a request for a restart. The request is under way while `pods` is set. */
type RestartRequest = NonNullable<NonNullable<DatabaseStatus['handled']>['restart']>;

const LONGEST = 1024;

const requestIn = ({ own }: Observation): string => own.annotations[RESTART]?.slice(0, LONGEST) ?? '';

function waitingFor(request: string, uids: readonly string[]): RestartRequest {
  return { request, ...(uids.length > 0 && { pods: [...uids] }) };
}

/**
 * The request in the annotation, with its progress. The controller notes the pods that exist when it takes the request up, and counts the
 * request as done when none of them is left. So neither a controller that dies in between nor clocks that differ restart a member twice.
 */
export function restartRequestOf(seen: Observation): RestartRequest | undefined {
  const before = seen.own.status?.handled?.restart;
  const request = requestIn(seen);
  if (request === '') return before && waitingFor(before.request ?? '', []);
  const present = seen.pods.map(({ uid }) => uid);
  if (before?.request !== request) return waitingFor(request, present);
  const left = before.pods ?? [];
  return waitingFor(
    request,
    left.filter((uid) => present.includes(uid)),
  );
}

/** Whether a member must be recreated for a request that the status holds already, and that has not been taken back. */
export function isAskedToRestart(seen: Observation, { uid }: MemberPod): boolean {
  const noted = seen.own.status?.handled?.restart;
  return noted?.request === requestIn(seen) && noted.pods?.includes(uid) === true;
}
