import { DATABASE_LABEL } from '../../generator/metadata.ts';
import type { KubernetesObject } from '../kubernetes/objects.ts';
import { keyOf } from '../kubernetes/objects.ts';
import { shared } from './shared.ts';

/** What is kept of every object: which version of it was seen, and which Database it belongs to. */
export interface Kept {
  readonly uid: string;
  readonly resourceVersion: string;
  /** `namespace/name` of the Database. */
  readonly owner: string;
}

/** The objects that belong to a Database, as a label selector. */
export const OWNED = DATABASE_LABEL;

/** Identity and version of an object that carries a Database's label; undefined when it does not. */
export function keptOf({ metadata }: KubernetesObject): Kept | undefined {
  const name = metadata.labels?.[DATABASE_LABEL];
  if (name === undefined) return undefined;
  const { namespace, uid = '', resourceVersion = '' } = metadata;
  return { uid, resourceVersion, owner: shared(keyOf({ namespace, name })) };
}

/** The number at the end of a member's name or a claim's, after the name of its StatefulSet; undefined when it has none. */
export function ordinalOf(name: string, prefix: string): number | undefined {
  if (!name.startsWith(`${prefix}-`)) return undefined;
  const digits = name.slice(prefix.length + 1);
  return /^(?:0|[1-9]\d{0,3})$/.test(digits) ? Number(digits) : undefined;
}

/** Name of the Database in an owner's key. */
export function nameIn(owner: string): string {
  return owner.slice(owner.indexOf('/') + 1);
}
