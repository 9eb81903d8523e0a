import type { Urgency } from '../runtime/loop.ts';
import { isDeepStrictEqual } from 'node:util';
import type { ObjectChange } from '../../kubernetes/store.ts';
import type { ManagedObjectProjection } from './managed-object.ts';
import type { ConfigMapProjection } from '../engines/index.ts';
import { isLeaderChange, steadyState } from '../engines/index.ts';
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

function steadyPod(pod: PodProjection['pod'] | undefined): unknown {
  return pod && { ...unversioned(pod), report: pod.report && { ...pod.report, position: undefined } };
}

/** Removes versions, renewals and positions, which change by themselves. */
function steady({ revision, pod, said, workload, claim, ...rest }: AnyKept): unknown {
  const parts = {
    pod: steadyPod(pod),
    said: steadyState(said),
    workload: unversioned(workload),
    claim: unversioned(claim),
  };
  // The revision of an object that Patroni writes is its version.
  return { ...rest, ...parts, resourceVersion: '', revision: said ? undefined : revision };
}

/** Whether writes may be failing: the leader lock was released, or a member stopped serving. */
function isAlarm(before: AnyKept, after: AnyKept): boolean {
  if (isLeaderChange(before.said, after.said)) return true;
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
  return before.pod?.report?.position === after.pod?.report?.position ? 'never' : 'soon';
}
