import type { Urgency } from '../runtime/loop.ts';
import { isDeepStrictEqual } from 'node:util';
import type { ObjectChange } from '../../kubernetes/store.ts';
import type { ManagedObjectProjection } from './managed-object.ts';
import type { ConfigMapProjection, PatroniObject } from './patroni.ts';
import type { PodProjection } from './pod.ts';
import type { ClaimProjection, StatefulSetProjection } from './workload.ts';

type AnyKept = { readonly resourceVersion: string } & Partial<
  Pick<ManagedObjectProjection, 'revision'> &
    Pick<PodProjection, 'pod'> &
    Pick<StatefulSetProjection, 'workload'> &
    Pick<ClaimProjection, 'claim'>
> &
  Pick<ConfigMapProjection, 'said'>;

function unversioned<T extends object>(seen: T | undefined): T | undefined {
  return seen && { ...seen, resourceVersion: '' };
}

/** Removes the fields that a leader renews every few seconds without an event. */
function steadySaid(said: PatroniObject | undefined): unknown {
  switch (said?.in) {
    case 'leader':
      return { ...unversioned(said.leader), renewedAt: undefined };
    case 'failover':
      return unversioned(said.switchover);
    default:
      return said;
  }
}

function steadyPod(pod: PodProjection['pod'] | undefined): unknown {
  return pod && { ...unversioned(pod), patroni: pod.patroni && { ...pod.patroni, position: undefined } };
}

/** Removes versions, renewals and positions, which change by themselves. */
function steady({ revision, pod, said, workload, claim, ...rest }: AnyKept): unknown {
  const parts = {
    pod: steadyPod(pod),
    said: steadySaid(said),
    workload: unversioned(workload),
    claim: unversioned(claim),
  };
  // The revision of an object that Patroni writes is its version.
  return { ...rest, ...parts, resourceVersion: '', revision: said ? undefined : revision };
}

/** Whether writes may be failing: the leader lock was released, or a member stopped serving. */
function isAlarm(before: AnyKept, after: AnyKept): boolean {
  const [held, holds] = [before.said, after.said];
  if (held?.in === 'leader' && holds?.in === 'leader') return held.leader.member !== holds.leader.member;
  const [was, is] = [before.pod, after.pod];
  if (!was || !is) return false;
  return (was.ready && !is.ready) || (was.server?.state === 'running' && is.server?.state !== 'running');
}

/** How urgent a change is. The WAL position moves all the time while clients write; it is read at intervals, for the lag of standbys. */
export function urgencyOf(change: ObjectChange<AnyKept>): Urgency | 'never' {
  if (change.type === 'deleted' && change.before.pod) return 'first';
  if (change.type !== 'changed') return 'now';
  const { before, after } = change;
  if (isAlarm(before, after)) return 'first';
  if (!isDeepStrictEqual(steady(before), steady(after))) return 'now';
  return before.pod?.patroni?.position === after.pod?.patroni?.position ? 'never' : 'soon';
}
