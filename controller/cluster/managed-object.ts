import { OWNER, SYSTEM_IDENTIFIER } from '../../database/vocabulary.ts';
import { hash } from 'node:crypto';
import type { KubernetesObject, Resource } from '../../kubernetes/objects.ts';
import type { ManagedObject } from '../databases/observation.ts';
import type { Projection } from './projection.ts';
import { projectionOf } from './projection.ts';
import { markOf } from '../databases/observe/first-contact.ts';
import { withoutAbsent } from './json-path.ts';

/** What is kept of an object that Ballast renders. Its kind is that of the watch. */
export interface ManagedObjectProjection extends Projection {
  readonly name: string;
  /** What was asked for, as `revisionOf` tells it. */
  readonly revision: string;
  readonly deleting: boolean;
  /** As `ManagedObject` has it. */
  readonly mark?: string;
}

/** A short text that differs for everything that differs. */
export function sha1Of(value: unknown): string {
  return hash('sha1', JSON.stringify(value), 'base64url');
}

/** Fields that say what happened, or how the object is stored, not what was asked for. */
const NOT_ASKED_FOR: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** The replicas of a StatefulSet are decided on apart from the rest of it: members may not leave yet. */
function withoutReplicas(kind: string, field: string, value: unknown): unknown {
  if (kind !== 'StatefulSet' || field !== 'spec') return value;
  return { ...(value as object), replicas: undefined };
}

/** What the controller notes on an object beside what is rendered. */
const NOTES: ReadonlySet<string> = new Set([OWNER, SYSTEM_IDENTIFIER]);

/**
 * What was asked for of an object as the API server holds it, in a few characters: any change of labels, annotations or
 * contents changes it, a change of status does not.
 */
export function revisionOf(kind: string, object: KubernetesObject): string {
  // Followed as metadata alone: what Patroni writes is in annotations, and what is rendered nobody else changes.
  if (kind === 'ConfigMap') return object.metadata.resourceVersion ?? '';
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

/** What is kept of an object that belongs to a Database, with its revision. */
export function managedObjectProjectionOf(
  { uid, resourceVersion, owner }: Projection,
  { metadata }: KubernetesObject,
  revision: string,
): ManagedObjectProjection {
  const { name, deletionTimestamp } = metadata;
  const deleting = deletionTimestamp !== undefined;
  const mark = markOf(metadata);
  // Spelled out: what is added to a spread object is kept beside it, which takes 40 bytes more.
  if (mark === undefined) return { uid, resourceVersion, owner, name, revision, deleting };
  return { uid, resourceVersion, owner, name, revision, deleting, mark };
}

/** Keeps of a rendered object that it is there, and what it takes to see a change of it. */
export function projectManagedObject({
  kind,
}: Resource): (raw: KubernetesObject) => ManagedObjectProjection | undefined {
  return (raw) => {
    const kept = projectionOf(raw);
    return kept && managedObjectProjectionOf(kept, raw, revisionOf(kind, raw));
  };
}
