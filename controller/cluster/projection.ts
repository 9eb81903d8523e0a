import { DATABASE_LABEL } from '../../database/vocabulary.ts';
import { names, patroniConfigMapOf } from '../../generator/names.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import { intern } from './intern.ts';
import { identity, objectName, ordinalOf } from './values.ts';

/** What is kept of every object: which version of it was seen, and which Database it belongs to. */
export interface Projection {
  readonly uid: string;
  readonly resourceVersion: string;
  /** `namespace/name` of the Database. */
  readonly owner: string;
  /** What was larger than what is kept, in words; absent when nothing was. */
  readonly cut?: string;
}

/** The objects that belong to a Database, as a label selector. */
export const OWNED_SELECTOR = DATABASE_LABEL;

/** Key of the Database that an object names; undefined when it names none. */
export function ownerOf({ metadata }: KubernetesObject): string | undefined {
  const name = objectName(metadata.labels?.[DATABASE_LABEL]);
  return name === undefined ? undefined : keyOf({ namespace: metadata.namespace, name });
}

/** Names that Ballast gives to one object of a Database; those with a number are of members and claims. */
const MAKERS = Object.values<(name: string, ordinal: number) => string>(names);
const SINGLE = MAKERS.filter((make) => make.length < 2);

/** Whether an object has a name that Ballast or Patroni gives for a Database: their number is bounded. */
function isNamedFor(database: string, name: string): boolean {
  if (SINGLE.some((make) => make(database, 0) === name)) return true;
  if (patroniConfigMapOf(database, name)) return true;
  return [names.member, names.claim].some((make) => ordinalOf(name, make(database, 0).slice(0, -2)) !== undefined);
}

/** Identity and version of an object that is a Database's by its label and its name; undefined of all others. */
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
