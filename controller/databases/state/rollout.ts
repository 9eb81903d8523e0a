import { holdsOldPassword } from '../../credentials/rotation.ts';
import { isFollowed } from '../../../policies/parameters/followed.ts';
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

/** Whether a restart waits for nothing but lower values of settings in which a standby follows its primary. */
function onlyLowers({ patroni }: MemberPod): boolean {
  const waiting = patroni?.waiting ?? [];
  const lowers = waiting.every(({ name, runs, wanted }) => isFollowed(name) && Number(wanted) < Number(runs));
  return lowers && waiting.length > 0;
}

/** Whether a restart waits for a lower value of such a setting, among others. */
export function lowersAny({ patroni }: MemberPod): boolean {
  return (patroni?.waiting ?? []).some(({ name, runs, wanted }) => isFollowed(name) && Number(wanted) < Number(runs));
}

/** Whether a restart is pending that does a member good now: a standby comes down only after its primary. */
export function needsRestart(seen: Observation, pod: MemberPod): boolean {
  if (pod.patroni?.pendingRestart !== true) return false;
  const primary = primaryOf(seen);
  return pod === primary || !onlyLowers(pod) || primary?.patroni?.pendingRestart === false;
}

/** Members that are still to be recreated or to be restarted, highest ordinal first. */
export const membersToRoll = oncePerMoment((seen: Observation, now: Date): readonly MemberPod[] => {
  const rolling = seen.pods.filter((pod) => needsNewPod(seen, pod, now) || pod.patroni?.pendingRestart === true);
  return rolling.sort((a, b) => b.ordinal - a.ordinal);
});
