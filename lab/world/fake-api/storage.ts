import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject, ObjectMeta } from '../../../kubernetes/objects.ts';
import { keyOf } from '../../../kubernetes/objects.ts';
import { applyFields, flatten, handOver, keepLeaves, unflatten } from './fields.ts';
import type { Kind } from './kinds.ts';
import { idOf } from './kinds.ts';
import { REFUSALS } from './refused.ts';
import type { Change, Deletion, Fields, Stored } from './stored-object.ts';
import { checkIdentity, combine, fieldsOf, frozen, typeOf, wishOf, without } from './stored-object.ts';

/** One change, as watches report it. */
export interface Entry {
  readonly kind: Kind;
  readonly version: number;
  readonly before?: KubernetesObject;
  readonly after?: KubernetesObject;
}

/** The state at one moment. */
export interface Snapshot {
  readonly objects: readonly (readonly [string, ReadonlyMap<string, Stored>])[];
  readonly version: number;
  readonly uids: number;
}

const FIRST_VERSION = 1000;
const GRACE_SECONDS = 30;

/** The objects of the API server, with the rules for their changes. Objects are never changed in place. */
export class Storage {
  readonly #objects = new Map<string, Map<string, Stored>>();
  readonly #listeners = new Set<(entry: Entry) => void>();
  readonly #propagations = new Map<string, string>();
  #history: Entry[] = [];
  #version = FIRST_VERSION;
  #compacted = FIRST_VERSION;
  #uids = 0;
  /** Throws a refusal when a change is not allowed. */
  admit: (before: KubernetesObject, after: KubernetesObject) => void = () => undefined;
  /** The date of creations and deletions. */
  date = (): Date => new Date();

  get version(): number {
    return this.#version;
  }

