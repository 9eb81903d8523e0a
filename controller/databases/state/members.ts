import { names } from '../../../generator/names.ts';
import type { Leader, MemberPod, Observation } from '../observation.ts';
import { nameOf, wantedMembers } from './database.ts';

/** The pod that leads, alive or not. */
export function primaryOf(seen: Observation): MemberPod | undefined {
  const name = seen.control.leaderOf(seen);
  return seen.pods.find((pod) => pod.name === name);
}

/** Identifies a leadership term: the leader's name and the lock's transition count; undefined without a leader. */
export function termOf(leader: Leader | undefined): string | undefined {
  return leader?.member === undefined ? undefined : `${leader.member} ${leader.transitions}`;
}

/** Whether a member answers clients and is not being deleted. */
export function isServing({ ready, deleting }: MemberPod): boolean {
  return ready && !deleting;
}

/** Whether a member itself reports to be the primary. */
export function reportsPrimary({ report }: MemberPod): boolean {
  return report?.role === 'primary';
}

/** Whether a standby follows without a gap. */
export function isStreaming({ report }: MemberPod): boolean {
  return report?.follows === true;
}

/** Whether a member is healthy: it serves, and leads or follows without a gap. */
export function isHealthy(seen: Observation, pod: MemberPod): boolean {
  return isServing(pod) && seen.control.isInPlace(seen, pod);
}

/** Whether clients can write: there is a primary, it serves, and the Services lead to it. */
export function canWrite(seen: Observation): boolean {
  const primary = primaryOf(seen);
  return primary !== undefined && isServing(primary) && seen.control.takesWrites(primary);
}

/** Names of the wanted members. */
export function wantedNames(seen: Observation): string[] {
  return Array.from({ length: wantedMembers(seen) }, (_, ordinal) => names.member(nameOf(seen), ordinal));
}

/** Whether a member leaves because fewer are wanted. */
export function isLeaving(seen: Observation, { ordinal }: Pick<MemberPod, 'ordinal'>): boolean {
  return ordinal >= wantedMembers(seen);
}

/** Why a member does not serve, in a few words that stay the same while nothing changes. */
export function unhealthyBecause(name: string, pod: MemberPod | undefined): string {
  if (!pod) return `${name} is not there`;
  if (pod.deleting) return `${name} is stopping`;
  const reason = pod.server?.state === 'running' ? undefined : pod.server?.reason;
  if (!pod.ready) return `${name} is not ready${reason === undefined ? '' : ` (${reason})`}`;
  return `${name} does not follow yet`;
}

/** Describes the first member of the StatefulSet that is not healthy; undefined when all are. A surplus member counts too. */
export function firstUnhealthy(seen: Observation): string | undefined {
  const count = seen.workload?.replicas ?? 0;
  for (let ordinal = 0; ordinal < count; ordinal += 1) {
    const name = names.member(nameOf(seen), ordinal);
    const pod = seen.pods.find((one) => one.name === name);
    if (!pod || !isHealthy(seen, pod)) return unhealthyBecause(name, pod);
  }
  const extra = seen.pods.find(({ ordinal }) => ordinal >= count);
  return extra && `${extra.name} has not gone yet`;
}
