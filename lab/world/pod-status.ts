import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { Plain } from './objects.ts';
import { part } from './objects.ts';

/** The container of a pod in which its server runs. */
const ENGINE = 'postgresql';

/** The kubelet's status of the server's container; empty before the first report. */
export function containerOf(pod: KubernetesObject): Plain {
  const { containerStatuses = [] } = part(pod, 'status') as { containerStatuses?: readonly Plain[] };
  return containerStatuses.find(({ name }) => name === ENGINE) ?? {};
}

function readyCondition(pod: KubernetesObject): Plain | undefined {
  const { conditions = [] } = part(pod, 'status') as { conditions?: readonly Plain[] };
  return conditions.find(({ type }) => type === 'Ready');
}

/** Whether the kubelet has reported a pod as ready. */
export const isReady = (pod: KubernetesObject): boolean => readyCondition(pod)?.['status'] === 'True';

/** A change of a pod's state. */
interface PodChange {
  readonly isReady: boolean;
  /** State of the server's container. */
  readonly state: Plain;
  readonly now: string;
}

/** The kubelet's status of a pod: a container that runs again after its end has one more restart. */
export function podStatus(pod: KubernetesObject, { isReady: ready, state, now }: PodChange): Plain {
  const before = containerOf(pod);
  const ended = part(before, 'state')['terminated'];
  const last = ended ?? part(before, 'lastState')['terminated'];
  const restartCount = Number(before['restartCount'] ?? 0) + (ended !== undefined && 'running' in state ? 1 : 0);
  const known = readyCondition(pod);
  const lastTransitionTime = known && isReady(pod) === ready ? known['lastTransitionTime'] : now;
  return {
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime }],
    containerStatuses: [{ name: ENGINE, state, restartCount, lastState: last ? { terminated: last } : {} }],
  };
}
