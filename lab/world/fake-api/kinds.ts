import type { Resource } from '../../../kubernetes/objects.ts';
import { RESOURCES } from '../../../controller/resources.ts';

/** A kind as the fake serves it. */
export interface Kind extends Resource {
  /** Has a status that only its own address changes. */
  readonly hasStatus: boolean;
  readonly hasScale: boolean;
  /** Counts in `metadata.generation` what is wanted of it. */
  readonly isCounted: boolean;
  /** Is deleted with a delay while it runs on a node. */
  readonly isGraceful: boolean;
}

const WITHOUT_STATUS = new Set([
  ...['ConfigMap', 'Secret', 'ServiceAccount', 'Lease', 'Event', 'Role', 'RoleBinding', 'StorageClass'],
  ...['NetworkPolicy', 'PrometheusRule', 'ServiceMonitor'],
]);
const NOT_COUNTED = new Set(['Namespace', 'Node', 'PersistentVolumeClaim', 'Service']);
const SCALABLE = new Set(['Database', 'StatefulSet', 'Deployment']);

/** What a real API server of 1.34 does with this kind; a custom resource with status and scale when it is unknown. */
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

/** Everything that the controller knows. */
export const ALL_KINDS: readonly Kind[] = Object.values(RESOURCES).map(kindOf);

/** What tells kinds apart in addresses. */
export const idOf = ({ plural, group }: Resource): string => `${plural}.${group}`;
