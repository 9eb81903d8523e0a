import { PROTECTED_LABEL } from '../../database/vocabulary.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { NamespaceGuard } from '../databases/namespace-guard.ts';
import type { StorageClassSeen } from '../databases/observation.ts';

/** The stored part of a cluster-scoped object. */
export interface ClusterObjectProjection {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** The stored part of a namespace. */
export interface NamespaceProjection extends ClusterObjectProjection {
  readonly guard: NamespaceGuard;
}

/** The stored part of a storage class. */
export type StorageClassProjection = ClusterObjectProjection & StorageClassSeen;

function keptOf({ metadata: { uid = '', resourceVersion = '' } }: KubernetesObject): ClusterObjectProjection {
  return { uid, resourceVersion };
}

const GUARDS: ReadonlySet<unknown> = new Set<NamespaceGuard>(['true', 'data']);

/** Projects a namespace to its identity and what guards it. */
export function projectNamespace(raw: KubernetesObject): NamespaceProjection {
  const label = raw.metadata.labels?.[PROTECTED_LABEL];
  return { ...keptOf(raw), guard: GUARDS.has(label) ? (label as NamespaceGuard) : 'none' };
}

/** Projects a storage class to its identity and whether its volumes can grow. */
export function projectStorageClass(raw: KubernetesObject): StorageClassProjection {
  return { ...keptOf(raw), expandable: raw['allowVolumeExpansion'] === true };
}
