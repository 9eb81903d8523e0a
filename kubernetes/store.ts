import { isDeepStrictEqual } from 'node:util';
import type { ObjectMeta } from './objects.ts';
import { isNewer, keyOf } from './objects.ts';

/** A change of one object. When an object of the same name has another uid, the store reports a deletion and then an addition. */
export type ObjectChange<T> =
  | { readonly type: 'added'; readonly key: string; readonly after: T }
  | { readonly type: 'changed'; readonly key: string; readonly before: T; readonly after: T }
  | { readonly type: 'deleted'; readonly key: string; readonly before: T };

/** The object of a change: as it is, or as it was when it is gone. */
export function lastOf<T>(change: ObjectChange<T>): T {
  return change.type === 'deleted' ? change.before : change.after;
}

/** The last known state of a kind's objects, reduced to the part to keep. */
export interface Store<T> {
  /** By `namespace/name`. */
  readonly get: (key: string) => T | undefined;
  readonly values: () => Iterable<T>;
  /** All objects with this `index`. */
  readonly indexed: (index: string) => readonly T[];
  readonly size: number;
}

/** Options of a store. */
export interface StoreOptions<T> {
  /** A key that several objects share, for lookups. */
  readonly index?: ((value: T) => string | undefined) | undefined;
  /** Called after each change. */
  readonly onChange: (change: ObjectChange<T>) => void;
}

interface Entry<T> {
  readonly value: T;
  readonly uid: string;
  version: string;
}

/** Maximum number of deletions remembered one by one: names may be long, and any tenant may delete. */
const MOST_GONE = 2000;

/**
 * Objects by key, with the versions that tell a new event from a replay: of each object the version held, of each deleted object the
 * version of its deletion, and the version of the last full list for all others.
 */
export class ObjectStore<T> implements Store<T> {
  readonly #options: StoreOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  /** A few keys each: arrays take a quarter of the memory of sets. */
  readonly #keys = new Map<string, readonly string[]>();
  readonly #gone = new Map<string, string>();
  #settled = '0';
  #newestGone = '0';

  constructor(options: StoreOptions<T>) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.value;
  }

  *values(): Iterable<T> {
    for (const { value } of this.#entries.values()) yield value;
  }

  indexed(index: string): readonly T[] {
    const found: T[] = [];
    for (const key of this.#keys.get(index) ?? []) {
      const entry = this.#entries.get(key);
      if (entry) found.push(entry.value);
    }
    return found;
  }

  /** Whether the store holds exactly this state of the object. */
  holds({ uid = '', resourceVersion = '', ...name }: ObjectMeta): boolean {
    const entry = this.#entries.get(keyOf(name));
    return entry?.uid === uid && entry.version === resourceVersion;
  }

  /** Whether an event reports a later state than the known one. */
  isNews({ resourceVersion = '', ...name }: ObjectMeta): boolean {
    const key = keyOf(name);
    const known = this.#entries.get(key)?.version ?? this.#gone.get(key) ?? this.#settled;
    return isNewer(resourceVersion, known);
  }

  /** Whether the store holds a later state of the object than this one. */
  isOlder({ resourceVersion = '', ...name }: ObjectMeta): boolean {
    const held = this.#entries.get(keyOf(name));
    return held !== undefined && isNewer(held.version, resourceVersion);
  }

  /** Replaces the value of an object in the store; does nothing when the object is absent. */
  replace(key: string, value: T): void {
    const before = this.#entries.get(key);
    if (!before) return;
    this.#insert(key, { ...before, value });
    this.#options.onChange({ type: 'changed', key, before: before.value, after: value });
  }

  /** Drops an object from the store without recording a deletion. */
  letGo(key: string): void {
    this.#remove(key);
  }

  /** Drops all objects with this `index` without recording deletions. */
  release(index: string): void {
    for (const key of this.#keys.get(index) ?? []) this.#remove(key);
  }

  /** Stores a state of the object, older or newer; keeps no value when the value is undefined. */
  put(meta: ObjectMeta, value: T | undefined): void {
    if (value === undefined) {
      this.drop(meta);
      return;
    }
    const { uid = '', resourceVersion: version = '' } = meta;
    const key = keyOf(meta);
    const before = this.#entries.get(key);
    if (before && before.uid !== uid) this.#remove(key);
    else if (before && isDeepStrictEqual(before.value, value)) {
      before.version = version;
      return;
    }
    this.#insert(key, { value, uid, version });
    const { onChange } = this.#options;
    if (before?.uid === uid) onChange({ type: 'changed', key, before: before.value, after: value });
    else onChange({ type: 'added', key, after: value });
  }

  /** Records that an object is gone as of this version. */
  drop(meta: ObjectMeta): void {
    const { resourceVersion: version = '' } = meta;
    const key = keyOf(meta);
    this.#remove(key);
    this.#remember(key, version);
  }

  /** Completes a full list of this version: removes the objects that the list did not name. */
  settle(listed: ReadonlySet<string>, version: string): void {
    for (const key of [...this.#entries.keys()]) {
      if (!listed.has(key)) this.#remove(key);
    }
    this.#settled = version;
    this.#newestGone = version;
    this.#gone.clear();
  }

  #insert(key: string, entry: Entry<T>): void {
    const index = this.#options.index?.(entry.value);
    const isMoved = index !== this.#indexOf(key);
    if (isMoved) this.#unindex(key);
    this.#entries.set(key, entry);
    this.#gone.delete(key);
    // `concat` makes an array of exactly the needed size; a spread reserves room for 17 keys.
    if (isMoved && index !== undefined) this.#keys.set(index, (this.#keys.get(index) ?? []).concat(key));
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#unindex(key);
    this.#entries.delete(key);
    this.#options.onChange({ type: 'deleted', key, before: entry.value });
  }

  /** Bounds the remembered deletions: beyond the maximum, one version stands for all deletions until then. */
  #remember(key: string, version: string): void {
    if (isNewer(version, this.#newestGone)) this.#newestGone = version;
    if (this.#gone.size >= MOST_GONE) {
      this.#settled = this.#newestGone;
      this.#gone.clear();
    }
    this.#gone.set(key, version);
  }

  #indexOf(key: string): string | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#options.index?.(entry.value);
  }

  #unindex(key: string): void {
    const index = this.#indexOf(key);
    if (index === undefined) return;
    const others = this.#keys.get(index)?.filter((other) => other !== key) ?? [];
    if (others.length > 0) this.#keys.set(index, others);
    else this.#keys.delete(index);
  }
}
