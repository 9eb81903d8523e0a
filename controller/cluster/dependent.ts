import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import { intern, internWords } from './intern.ts';
import { isAt, read } from './json-path.ts';
import type { Projection } from './projection.ts';
import { identity, objectName, time, whole } from './values.ts';

/** The identity of an object that names its Database in its spec: a DatabaseBackup or a DatabaseRestore. */
export interface DependentProjection extends Projection {
  readonly name: string;
  readonly namespace: string;
  readonly generation: number;
  /** Milliseconds. */
  readonly createdAt: number;
  readonly deleting: boolean;
}

/** More than every field at its longest takes, but those whose schema lets any mapping through. */
const LONGEST_SPEC = 4096;

/** Key of the Database that a DatabaseBackup or a DatabaseRestore names; undefined without a readable one. */
export function databaseNamedIn({ metadata, spec }: KubernetesObject): string | undefined {
  const name = read(objectName, spec, 'databaseRef', 'name');
  return name === undefined ? undefined : keyOf({ namespace: metadata.namespace, name });
}

/** Projects such an object to its identity; undefined without a readable name of a Database. */
export function dependentProjectionOf(raw: KubernetesObject): DependentProjection | undefined {
  const owner = databaseNamedIn(raw);
  if (owner === undefined) return undefined;
  const { metadata } = raw;
  return {
    uid: identity(metadata.uid),
    resourceVersion: identity(metadata.resourceVersion),
    owner: intern(owner),
    name: metadata.name,
    namespace: intern(metadata.namespace ?? ''),
    generation: whole(metadata.generation) ?? 0,
    createdAt: read(time, metadata, 'creationTimestamp') ?? 0,
    deleting: isAt(metadata, 'deletionTimestamp'),
  };
}

/** The spec as the API server returns it; undefined when it is too large to be one that means anything. */
export function specOf({ spec }: KubernetesObject): unknown {
  return JSON.stringify(spec).length > LONGEST_SPEC ? undefined : internWords(spec);
}
