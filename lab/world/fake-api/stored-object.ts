import { FIELD_MANAGER } from '../../../controller/databases/observe/first-contact.ts';
import type { KubernetesObject, ObjectMeta } from '../../../kubernetes/objects.ts';
import type { Leaves, Owners } from './fields.ts';
import { fieldsV1 } from './fields.ts';
import type { Kind } from './kinds.ts';
import { REFUSALS } from './refused.ts';

/** The whole object but its status, or its status alone. */
export type Part = 'main' | 'status';

/** Who changes what. */
export interface Change {
  readonly part: Part;
  readonly manager: string;
}

/** How an object is deleted. */
export interface Deletion {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly propagation?: string | undefined;
  readonly graceSeconds?: number | undefined;
}

/** An object, and who set which of its fields. */
export interface Stored {
  readonly object: KubernetesObject;
  readonly owners: Owners;
}

/** The fields of an object, and who set them. */
export interface Fields {
  readonly leaves: Leaves;
  readonly owners: Owners;
}

/** A copy that nobody can change, because whoever is given an object shares it. What is such already is not copied again. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map(frozen)
    : Object.fromEntries(Object.entries(value).map(([name, part]): [string, unknown] => [name, frozen(part)]));
  return Object.freeze(copy) as T;
}

/** Which fields a manager owns, as the API server tells it; of the controller alone, which reads it. */
export function fieldsOf(manager: string, paths: ReadonlySet<string>): object {
  return manager === FIELD_MANAGER ? { fieldsV1: fieldsV1(paths) } : {};
}

/** An object without some of its fields. */
export function without<T extends object>(object: T, ...names: readonly string[]): T {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))) as T;
}

/** The fields that say of which kind an object is. */
export function typeOf({ group, version, kind }: Kind): { apiVersion: string; kind: string } {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind };
}

/** What is wanted of an object: all that bumps its generation. */
export const wishOf = (object: KubernetesObject): object => without(object, 'metadata', 'status');

/** Refuses a change that names another uid or resourceVersion than the object has. */
export function checkIdentity(old: ObjectMeta, { uid, resourceVersion }: ObjectMeta): void {
  if (uid && uid !== old.uid) throw REFUSALS.conflict('another uid');
  if (resourceVersion && resourceVersion !== old.resourceVersion) throw REFUSALS.conflict('another resourceVersion');
}

/** The object with that part of what is wanted which may be changed there. */
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
