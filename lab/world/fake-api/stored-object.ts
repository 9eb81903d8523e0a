import { FIELD_MANAGER } from '../../../controller/databases/observe/first-contact.ts';
import type { KubernetesObject, ObjectMeta } from '../../../kubernetes/objects.ts';
import type { Leaves, Owners } from './fields.ts';
import { fieldsV1 } from './fields.ts';
import type { Kind } from './kinds.ts';
import { REFUSALS } from './refused.ts';

/** The whole object without its status, or its status alone. */
export type Part = 'main' | 'status';

/** The author and the part of a change. */
export interface Change {
  readonly part: Part;
  readonly manager: string;
}

/** The options of a deletion. */
export interface Deletion {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly propagation?: string | undefined;
  readonly graceSeconds?: number | undefined;
}

/** An object, with the owners of its fields. */
export interface Stored {
  readonly object: KubernetesObject;
  readonly owners: Owners;
}

/** The fields of an object, with their owners. */
export interface Fields {
  readonly leaves: Leaves;
  readonly owners: Owners;
}

/** A frozen copy, because all callers share it. A frozen value is not copied again. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map(frozen)
    : Object.fromEntries(Object.entries(value).map(([name, part]): [string, unknown] => [name, frozen(part)]));
  return Object.freeze(copy) as T;
}

/** The fields of a manager, as the API server reports them; only those of the controller, which reads them. */
export function fieldsOf(manager: string, paths: ReadonlySet<string>): object {
  return manager === FIELD_MANAGER ? { fieldsV1: fieldsV1(paths) } : {};
}

/** An object without some of its fields. */
export function without<T extends object>(object: T, ...names: readonly string[]): T {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))) as T;
}

/** The fields that identify an object's kind. */
export function typeOf({ group, version, kind }: Kind): { apiVersion: string; kind: string } {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind };
}

/** The desired state of an object: its changes raise the generation. */
export const wishOf = (object: KubernetesObject): object => without(object, 'metadata', 'status');

/** Refuses a change that names another uid or resourceVersion than the object has. */
export function checkIdentity(old: ObjectMeta, { uid, resourceVersion }: ObjectMeta): void {
  if (uid && uid !== old.uid) throw REFUSALS.conflict('another uid');
  if (resourceVersion && resourceVersion !== old.resourceVersion) throw REFUSALS.conflict('another resourceVersion');
}

/** The object with the changeable part of a new desired state. */
export function combine(kind: Kind, old: KubernetesObject, wanted: KubernetesObject, part: Part): KubernetesObject {
  if (part === 'status') return { ...old, status: wanted['status'] };
  const { uid, creationTimestamp, generation, deletionTimestamp, namespace, resourceVersion } = old.metadata;
  const kept = { uid, creationTimestamp, generation, deletionTimestamp, namespace, resourceVersion };
  const present = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  const fixed = without(wanted.metadata, ...Object.keys(kept), 'managedFields');
  const metadata = { ...fixed, name: old.metadata.name, ...present, ...managed(old) };
  const main = kind.hasStatus ? without(wanted, 'status') : wanted;
  const status = kind.hasStatus && old['status'] !== undefined ? { status: old['status'] } : {};
  return { ...main, ...typeOf(kind), metadata, ...status };
}

function managed(object: KubernetesObject): object {
  return { managedFields: (object.metadata as { managedFields?: unknown }).managedFields };
}
