import { canConfigure, isConfigurationTakenUp } from '../state/configuration.ts';
import { isInvalid, isPaused } from '../state/database.ts';
import { isServing, primaryOf, firstUnhealthy } from '../state/members.ts';
import {
  isLeftBehind,
  isOutdated,
  startsAtPrimary,
  membersToRoll,
  needsNewPod,
  needsRestart,
} from '../state/rollout.ts';
import { isAskedToRestart } from '../state/restart-request.ts';
import type { MemberPod, Observation } from '../observation.ts';
import type { Choice, Do, Wait } from './concern.ts';

/** A member that is not ready for this long does not become ready by itself. */
const BROKEN_MS = 30_000;

/** Until then the members do not report which settings wait for a restart. */
const TAKING_UP: Wait = { because: 'the members take up the new configuration', seconds: 5 };

function isBroken({ ready, deleting, readyChangedAt, server }: MemberPod, now: Date): boolean {
  if (ready || deleting) return false;
  if (server?.state !== 'running') return true;
  return readyChangedAt !== undefined && now.getTime() - readyChangedAt.getTime() >= BROKEN_MS;
}

function whyNew(seen: Observation, pod: MemberPod): string {
  if (isOutdated(seen, pod)) return 'is of an older template';
  return isAskedToRestart(seen, pod) ? 'is to restart on request' : 'holds passwords from before the rotation';
}

function renew({ name, uid, resourceVersion }: MemberPod, why: string): Do {
  return { step: { do: 'delete-pod', pod: name, uid, resourceVersion }, because: `${name} is recreated: ${why}` };
}

/** Whether a member has lost its primary, and cannot follow another with the password that it knows. */
function isLockedOut(seen: Observation, pod: MemberPod, now: Date): boolean {
  return !pod.ready && !pod.deleting && isLeftBehind(seen, pod, now);
}

/**
 * Recreates a member of an older template that does not serve, whatever the state of the others: so a change that broke it can be
 * reverted. This includes a member that cannot log in any more. The holder of the leader lock is recreated only when no serving member
 * could take over.
 */
export function replaceBroken(seen: Observation, now: Date): Choice | undefined {
  if (!seen.control.replication || isPaused(seen)) return undefined;
  const holder = primaryOf(seen);
  const pod = seen.pods
    .filter((one) => (isBroken(one, now) && isOutdated(seen, one)) || isLockedOut(seen, one, now))
    .sort((a, b) => b.ordinal - a.ordinal)
    .find((one) => one !== holder || !seen.pods.some(isServing));
  return pod && renew(pod, `it does not serve, and ${whyNew(seen, pod)}`);
}

function restart({ name, uid }: MemberPod, role: 'primary' | 'replica'): Do {
  const step = { do: 'restart-server', pod: name, uid, role } as const;
  return { step, because: `settings of ${name} wait for a restart` };
}

/** The primary's turn, after all standbys; a switchover is left to another concern. */
function rollPrimary(seen: Observation, primary: MemberPod, now: Date): Choice {
  const alone = seen.pods.length === 1;
  if (needsNewPod(seen, primary, now)) {
    if (alone) return renew(primary, `it ${whyNew(seen, primary)}`);
  } else if (alone || startsAtPrimary(primary)) {
    return restart(primary, 'primary');
  }
  return { because: `${primary.name} is the last member to be rolled, once a standby takes over` };
}

/**
 * Brings members to the present template, and restarts those with pending settings: one member at a time, while all others serve,
 * standbys first, highest ordinal first.
 */
export function rollOut(seen: Observation, now: Date): Choice | undefined {
  const { replication } = seen.control;
  if (!replication || isInvalid(seen)) return undefined;
  const rolling = membersToRoll(seen, now);
  const takesUp = canConfigure(seen) && !isConfigurationTakenUp(seen, now);
  if (rolling.length === 0) return takesUp ? TAKING_UP : undefined;
  if (isPaused(seen))
    return { because: `${rolling.map(({ name }) => name).join(', ')} wait: ${replication.manager} is paused` };
  const trouble = firstUnhealthy(seen);
  if (trouble !== undefined) return { because: `the rollout waits: ${trouble}`, seconds: BROKEN_MS / 1000 };
  const primary = primaryOf(seen);
  const standbys = rolling.filter((pod) => pod !== primary);
  const old = standbys.find((pod) => needsNewPod(seen, pod, now));
  if (old) return renew(old, `it ${whyNew(seen, old)}`);
  if (takesUp) return TAKING_UP;
  const pending = standbys.find((pod) => needsRestart(seen, pod));
  if (pending) return restart(pending, 'replica');
  return primary && rolling.includes(primary) ? rollPrimary(seen, primary, now) : undefined;
}
