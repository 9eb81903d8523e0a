import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { ObjectsByHand } from './fake-api/objects-by-hand.ts';

/** Part of an object, as tests read and write it. */
export type Plain = Record<string, unknown>;

/** A field of an object that is a mapping; an empty one when it is absent. */
export function part(object: KubernetesObject | Plain | undefined, ...path: readonly string[]): Plain {
  const found = path.reduce<unknown>((value, field) => (value as Plain | undefined)?.[field], object);
  return (found ?? {}) as Plain;
}

/** Changes labels and annotations of an object; null takes one away. */
export function annotate(
  objects: ObjectsByHand,
  kind: string,
  key: string,
  { labels = {}, annotations = {} }: { labels?: Plain; annotations?: Plain },
): void {
  const { labels: oldLabels, annotations: oldAnnotations } = objects.get(kind, key)?.metadata ?? {};
  // Most rounds say again what was said before.
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
