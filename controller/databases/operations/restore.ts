import { names, patroniConfigMapOf } from '../../../generator/names.ts';
import { objectToDelete } from '../concerns/managed-objects.ts';
import type { Choice, Do } from '../concerns/concern.ts';
import { firstOf } from '../concerns/concern.ts';
import { nameOf } from '../state/database.ts';
import { canWrite, primaryOf } from '../state/members.ts';
import { hasEnded, restoreToBegin, resultOf } from '../state/restores.ts';
import type { MemberPod, Observation } from '../observation.ts';
import type { RestoreRequest } from '../observed-backups.ts';
import type { Operation } from './operation.ts';

/** Members that have not stopped by then stop for another reason than their number. */
const STOPPED_MS = 600_000;
const LOOK_SECONDS = 30;

type Request = RestoreRequest;

/** A row that acts while the request is in this state. */
function during(
  state: Request['state'],
  choose: (seen: Observation, request: Request, now: Date) => Choice | undefined,
): (seen: Observation, now: Date) => Choice | undefined {
  return (seen, now) => {
    const { restoreRequest: request } = seen;
    return request?.state === state ? choose(seen, request, now) : undefined;
  };
}

const wait = (because: string): Choice => ({ because, stops: true, seconds: LOOK_SECONDS });

function ask(seen: Observation): Choice | undefined {
  const [restore, primary] = [restoreToBegin(seen), primaryOf(seen)];
  if (seen.restoreRequest || !restore || !primary) return undefined;
  return {
    step: { do: 'request-restore', restore: restore.name, member: primary.name },
    because: `${restore.name} puts the data back, and the present ones are backed up`,
  };
}

const isHeld = ({ id }: Request, { restores }: MemberPod): boolean => restores?.held === id;

/** Whether a pod is older than the request, so that it did not ask for it when it started; both times are whole seconds. */
const isOld = ({ createdAt }: Request, pod: MemberPod): boolean => pod.createdAt <= createdAt;

/** Why the restore is not begun after all; nothing of the data has been touched yet. */
function obstacle(seen: Observation, request: Request, now: Date): string | undefined {
  const restore = seen.restores.find(({ name }) => name === request.restore);
  if (!restore || restore.deleting) return 'the DatabaseRestore was deleted before the members had stopped';
  if (restore.id !== request.id) return 'the DatabaseRestore was changed before the members had stopped';
  const deaf = seen.pods.find((pod) => !isOld(request, pod) && !isHeld(request, pod) && pod.report?.runs === true);
  if (deaf)
    return `${deaf.name} started without asking for the restore: its image or its Role are of an earlier version`;
  if (now.getTime() - request.createdAt.getTime() < STOPPED_MS) return undefined;
  const late = seen.pods.find((pod) => !isHeld(request, pod));
  return late
    ? `${late.name} did not stop and wait in time`
    : 'the members waited, and the restore could not begin in time';
}

function giveUp(seen: Observation, request: Request, now: Date): Choice | undefined {
  const failure = obstacle(seen, request, now);
  return failure === undefined
    ? undefined
    : { step: { do: 'advance-restore', state: 'follow', failure }, because: `the restore is given up: ${failure}` };
}

function stop({ name, uid, resourceVersion }: MemberPod): Do {
  return { step: { do: 'stop-member', pod: name, uid, resourceVersion }, because: `${name} stops for the restore` };
}

/** Stops the standbys first: the primary, which restores, then has every write, and nobody takes over from it. */
function stopMembers(seen: Observation, request: Request): Choice | undefined {
  const running = seen.pods.filter((pod) => !isHeld(request, pod));
  const standbys = running.filter(({ name }) => name !== request.member);
  const group = standbys.length > 0 ? standbys : running;
  const old = group.filter((pod) => isOld(request, pod) && !pod.deleting);
  const step = firstOf(seen, old.map(stop));
  if (step) return step;
  const missing = (seen.workload?.replicas ?? 0) - seen.pods.length;
  if (running.length === 0 && missing <= 0) return undefined;
  const who = running.length > 0 ? running.map(({ name }) => name).join(', ') : `${missing} members`;
  return wait(`${who} stop, and wait for the restore`);
}

