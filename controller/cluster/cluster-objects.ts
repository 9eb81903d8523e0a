import { PROTECTED_LABEL } from '../../database/vocabulary.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { StorageClassSeen } from '../databases/observation.ts';

/** The stored part of a cluster-scoped object. */
export interface ClusterObjectProjection {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** The stored part of a namespace. */
export interface NamespaceProjection extends ClusterObjectProjection {
  readonly isProtected: boolean;
}

/** The stored part of a storage class. */
export type StorageClassProjection = ClusterObjectProjection & StorageClassSeen;

function keptOf({ metadata: { uid = '', resourceVersion = '' } }: KubernetesObject): ClusterObjectProjection {
  return { uid, resourceVersion };
}

/** Projects a namespace to its identity and whether it is protected. */
export function projectNamespace(raw: KubernetesObject): NamespaceProjection {
  return { ...keptOf(raw), isProtected: raw.metadata.labels?.[PROTECTED_LABEL] === 'true' };
}

/** Projects a storage class to its identity and whether its volumes can grow. */
export function projectStorageClass(raw: KubernetesObject): StorageClassProjection {
  return { ...keptOf(raw), expandable: raw['allowVolumeExpansion'] === true };
}
