import type { Kubectl } from '../../lab/failover/kubectl.ts';
import { eachOf } from '../cli/run.ts';

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly status?: {
    readonly containerStatuses?: readonly { readonly restartCount: number }[];
    readonly conditions?: readonly { readonly type: string; readonly lastTransitionTime: string }[];
  };
}

/** A pod of a Database, and what is another one once the pod, one of its containers or its server was restarted. */
export interface Incarnation {
  readonly database: string;
  readonly pod: string;
  readonly isMember: boolean;
  readonly mark: string;
  /** Since when the kubelet calls it ready, or not ready. */
  readonly readySince: string;
}

/** The pods of the Databases of a namespace that stay up, in order. */
export async function incarnations(kubectl: Kubectl): Promise<Incarnation[]> {
  const { items } = JSON.parse(
    await kubectl.run([
      'get',
      'pods',
      '--selector=db.example.com/database',
      '--sort-by=.metadata.name',
      '--output=json',
    ]),
  ) as { items: Pod[] };
  const lasting = items.filter(({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === 'Job'));
  return eachOf(lasting, async ({ metadata: { name, uid, labels = {} }, status }) => {
    const isMember = labels['app.kubernetes.io/component'] === 'database';
    const restarts = (status?.containerStatuses ?? []).map(({ restartCount }) => restartCount);
    const started = isMember ? await kubectl.sql(name, 'SELECT pg_postmaster_start_time()') : '';
    return {
      ...{ database: labels['db.example.com/database'] ?? '', pod: name, isMember },
      mark: [uid, ...restarts, started.trim()].join(' '),
      readySince: status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '',
    };
  });
}

/** The pods among these that were restarted, or are gone, since they were looked at before. */
export function restartedSince(before: readonly Incarnation[], after: readonly Incarnation[]): Incarnation[] {
  const marks = new Map(after.map(({ pod, mark }) => [pod, mark]));
  return before.filter(({ pod, mark }) => marks.get(pod) !== mark);
}

/** The Databases of pods that the kubelet has called ready, or not ready, since: on a busy computer probes time out. */
export function flickeredSince(before: readonly Incarnation[], after: readonly Incarnation[]): ReadonlySet<string> {
  const since = new Map(after.map(({ pod, readySince }) => [pod, readySince]));
  const flickered = before.filter(({ pod, readySince }) => since.get(pod) !== readySince);
  return new Set(flickered.map(({ database }) => database));
}
