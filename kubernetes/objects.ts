/** A kind of object, as the API server serves it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Which object of a kind. */
export interface ObjectName {
  /** Absent for kinds that are not namespaced. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** Metadata as the API server gives it; all but the name may be absent in what is sent. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  /** Opaque, but for `isNewer`. */
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFields[];
}

/** Who set fields of an object, how, and which. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly fieldsV1?: unknown;
}

/** Whom the garbage collector deletes an object with. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Any object; the items of a list may lack `apiVersion` and `kind`. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** `namespace/name`; the name alone without a namespace. */
export function keyOf({ namespace, name }: ObjectName): string {
  if (namespace === undefined || namespace === '') return name;
  // A template's result stays a pair of its parts, which takes 32 bytes more for each key that is kept.
  return [namespace, name].join('/');
}

/** The name that a key was made of. */
export function nameOf(key: string): ObjectName {
  const slash = key.indexOf('/');
  return slash === -1 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

const DECIMAL = /^(0|[1-9]\d*)$/;

/**
 * Whether a resourceVersion is later than another of the same kind. They are compared as decimal numbers, which Kubernetes
 * promises since 1.35 (KEP-5504) and etcd's revisions have always been. Where they are not decimal any other version is
 * later: nothing is then taken for a replay.
 */
export function isNewer(version: string, than: string): boolean {
  if (!DECIMAL.test(version) || !DECIMAL.test(than)) return version !== than;
  return version.length === than.length ? version > than : version.length > than.length;
}
