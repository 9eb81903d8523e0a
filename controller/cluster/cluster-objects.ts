import { PROTECTED_LABEL } from '../../database/vocabulary.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { StorageClassSeen } from '../databases/observation.ts';

/** What is kept of an object of the cluster. */
export interface ClusterObjectProjection {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** What is kept of a namespace. */
export interface NamespaceProjection extends ClusterObjectProjection {
  readonly isProtected: boolean;
}

/** What is kept of a storage class. */
export type StorageClassProjection = ClusterObjectProjection & StorageClassSeen;

function keptOf({ metadata: { uid = '', resourceVersion = '' } }: KubernetesObject): ClusterObjectProjection {
  return { uid, resourceVersion };
}

/** Keeps whether a namespace is protected. */
export function projectNamespace(raw: KubernetesObject): NamespaceProjection {
  return { ...keptOf(raw), isProtected: raw.metadata.labels?.[PROTECTED_LABEL] === 'true' };
}

/** Keeps whether volumes of a class can grow. */
export function projectStorageClass(raw: KubernetesObject): StorageClassProjection {
  return { ...keptOf(raw), expandable: raw['allowVolumeExpansion'] === true };
}
