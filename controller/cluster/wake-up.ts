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

/** All but versions, renewals and positions, which move by themselves. */
function steady({ revision, pod, said, workload, claim, ...rest }: AnyKept): unknown {
  const parts = {
    pod: steadyPod(pod),
    said: steadyState(said),
    workload: unversioned(workload),
    claim: unversioned(claim),
  };
  // The revision of what Patroni writes is its version.
  return { ...rest, ...parts, resourceVersion: '', revision: said ? undefined : revision };
}

/** Whether writes may be failing: the lock went, or a member that served does not. */
function isAlarm(before: AnyKept, after: AnyKept): boolean {
  if (isLeaderChange(before.said, after.said)) return true;
  const [was, is] = [before.pod, after.pod];
  if (!was || !is) return false;
  return (was.ready && !is.ready) || (was.server?.state === 'running' && is.server?.state !== 'running');
}

/**
 * How soon a change matters. The position in the log moves all the time while a database is written to; it is looked at
 * now and then, for how far standbys are behind.
 */
export function urgencyOf(change: ObjectChange<AnyKept>): Urgency | 'never' {
  if (change.type === 'deleted' && change.before.pod) return 'first';
  if (change.type !== 'changed') return 'now';
  const { before, after } = change;
  if (isAlarm(before, after)) return 'first';
  if (!isDeepStrictEqual(steady(before), steady(after))) return 'now';
  return before.pod?.report?.position === after.pod?.report?.position ? 'never' : 'soon';
}