/** The leader's position, the synchronous standbys and a switchover are those of the former data; Patroni would refuse to lead with others. */
const FORMER_STATE: ReadonlySet<string | undefined> = new Set(['leader', 'sync', 'failover']);

function forgetState(seen: Observation): Choice | undefined {
  const former = seen.children.filter(
    ({ kind, name }) => kind === 'ConfigMap' && FORMER_STATE.has(patroniConfigMapOf(nameOf(seen), name)),
  );
  const because = 'it describes the data from before the restore';
  const steps = former
    .filter(({ deleting }) => !deleting)
    .map((child): Do => ({
      step: { do: 'delete', object: objectToDelete(child) },
      because: `${child.name}: ${because}`,
    }));
  return firstOf(seen, steps) ?? (former.length > 0 ? wait("Patroni's former state goes") : undefined);
}

function begin(_: Observation, { member }: Request): Choice {
  return { step: { do: 'advance-restore', state: 'restore' }, because: `all members wait, and ${member} restores` };
}

/** Waits for the member that restores, and until it leads: with the restored data, or with those from before. */
function awaitResult(seen: Observation, request: Request): Choice {
  const { member } = request;
  const result = resultOf(seen, request);
  if (!result) return wait(`${member} restores`);
  const { state, reason = 'the member gave no reason' } = result;
  const data = state === 'restored' ? 'the restored data' : 'the data from before';
  if (primaryOf(seen)?.name !== member || !canWrite(seen)) return wait(`${member} starts with ${data}`);
  const failure = state === 'failed' ? { failure: reason } : {};
  return {
    step: { do: 'advance-restore', state: 'follow', ...failure },
    because: `${member} takes writes with ${data}, and the others follow it`,
  };
}

/** Deletes the request once the DatabaseRestore says how it ended: it is the last to know. */
function end(seen: Observation, request: Request): Choice {
  const restore = seen.restores.find(({ name }) => name === request.restore);
  if (restore && !hasEnded(restore)) return wait(`${request.restore} does not say yet how it ended`);
  const { uid, resourceVersion } = request;
  const object = { apiVersion: 'v1', kind: 'ConfigMap', name: names.restore(nameOf(seen)), uid, resourceVersion };
  return { step: { do: 'end-restore', object }, because: 'the restore has ended' };
}

/** A restore in place. It ends by itself, whatever becomes of its DatabaseRestore: members that are held must be let go. */
export const restore: Operation = {
  name: 'restore',
  title: 'the restore',
  isWanted: (seen) => seen.restoreRequest !== undefined || restoreToBegin(seen) !== undefined,
  gates: [],
  way: [
    {
      name: 'the members have not been asked to wait',
      why: 'whoever starts from here on waits: the request stands before the first one stops',
      choose: ask,
      whenRefused: 'hold',
    },
    {
      name: 'the members do not come to wait, or nobody wants the restore any more',
      why: 'until all wait, giving up costs nothing but the restarts',
      choose: during('hold', giveUp),
      whenRefused: 'hold',
    },
    {
      name: 'members run',
      why: 'standbys first, so that the primary has every write when it stops',
      choose: during('hold', stopMembers),
      whenRefused: 'hold',
    },
    {
      name: "Patroni's state is that of the former data",
      why: 'after nobody runs who writes it; the system identifier and the configuration stay',
      choose: during('hold', forgetState),
      whenRefused: 'hold',
    },
    {
      name: 'all members wait',
      why: 'from here on the member decides: it cannot be called back',
      choose: during('hold', begin),
      whenRefused: 'hold',
    },
    {
      name: 'the member restores, and leads',
      why: 'before the others start: none of them may lead with the former data',
      choose: during('restore', awaitResult),
      whenRefused: 'hold',
    },
    {
      name: 'the request stands',
      why: 'last: with it the result would be lost',
      choose: during('follow', end),
      whenRefused: 'hold',
    },
  ],
};
