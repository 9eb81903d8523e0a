import type { KubernetesObject } from '../../kubernetes/objects.ts';

/** Where something stands in an object; numbers are places in a list. */
export type Path = readonly (string | number)[];

/** Gives an object that notes where it is read. */
function watched(value: unknown, path: Path, read: (path: Path) => void): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const at = (field: string | symbol): Path => [...path, String(field)];
  return new Proxy(value, {
    get: (target, field) => {
      if (typeof field === 'symbol') return Reflect.get(target, field) as unknown;
      read(at(field));
      return watched(Reflect.get(target, field), at(field), read);
    },
    getOwnPropertyDescriptor: (target, field) => {
      if (typeof field === 'string') read(at(field));
      return Reflect.getOwnPropertyDescriptor(target, field);
    },
  });
}

/** Every place of an object that a projection reads, in the object or not; methods of lists and texts are none. */
export function pathsRead(object: KubernetesObject, project: (raw: KubernetesObject) => unknown): Path[] {
  const paths = new Map<string, Path>();
  const note = (path: Path): void => void paths.set(JSON.stringify(path), path);
  try {
    project(watched(structuredClone(object), [], note) as KubernetesObject);
  } catch {
    // A proxy does not pass everywhere as a plain object; the reads until then count.
  }
  const METHODS = new Set(['length', 'slice', 'map', 'flatMap', 'find', 'filter', 'constructor', 'toJSON']);
  return [...paths.values()].filter((path) => !METHODS.has(String(path.at(-1))));
}

/** The same object with another value at one place; absent parents are created. */
export function withAt(object: KubernetesObject, path: Path, value: unknown): KubernetesObject {
  const copy = structuredClone(object) as unknown as Record<string, unknown>;
  let place = copy;
  for (const step of path.slice(0, -1)) {
    const next = place[String(step)];
    if (typeof next !== 'object' || next === null) Reflect.set(place, step, {});
    place = place[String(step)] as Record<string, unknown>;
  }
  const last = path.at(-1);
  if (last !== undefined)
    Object.defineProperty(place, last, { value, enumerable: true, writable: true, configurable: true });
  return copy as unknown as KubernetesObject;
}
