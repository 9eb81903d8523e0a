import { holdsOldPassword } from '../../credentials/rotation.ts';
import { isFollowed } from '../../../policies/parameters/followed.ts';
import { oncePerMoment } from '../../runtime/once.ts';
import type { MemberPod, Observation } from '../observation.ts';
import { primaryOf } from './members.ts';

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
  return isOutdated(seen, pod) || isLeftBehind(seen, pod, now);
}

/** Whether a restart is pending only for lower values of settings in which a standby follows its primary. */
function onlyLowers({ patroni }: MemberPod): boolean {
  const waiting = patroni?.waiting ?? [];
  const lowers = waiting.every(({ name, runs, wanted }) => isFollowed(name) && Number(wanted) < Number(runs));
  return lowers && waiting.length > 0;
}

/** Whether a restart is pending for a lower value of such a setting, among others. */
export function lowersAny({ patroni }: MemberPod): boolean {
  return (patroni?.waiting ?? []).some(({ name, runs, wanted }) => isFollowed(name) && Number(wanted) < Number(runs));
}

/** Whether a pending restart helps a member now: a standby lowers a value only after its primary. */
export function needsRestart(seen: Observation, pod: MemberPod): boolean {
  if (pod.patroni?.pendingRestart !== true) return false;
  const primary = primaryOf(seen);
  return pod === primary || !onlyLowers(pod) || primary?.patroni?.pendingRestart === false;
}

/** Members that still must be recreated or restarted, highest ordinal first. */
export const membersToRoll = oncePerMoment((seen: Observation, now: Date): readonly MemberPod[] => {
  const rolling = seen.pods.filter((pod) => needsNewPod(seen, pod, now) || pod.patroni?.pendingRestart === true);
  return rolling.sort((a, b) => b.ordinal - a.ordinal);
});
