import { isDeepStrictEqual } from 'node:util';
import type { ObjectMeta } from './objects.ts';
import { isNewer, keyOf } from './objects.ts';

/** What happened to one object. A name that changed hands (another uid) is a deletion and then an addition. */
export type ObjectChange<T> =
  | { readonly type: 'added'; readonly key: string; readonly after: T }
  | { readonly type: 'changed'; readonly key: string; readonly before: T; readonly after: T }
  | { readonly type: 'deleted'; readonly key: string; readonly before: T };

/** What the API server was last seen to hold, reduced to what is needed. */
export interface Store<T> {
  /** By `namespace/name`. */
  readonly get: (key: string) => T | undefined;
  readonly values: () => Iterable<T>;
  /** All whose `index` is this one. */
  readonly indexed: (index: string) => readonly T[];
  readonly size: number;
}

/** How a store is kept. */
export interface StoreOptions<T> {
  /** Something that several objects share, to find them by. */
  readonly index?: ((value: T) => string | undefined) | undefined;
  /** Is told of each change after it was made. */
  readonly onChange: (change: ObjectChange<T>) => void;
}

interface Entry<T> {
  readonly value: T;
  readonly uid: string;
  version: string;
}

/** More deletions than that are not remembered one by one: names may be long, and anybody may delete. */
const MOST_GONE = 2000;

/**
 * Objects by key, with what it takes to tell news from a replay: of each object the version that is held, of each that
 * went the version it went with, and the version of the last whole list, which answers for all others.
 */
export class ObjectStore<T> implements Store<T> {
  readonly #options: StoreOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  /** A few keys each: lists are a quarter of the size of sets. */
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

  /** Whether exactly this state of the object is held. */
  holds({ uid = '', resourceVersion = '', ...name }: ObjectMeta): boolean {
    const entry = this.#entries.get(keyOf(name));
    return entry?.uid === uid && entry.version === resourceVersion;
  }

  /** Whether an event tells of a state that is later than what is known of its object. */
  isNews({ resourceVersion = '', ...name }: ObjectMeta): boolean {
    const key = keyOf(name);
    const known = this.#entries.get(key)?.version ?? this.#gone.get(key) ?? this.#settled;
    return isNewer(resourceVersion, known);
  }

  /** Whether what is held of an object is later than this state of it. */
  isOlder({ resourceVersion = '', ...name }: ObjectMeta): boolean {
    const held = this.#entries.get(keyOf(name));
    return held !== undefined && isNewer(held.version, resourceVersion);
  }

  /** Keeps another value of an object that is held; nothing happens when it is not. */
  replace(key: string, value: T): void {
    const before = this.#entries.get(key);
    if (!before) return;
    this.#insert(key, { ...before, value });
    this.#options.onChange({ type: 'changed', key, before: before.value, after: value });
  }

  /** Lets go of an object, without taking that it is gone. */
  letGo(key: string): void {
    this.#remove(key);
  }

  /** Lets go of all whose `index` is this one, without taking that they are gone. */
  release(index: string): void {
    for (const key of this.#keys.get(index) ?? []) this.#remove(key);
  }

  /** Takes the state of an object, older or newer; nothing of it is kept when the value is undefined. */
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

  /** Takes that an object is gone as of the version of this state. */
  drop(meta: ObjectMeta): void {
    const { resourceVersion: version = '' } = meta;
    const key = keyOf(meta);
    this.#remove(key);
    this.#remember(key, version);
  }

  /** Takes that a whole list of this version has just been put: what it did not name is gone. */
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
    // Concatenated, a list has room for what is in it; a spread one has room for 17 keys.
    if (isMoved && index !== undefined) this.#keys.set(index, (this.#keys.get(index) ?? []).concat(key));
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#unindex(key);
    this.#entries.delete(key);
    this.#options.onChange({ type: 'deleted', key, before: entry.value });
  }

  /** Keeps what is remembered small: when it grows, one version answers for all that went until then. */
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
