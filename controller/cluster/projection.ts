import { DATABASE_LABEL } from '../../database/vocabulary.ts';
import { names, patroniConfigMapOf } from '../../generator/names.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import { intern } from './intern.ts';
import { identity, objectName, ordinalOf } from './values.ts';

/** The stored part of every object: its version and its Database. */
export interface Projection {
  readonly uid: string;
  readonly resourceVersion: string;
  /** `namespace/name` of the Database. */
  readonly owner: string;
  /** Which parts were too large to store, in words; absent when none was. */
  readonly cut?: string;
}

/** Selects the objects that belong to a Database. */
export const OWNED_SELECTOR = DATABASE_LABEL;

/** Key of the Database in an object's label; undefined without the label. */
export function ownerOf({ metadata }: KubernetesObject): string | undefined {
  const name = objectName(metadata.labels?.[DATABASE_LABEL]);
  return name === undefined ? undefined : keyOf({ namespace: metadata.namespace, name });
}

/** The functions that name a Database's objects; those with an ordinal name members and claims. */
const MAKERS = Object.values<(name: string, ordinal: number) => string>(names);
const SINGLE = MAKERS.filter((make) => make.length < 2);

/** Whether Ballast or Patroni gives this name to an object of the Database: the number of such names is bounded. */
function isNamedFor(database: string, name: string): boolean {
  if (SINGLE.some((make) => make(database, 0) === name)) return true;
  if (patroniConfigMapOf(database, name)) return true;
  return [names.member, names.claim].some((make) => ordinalOf(name, make(database, 0).slice(0, -2)) !== undefined);
}

/** Identity and version of an object that belongs to a Database by label and name; undefined for all others. */
export function projectionOf(raw: KubernetesObject): Projection | undefined {
  const owner = ownerOf(raw);
  if (owner === undefined || !isNamedFor(nameIn(owner), raw.metadata.name)) return undefined;
  const { uid, resourceVersion } = raw.metadata;
  return { uid: identity(uid), resourceVersion: identity(resourceVersion), owner: intern(owner) };
}

/** Name of the Database in an owner's key. */
export function nameIn(owner: string): string {
  return owner.slice(owner.indexOf('/') + 1);
}
