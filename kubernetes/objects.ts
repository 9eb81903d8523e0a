/** A kind of object, as the API server serves it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** The namespace and name of an object. */
export interface ObjectName {
  /** Absent for kinds that are not namespaced. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** Metadata as the API server returns them; in requests all but the name may be absent. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  /** Opaque; only `isNewer` compares versions. */
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

/** The fields that one manager owns, and by which operation. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly fieldsV1?: unknown;
}

/** An owner, with which the garbage collector deletes an object. */
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

/** `namespace/name`, or the name alone for a cluster-scoped object. */
export function keyOf({ namespace, name }: ObjectName): string {
  if (namespace === undefined || namespace === '') return name;
  // A template literal would stay a rope of its parts, which takes 32 bytes more for each stored key.
  return [namespace, name].join('/');
}

/** The name that `keyOf` turned into this key. */
export function nameOf(key: string): ObjectName {
  const slash = key.indexOf('/');
  return slash === -1 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

const DECIMAL = /^(0|[1-9]\d*)$/;

/**
 * Whether a resourceVersion is later than another of the same kind. Versions are compared as decimal numbers, which Kubernetes promises
 * since 1.35 (KEP-5504) and etcd's revisions have always been. When they are not decimal, any different version counts as later: no event
 * is then taken for a replay.
 */
export function isNewer(version: string, than: string): boolean {
  if (!DECIMAL.test(version) || !DECIMAL.test(than)) return version !== than;
  return version.length === than.length ? version > than : version.length > than.length;
}