  /** The present state: objects are never changed in place. */
  snapshot(): Snapshot {
    const objects = [...this.#objects].map(([id, stored]) => [id, new Map(stored)] as const);
    return { objects, version: this.#version, uids: this.#uids };
  }

  /** Takes over a state, without its history. */
  restore({ objects, version, uids }: Snapshot): void {
    for (const [id, stored] of objects) this.#objects.set(id, new Map(stored));
    this.#version = version;
    this.#uids = uids;
    this.compact();
  }

  /** Changes after this version; undefined when they were forgotten. */
  since(version: number): readonly Entry[] | undefined {
    return version < this.#compacted ? undefined : this.#history.filter((entry) => entry.version > version);
  }

  /** All remembered changes. */
  get history(): readonly Entry[] {
    return this.#history;
  }

  /** Forgets the history, as etcd does every few minutes. */
  compact(): void {
    this.#compacted = this.#version;
    this.#history = [];
  }

  listen(call: (entry: Entry) => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  find(kind: Kind, key: string): KubernetesObject | undefined {
    return this.#of(kind).get(key)?.object;
  }

  get(kind: Kind, key: string): KubernetesObject {
    return this.#stored(kind, key).object;
  }

  /** In the order of their keys. */
  all(kind: Kind): KubernetesObject[] {
    return [...this.#of(kind)].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, { object }]) => object);
  }

  create(kind: Kind, object: KubernetesObject, manager: string): KubernetesObject {
    const key = keyOf(object.metadata);
    if (this.#of(kind).has(key)) throw REFUSALS.exists(`${kind.plural} "${object.metadata.name}"`);
    const { metadata, ...rest } = object;
    const content = kind.hasStatus ? without(rest, 'status') : rest;
    this.#uids += 1;
    const made: KubernetesObject = {
      ...content,
      ...typeOf(kind),
      metadata: {
        ...without(metadata, 'resourceVersion', 'deletionTimestamp', 'managedFields'),
        name: metadata.name,
        uid: `00000000-0000-4000-8000-${String(this.#uids).padStart(12, '0')}`,
        creationTimestamp: this.date()
          .toISOString()
          .replace(/\.\d+Z$/, 'Z'),
        ...(kind.isCounted && { generation: 1 }),
      },
    };
    const leaves = flatten(made);
    return this.#write(kind, undefined, made, { leaves, owners: handOver(new Map(), new Map(), leaves, manager) });
  }

  /** Changes an object by a function; writes nothing when the result is equal. */
  update(kind: Kind, key: string, by: (old: KubernetesObject) => KubernetesObject, change: Change): KubernetesObject {
    const { object: old, owners } = this.#stored(kind, key);
    const wanted = by(old);
    checkIdentity(old.metadata, wanted.metadata);
    const next = combine(kind, old, wanted, change.part);
    const leaves = flatten(next);
    return this.#replace(kind, old, next, { leaves, owners: handOver(owners, flatten(old), leaves, change.manager) });
  }

  /** Server-side apply; creates what is absent. */
  apply(
    kind: Kind,
    key: string,
    body: KubernetesObject,
    change: Change & { readonly force: boolean },
  ): KubernetesObject {
    const stored = this.#of(kind).get(key);
    if (!stored) {
      if (body.metadata.uid) throw REFUSALS.conflict('there is no object with this uid');
      if (change.part === 'status') throw REFUSALS.notFound(key);
      return this.create(kind, body, change.manager);
    }
    const { object: old, owners } = stored;
    checkIdentity(old.metadata, body.metadata);
    const part =
      change.part === 'status' ? { status: body['status'] } : kind.hasStatus ? without(body, 'status') : body;
    const applied = applyFields({ leaves: flatten(old), owners }, flatten(part), change);
    if (!applied.ok) throw REFUSALS.conflict(`fields are owned by ${applied.others.join(', ')}`);
    const { metadata, ...rest } = unflatten(applied.leaves) as { metadata?: object };
    const wanted = { ...typeOf(kind), ...rest, metadata: { ...metadata, name: old.metadata.name } };
    const next = combine(kind, old, wanted, change.part);
    return this.#replace(kind, old, next, { leaves: flatten(next), owners: applied.owners });
  }

  /** Marks objects with finalizers or running ones for deletion, and removes all others; returns the remaining object. */
  delete(kind: Kind, key: string, { uid, resourceVersion, propagation, graceSeconds }: Deletion): KubernetesObject {
    const { object: old, owners } = this.#stored(kind, key);
    checkIdentity(old.metadata, { name: old.metadata.name, uid: uid ?? '', resourceVersion: resourceVersion ?? '' });
    this.#propagations.set(old.metadata.uid ?? '', propagation ?? 'Background');
    const runs = kind.isGraceful && (old['spec'] as { nodeName?: string } | undefined)?.nodeName !== undefined;
    const grace = runs ? (graceSeconds ?? GRACE_SECONDS) : 0;
    if ((old.metadata.finalizers ?? []).length === 0 && grace === 0) return this.#remove(kind, old);
    if (old.metadata.deletionTimestamp !== undefined) return old;
    const metadata = {
      ...old.metadata,
      deletionTimestamp: this.date()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
      deletionGracePeriodSeconds: grace,
      ...(old.metadata.generation !== undefined && { generation: old.metadata.generation + 1 }),
    };
    const next = { ...old, metadata };
    return this.#write(kind, old, next, { leaves: flatten(next), owners });
  }

  /** The propagation policy of a deleted object. */
  propagationOf(uid: string): string {
    return this.#propagations.get(uid) ?? 'Background';
  }

  /** All objects with this uid among their owners. */
  dependents(uid: string, kinds: readonly Kind[]): { readonly kind: Kind; readonly object: KubernetesObject }[] {
    return kinds.flatMap((kind) =>
      this.all(kind)
        .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))
        .map((object) => ({ kind, object })),
    );
  }

  #of(kind: Kind): Map<string, Stored> {
    const known = this.#objects.get(idOf(kind)) ?? new Map<string, Stored>();
    this.#objects.set(idOf(kind), known);
    return known;
  }

  #stored(kind: Kind, key: string): Stored {
    const found = this.#of(kind).get(key);
    if (!found) throw REFUSALS.notFound(`${kind.plural} "${key}"`);
    return found;
  }

  #replace(kind: Kind, old: KubernetesObject, next: KubernetesObject, fields: Fields): KubernetesObject {
    this.admit(old, next);
    // The owners of fields are a part of the object too.
    const { owners } = this.#stored(kind, keyOf(old.metadata));
    if (isDeepStrictEqual(old, next) && isDeepStrictEqual(owners, fields.owners)) return old;
    const { deletionTimestamp, deletionGracePeriodSeconds: grace } = old.metadata as {
      deletionGracePeriodSeconds?: number;
    } & ObjectMeta;
    const isDone = deletionTimestamp !== undefined && grace === 0 && (next.metadata.finalizers ?? []).length === 0;
    if (isDone) return this.#remove(kind, old);
    const generation = (old.metadata.generation ?? 0) + 1;
    const counted = kind.isCounted && !isDeepStrictEqual(wishOf(old), wishOf(next));
    const metadata = counted ? { ...next.metadata, generation } : next.metadata;
    return this.#write(kind, old, { ...next, metadata }, fields);
  }

  #write(
    kind: Kind,
    before: KubernetesObject | undefined,
    next: KubernetesObject,
    { leaves, owners }: Fields,
  ): KubernetesObject {
    this.#version += 1;
    const managedFields = [...owners].map(([manager, paths]) => ({ manager, ...fieldsOf(manager, paths) }));
    const metadata = { ...next.metadata, resourceVersion: String(this.#version), managedFields };
    const after: KubernetesObject = frozen({ ...next, metadata });
    // The leaves lack the fields that were added here.
    keepLeaves(after, leaves);
    this.#of(kind).set(keyOf(metadata), { object: after, owners });
    this.#tell({ kind, version: this.#version, ...(before && { before }), after });
    return after;
  }

  #remove(kind: Kind, old: KubernetesObject): KubernetesObject {
    this.#version += 1;
    this.#of(kind).delete(keyOf(old.metadata));
    this.#tell({ kind, version: this.#version, before: old });
    return old;
  }

  #tell(entry: Entry): void {
    this.#history.push(entry);
    for (const call of [...this.#listeners]) call(entry);
  }
}
