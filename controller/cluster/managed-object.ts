import { OWNER, SYSTEM_IDENTIFIER } from '../../database/vocabulary.ts';
import { hash } from 'node:crypto';
import type { KubernetesObject, Resource } from '../../kubernetes/objects.ts';
import type { ManagedObject } from '../databases/observation.ts';
import type { Projection } from './projection.ts';
import { projectionOf } from './projection.ts';
import { markOf } from '../databases/observe/first-contact.ts';
import { withoutAbsent } from './json-path.ts';
import { identity } from './values.ts';

/** The stored part of an object that Ballast renders. The watch knows its kind. */
export interface ManagedObjectProjection extends Projection {
  readonly name: string;
  /** The revision of the desired state, from `revisionOf`. */
  readonly revision: string;
  readonly deleting: boolean;
  /** As `ManagedObject` has it. */
  readonly mark?: string;
}

/** SHA-1 of a value, as a short fingerprint. */
export function sha1Of(value: unknown): string {
  return hash('sha1', JSON.stringify(value), 'base64url');
}

/** Fields that describe state or storage instead of the desired state. */
const NOT_ASKED_FOR: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** Removes the replicas of a StatefulSet, which are decided separately: some members may not leave yet. */
function withoutReplicas(kind: string, field: string, value: unknown): unknown {
  if (kind !== 'StatefulSet' || field !== 'spec') return value;
  return { ...(value as object), replicas: undefined };
}

/** Annotations that the controller adds to rendered objects. */
const NOTES: ReadonlySet<string> = new Set([OWNER, SYSTEM_IDENTIFIER]);

/** A fingerprint of an object's desired state: any change of labels, annotations or contents changes it, a change of status does not. */
export function revisionOf(kind: string, object: KubernetesObject): string {
  // Watched as metadata alone: Patroni writes annotations, and no other writer changes the rendered data.
  if (kind === 'ConfigMap') return identity(object.metadata.resourceVersion);
  const { labels, annotations } = object.metadata;
  const notes = Object.entries(annotations ?? {}).filter(([name]) => !NOTES.has(name));
  const asked = Object.entries(object)
    .filter(([field]) => !NOT_ASKED_FOR.has(field))
    .map(([field, value]) => [field, withoutReplicas(kind, field, value)]);
  return sha1Of([labels, notes, asked]);
}

/** The identity of an object, for decisions that name it. */
export function managedObjectOf({ kind, group, version }: Resource, kept: ManagedObjectProjection): ManagedObject {
  const { name, uid, resourceVersion, revision, deleting, mark } = kept;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return { apiVersion, kind, name, uid, resourceVersion, revision, deleting, ...withoutAbsent({ mark }) };
}

/** The stored part of an object that belongs to a Database, with its revision. */
export function managedObjectProjectionOf(
  { uid, resourceVersion, owner }: Projection,
  { metadata }: KubernetesObject,
  revision: string,
): ManagedObjectProjection {
  const { name, deletionTimestamp } = metadata;
  const deleting = deletionTimestamp !== undefined;
  const mark = markOf(metadata);
  // Written out: V8 stores additions to a spread object separately, which takes 40 bytes more.
  if (mark === undefined) return { uid, resourceVersion, owner, name, revision, deleting };
  return { uid, resourceVersion, owner, name, revision, deleting, mark };
}

/** Projects a rendered object to its identity and its revision. */
export function projectManagedObject({
  kind,
}: Resource): (raw: KubernetesObject) => ManagedObjectProjection | undefined {
  return (raw) => {
    const kept = projectionOf(raw);
    return kept && managedObjectProjectionOf(kept, raw, revisionOf(kind, raw));
  };
}
