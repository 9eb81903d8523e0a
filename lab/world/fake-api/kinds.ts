import type { Resource } from '../../../kubernetes/objects.ts';
import { RESOURCES } from '../../../controller/resources.ts';

/** A kind as the fake serves it. */
export interface Kind extends Resource {
  /** Whether it has a status subresource. */
  readonly hasStatus: boolean;
  readonly hasScale: boolean;
  /** Whether `metadata.generation` counts changes of its desired state. */
  readonly isCounted: boolean;
  /** Whether its deletion is delayed while it runs on a node. */
  readonly isGraceful: boolean;
}

const WITHOUT_STATUS = new Set([
  ...['ConfigMap', 'Secret', 'ServiceAccount', 'Lease', 'Event', 'Role', 'RoleBinding', 'StorageClass'],
  ...['NetworkPolicy', 'PrometheusRule', 'ServiceMonitor'],
]);
const NOT_COUNTED = new Set(['Namespace', 'Node', 'PersistentVolumeClaim', 'Service']);
const SCALABLE = new Set(['Database', 'StatefulSet', 'Deployment']);

/** The behaviour of a real API server 1.34 for this kind; an unknown kind is a custom resource with status and scale. */
export function kindOf(resource: Resource): Kind {
  const { kind } = resource;
  const hasStatus = !WITHOUT_STATUS.has(kind);
  return {
    ...resource,
    hasStatus,
    hasScale: SCALABLE.has(kind),
    isCounted: hasStatus && !NOT_COUNTED.has(kind),
    isGraceful: kind === 'Pod',
  };
}

/** All kinds that the controller uses. */
export const ALL_KINDS: readonly Kind[] = Object.values(RESOURCES).map(kindOf);

/** The identity of a kind in addresses. */
export const idOf = ({ plural, group }: Resource): string => `${plural}.${group}`;
