/** The fields that each manager owns: paths as `flatten` names them. */
export type Owners = ReadonlyMap<string, ReadonlySet<string>>;

/** An object as its leaves. A path is a JSON array of steps: `.field`, `[key=value` in a list of objects, `=value` in a set. */
export type Leaves = Map<string, unknown>;

/** Lists with keyed elements; all other lists are one value. */
const LIST_KEYS: Readonly<Record<string, string>> = {
  '.containers': 'name',
  '.initContainers': 'name',
  '.volumes': 'name',
  '.env': 'name',
  '.volumeMounts': 'mountPath',
  '.ownerReferences': 'uid',
  '.conditions': 'type',
  '.imagePullSecrets': 'name',
};
const SETS = new Set(['.finalizers']);
/** Metadata for identity, and fields of the API server itself. */
const IDENTITY = ['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields'];
const IDENTITIES = new Set(['[".apiVersion"]', '[".kind"]', ...IDENTITY.map((name) => `[".metadata",".${name}"]`)]);

type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The children of a container, by steps; undefined for a leaf. */
function childrenOf(value: unknown, last: string): [string, unknown][] | undefined {
  if (isPlain(value)) {
    const fields = Object.entries(value).map(([name, child]): [string, unknown] => [`.${name}`, child]);
    return fields.length > 0 ? fields : undefined;
  }
  const key = LIST_KEYS[last];
  if (!Array.isArray(value) || value.length === 0 || key === undefined || !value.every(isPlain)) return undefined;
  return value.map((item) => [`[${key}=${String(item[key])}`, item]);
}

function walk(value: unknown, path: readonly string[], into: Leaves): void {
  const last = path.at(-1) ?? '';
  const children = childrenOf(value, last);
  if (children) {
    for (const [step, child] of children) walk(child, [...path, step], into);
  } else if (Array.isArray(value) && SETS.has(last)) {
    for (const item of value) into.set(JSON.stringify([...path, `=${String(item)}`]), item);
  } else if (value !== null && value !== undefined) {
    into.set(JSON.stringify(path), value);
  }
}

const flattened = new WeakMap<object, Leaves>();

/** The leaves of an object, without its identity; memoized, because stored objects never change. */
export function flatten(object: object): Leaves {
  const known = flattened.get(object);
  if (known) return known;
  const leaves: Leaves = new Map();
  walk(object, [], leaves);
  for (const path of leaves.keys()) if (IDENTITIES.has(path)) leaves.delete(path);
  return leaves;
}

/** Stores the leaves of an immutable object. */
export function keepLeaves(object: object, leaves: Leaves): void {
  flattened.set(object, leaves);
}

/** The value at a step, created when absent. */
function descend(at: unknown, step: string, next: unknown): unknown {
  if (step.startsWith('.')) return ((at as Plain)[step.slice(1)] ??= next);
  const [key = '', ...rest] = step.slice(1).split('=');
  const value = rest.join('=');
  const list = at as Plain[];
  const known = list.find((item) => item[key] === value);
  if (known) return known;
  const item: Plain = { [key]: value };
  list.push(item);
  return item;
}

/** The object with these leaves. */
export function unflatten(leaves: Leaves): Plain {
  const root: Plain = {};
  for (const [path, value] of leaves) {
    const steps = JSON.parse(path) as string[];
    let at: unknown = root;
    for (const [index, step] of steps.slice(0, -1).entries()) {
      at = descend(at, step, steps[index + 1]?.startsWith('.') ? {} : []);
    }
    const last = steps.at(-1) ?? '';
    if (last.startsWith('.')) (at as Plain)[last.slice(1)] = value;
    else (at as unknown[]).push(value);
  }
  return root;
}

/** A step in the notation of metav1.FieldsV1. */
function fieldStep(step: string): string {
  if (step.startsWith('.')) return `f:${step.slice(1)}`;
  if (step.startsWith('=')) return `v:${JSON.stringify(step.slice(1))}`;
  const [key = '', ...rest] = step.slice(1).split('=');
  return `k:${JSON.stringify({ [key]: rest.join('=') })}`;
}

/** Paths as a tree in the form of metav1.FieldsV1. */
export function fieldsV1(paths: Iterable<string>): Plain {
  const root: Plain = {};
  for (const path of paths) {
    let at = root;
    for (const step of JSON.parse(path) as string[]) at = (at[fieldStep(step)] ??= {}) as Plain;
  }
  return root;
}

const same = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(one) === JSON.stringify(other);

/** The result of a server-side apply, or the owners of conflicting fields. */
export type Applied =
  | { readonly ok: true; readonly leaves: Leaves; readonly owners: Owners }
  | { readonly ok: false; readonly others: readonly string[] };

/** Removes leaves on the way to this path, or below it: a field is either a value or a container. */
function clear(leaves: Leaves, path: string): void {
  const stem = path.slice(0, -1);
  for (const other of leaves.keys()) {
    if (other !== path && (other.startsWith(`${stem},`) || path.startsWith(`${other.slice(0, -1)},`)))
      leaves.delete(other);
  }
}

/**
 * Server-side apply, by leaves: the manager's fields become exactly these; fields that it no longer names are removed, unless another
 * manager owns them; another manager's field with another value is a conflict, unless forced.
 */
export function applyFields(
  { leaves: before, owners }: { readonly leaves: Leaves; readonly owners: Owners },
  wanted: Leaves,
  { manager, force }: { readonly manager: string; readonly force: boolean },
): Applied {
  const leaves = new Map(before);
  const others = [...owners].filter(([name]) => name !== manager);
  const disputed = [...wanted].filter(([path, value]) => !same(before.get(path), value)).map(([path]) => path);
  const owning = others.filter(([, paths]) => disputed.some((path) => paths.has(path)));
  if (owning.length > 0 && !force) return { ok: false, others: owning.map(([name]) => name) };
  const next = new Map(
    others.map(([name, paths]) => [name, new Set([...paths].filter((path) => !disputed.includes(path)))]),
  );
  for (const path of owners.get(manager) ?? []) {
    if (!wanted.has(path) && ![...next.values()].some((paths) => paths.has(path))) leaves.delete(path);
  }
  for (const [path, value] of wanted) {
    clear(leaves, path);
    leaves.set(path, value);
  }
  next.set(manager, new Set(wanted.keys()));
  return { ok: true, leaves, owners: next };
}

/** The owners after a change other than an apply: the changed fields belong to its author. */
export function handOver(owners: Owners, before: Leaves, after: Leaves, author: string): Owners {
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const changed = [...after].filter(([path, value]) => !same(before.get(path), value)).map(([path]) => path);
  const moved = new Set([...gone, ...changed]);
  if (moved.size === 0) return owners;
  const next = new Map(
    [...owners].map(([name, paths]) => [name, new Set([...paths].filter((path) => !moved.has(path)))]),
  );
  next.set(author, new Set([...(next.get(author) ?? []), ...changed]));
  return next;
}
