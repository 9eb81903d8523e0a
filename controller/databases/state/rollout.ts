import { holdsOldPassword } from '../../credentials/rotation.ts';
import { oncePerMoment } from '../../runtime/once.ts';
import type { MemberPod, Observation } from '../observation.ts';
import { primaryOf } from './members.ts';
import { isAskedToRestart } from './restart-request.ts';

/** Whether the StatefulSet controller has processed the present template. */
function knowsRevision({ workload }: Observation): boolean {
  return workload?.updateRevision !== undefined && workload.observedGeneration >= workload.generation;
}

/** Whether a pod was created from an older template. */
export function isOutdated(seen: Observation, { revision }: MemberPod): boolean {
  return knowsRevision(seen) && revision !== undefined && revision !== seen.workload?.updateRevision;
}

/** Whether a member holds system passwords from before a rotation: as a standby it then gets no new connection to any primary. */
export function isLeftBehind({ credentials }: Observation, { server }: MemberPod, now: Date): boolean {
  return server?.startedAt !== undefined && holdsOldPassword(server.startedAt, credentials?.membersSince, now);
}

/** Whether a member must be recreated. */
export function needsNewPod(seen: Observation, pod: MemberPod, now: Date): boolean {
  return isOutdated(seen, pod) || isLeftBehind(seen, pod, now) || isAskedToRestart(seen, pod);
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

/** Whether a pending restart helps a member now: a standby lowers a value only after its primary. */
export function needsRestart(seen: Observation, pod: MemberPod): boolean {
  if (pod.report?.pendingRestart !== true) return false;
  const primary = primaryOf(seen);
  return pod === primary || !waitsForPrimary(pod) || primary?.report?.pendingRestart === false;
}

/** Members that still must be recreated or restarted, highest ordinal first. */
export const membersToRoll = oncePerMoment((seen: Observation, now: Date): readonly MemberPod[] => {
  const rolling = seen.pods.filter((pod) => needsNewPod(seen, pod, now) || pod.report?.pendingRestart === true);
  return rolling.sort((a, b) => b.ordinal - a.ordinal);
});
