import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { ObjectsByHand } from './fake-api/objects-by-hand.ts';

/** A part of an object that tests read and write. */
export type Plain = Record<string, unknown>;

/** A mapping in an object; empty when absent. */
export function part(object: KubernetesObject | Plain | undefined, ...path: readonly string[]): Plain {
  const found = path.reduce<unknown>((value, field) => (value as Plain | undefined)?.[field], object);
  return (found ?? {}) as Plain;
}

/** Changes labels and annotations of an object; null removes one. */
export function annotate(
  objects: ObjectsByHand,
  kind: string,
  key: string,
  { labels = {}, annotations = {} }: { labels?: Plain; annotations?: Plain },
): void {
  const { labels: oldLabels, annotations: oldAnnotations } = objects.get(kind, key)?.metadata ?? {};
  // Most rounds repeat the present values.
  if (holds(oldLabels, labels) && holds(oldAnnotations, annotations)) return;
  objects.change(kind, key, (old) => ({
    ...old,
    metadata: {
      ...old.metadata,
      labels: merged(old.metadata.labels, labels),
      annotations: merged(old.metadata.annotations, annotations),
    },
  }));
}

function holds(old: Readonly<Record<string, string>> = {}, changes: Plain): boolean {
  return Object.entries(changes).every(([name, value]) => (value ?? undefined) === (old[name] ?? undefined));
}

function merged(old: Readonly<Record<string, string>> = {}, changes: Plain): Record<string, string> {
  const entries = Object.entries({ ...old, ...changes }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** Sets fields of an object's status. */
export function setStatus(objects: ObjectsByHand, kind: string, key: string, status: Plain): void {
  objects.change(kind, key, (old) => ({ ...old, status: { ...part(old, 'status'), ...status } }));
}

/** Whether an object has another one among its owners. */
export function isOwnedBy({ metadata }: KubernetesObject, owner: KubernetesObject): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false;
}
