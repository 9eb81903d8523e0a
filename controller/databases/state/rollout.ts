import { holdsOldPassword } from '../../credentials/rotation.ts';
import { oncePerMoment } from '../../runtime/once.ts';
import type { MemberPod, Observation } from '../observation.ts';
import { primaryOf } from './members.ts';

/** Whether the StatefulSet's own controller has seen the template as it is now. */
function knowsRevision({ workload }: Observation): boolean {
  return workload?.updateRevision !== undefined && workload.observedGeneration >= workload.generation;
}

/** Whether a pod was made from an older template. */
export function isOutdated(seen: Observation, { revision }: MemberPod): boolean {
  return knowsRevision(seen) && revision !== undefined && revision !== seen.workload?.updateRevision;
}

/**
 * Whether a member holds system passwords from before a rotation: as a standby it then gets no new connection to any
 * primary.
 */
export function isLeftBehind({ credentials }: Observation, { server }: MemberPod, now: Date): boolean {
  return server?.startedAt !== undefined && holdsOldPassword(server.startedAt, credentials?.membersSince, now);
}

/** Whether a member has to be recreated. */
export function needsNewPod(seen: Observation, pod: MemberPod, now: Date): boolean {
  return isOutdated(seen, pod) || isLeftBehind(seen, pod, now);
}

/** Whether a restart waits for nothing but settings that a standby takes up only after its primary. */
function waitsForPrimary({ report }: MemberPod): boolean {
  const waiting = report?.waiting ?? [];
  return waiting.every(({ primaryFirst }) => primaryFirst) && waiting.length > 0;
}

/** Whether a restart waits for such a setting, among others. */
export function startsAtPrimary({ report }: MemberPod): boolean {
  return (report?.waiting ?? []).some(({ primaryFirst }) => primaryFirst);
}

/** Whether a restart is pending that does a member good now: a standby comes down only after its primary. */
export function needsRestart(seen: Observation, pod: MemberPod): boolean {
  if (pod.report?.pendingRestart !== true) return false;
  const primary = primaryOf(seen);
  return pod === primary || !waitsForPrimary(pod) || primary?.report?.pendingRestart === false;
}

/** Members that are still to be recreated or to be restarted, highest ordinal first. */
export const membersToRoll = oncePerMoment((seen: Observation, now: Date): readonly MemberPod[] => {
  const rolling = seen.pods.filter((pod) => needsNewPod(seen, pod, now) || pod.report?.pendingRestart === true);
  return rolling.sort((a, b) => b.ordinal - a.ordinal);
});
