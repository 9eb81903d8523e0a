import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../kubernetes/store.ts';
import type { ChildKept } from './child.ts';
import type { ConfigMapKept, Said } from './patroni.ts';
import type { PodKept } from './pod.ts';

/** When a Database is to be looked at because one of its objects changed. */
export type Urgency = 'now' | 'soon' | 'never';

type AnyKept = { readonly resourceVersion: string } & Partial<Pick<ChildKept, 'child'>> &
  Partial<Pick<PodKept, 'pod'>> &
  Pick<ConfigMapKept, 'said'>;

/** What a leader renews every few seconds without anything having happened. */
function steadySaid(said: Said | undefined): unknown {
  switch (said?.in) {
    case 'leader':
      return { ...said.leader, resourceVersion: '', renewedAt: undefined };
    case 'failover':
      return { ...said.switchover, resourceVersion: '' };
    default:
      return said;
  }
}

function steadyPod(pod: PodKept['pod'] | undefined): unknown {
  return pod && { ...pod, resourceVersion: '', patroni: pod.patroni && { ...pod.patroni, position: undefined } };
}

/** All but versions, renewals and positions, which move by themselves. */
function steady({ child, pod, said, ...rest }: AnyKept): unknown {
  const still = { ...rest, resourceVersion: '' };
  if (pod) return { ...still, pod: steadyPod(pod) };
  // The revision of what Patroni writes is its version.
  if (said) return { ...still, said: steadySaid(said) };
  return { ...still, child: child && { ...child, resourceVersion: '' } };
}

/**
 * How soon a change matters. The position in the log moves all the time while a database is written to; it is looked at
 * now and then, for how far standbys are behind.
 */
export function urgencyOf(change: Change<AnyKept>): Urgency {
  if (change.type !== 'changed') return 'now';
  const { before, after } = change;
  if (!isDeepStrictEqual(steady(before), steady(after))) return 'now';
  return before.pod?.patroni?.position === after.pod?.patroni?.position ? 'never' : 'soon';
}
