import type { Api, Selection } from '../../kubernetes/api.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { Limits } from '../../kubernetes/list-watch.ts';
import { ListWatch } from '../../kubernetes/list-watch.ts';
import type { Log } from '../../kubernetes/log.ts';
import type { Metrics } from '../../kubernetes/metrics.ts';
import type { KubernetesObject, Resource } from '../../kubernetes/objects.ts';
import { nameOf } from '../../kubernetes/objects.ts';
import type { ObjectChange } from '../../kubernetes/store.ts';

/** Dependencies of every list-watch. */
export interface WatchContext {
  readonly api: Pick<Api, 'list' | 'watch'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Namespaces to watch; all when empty. */
  readonly namespaces: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Maximum memory of all stored objects, in bytes. */
  readonly mostBytes?: number;
}

/** The objects of a kind to watch, and the part of each to store. */
export interface KindWatchOptions<T> {
  readonly resource: Resource;
  readonly project: (raw: KubernetesObject) => T | undefined;
  readonly labelSelector?: string;
  /** Whether to read only the metadata of each object. */
  readonly metadataOnly?: boolean;
  /** A key that several objects share, for lookups. */
  readonly index?: (value: T) => string | undefined;
}

const EVERYWHERE = '';

/** The objects of one kind in all watched namespaces: one list-watch per namespace, or one for all. */
export class KindWatch<T> {
  readonly resource: Resource;
  /** Whether it watches the objects with a label only. */
  readonly isLabelled: boolean;
  readonly #watches: ReadonlyMap<string, ListWatch<T>>;
  #started = false;

  constructor({ resource, ...following }: KindWatchOptions<T>, { namespaces, metrics, ...surroundings }: WatchContext) {
    this.resource = resource;
    this.isLabelled = following.labelSelector !== undefined;
    const places = resource.namespaced && namespaces.length > 0 ? namespaces : [EVERYWHERE];
    const watchIn = (namespace: string): ListWatch<T> => {
      // Metrics identify a watch by its resource; of several, each has a name of its own.
      const shown: Pick<Metrics, 'listed' | 'watchEnded' | 'showWatch'> = {
        listed: (plural) => {
          metrics.listed(plural);
        },
        watchEnded: (plural, cause) => {
          metrics.watchEnded(plural, cause);
        },
        showWatch: (plural, watched) => {
          metrics.showWatch(places.length > 1 ? `${plural} in ${namespace}` : plural, watched);
        },
      };
      const where = namespace === EVERYWHERE ? {} : { namespace };
      return new ListWatch({ ...surroundings, ...following, ...where, resource, metrics: shown });
    };
    this.#watches = new Map(places.map((namespace) => [namespace, watchIn(namespace)]));
  }

  /** Whether the watch was started. */
  get isStarted(): boolean {
    return this.#started;
  }

  /** Whether every list was read once. */
  get isSynced(): boolean {
    return [...this.#watches.values()].every((watch) => watch.isSynced);
  }

  get synced(): Promise<unknown> {
    return Promise.all([...this.#watches.values()].map((watch) => watch.synced));
  }

  get size(): number {
    return [...this.#watches.values()].reduce((sum, { store }) => sum + store.size, 0);
  }

  /** The object with this key. */
  get(key: string): T | undefined {
    return this.#watchOf(nameOf(key).namespace)?.store.get(key);
  }

  /** Reads objects of a namespace again: the projection may now store an object that it skipped before. Throws an ApiError. */
  async reread(selection: Selection): Promise<void> {
    await this.#watchOf(selection.namespace)?.reread(selection);
  }

  /** Drops all objects with this index, as if they had never been stored. */
  release(index: string): void {
    for (const watch of this.#watches.values()) watch.store.release(index);
  }

  /** Drops the object with this key, as if it had never been stored. */
  letGo(key: string): void {
    this.#watchOf(nameOf(key).namespace)?.store.letGo(key);
  }

  /** Replaces the stored part of an object. */
  replace(key: string, value: T): void {
    this.#watchOf(nameOf(key).namespace)?.store.replace(key, value);
  }

  #watchOf(namespace = EVERYWHERE): ListWatch<T> | undefined {
    return this.#watches.get(namespace) ?? this.#watches.get(EVERYWHERE);
  }

  /** All objects with this index, in the namespace that the key names. */
  indexed(index: string): readonly T[] {
    return [...this.#watches.values()].flatMap(({ store }) => store.indexed(index));
  }

  *values(): Iterable<T> {
    for (const { store } of this.#watches.values()) yield* store.values();
  }

  onChange(call: (change: ObjectChange<T>) => void): void {
    for (const watch of this.#watches.values()) watch.onChange(call);
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const watch of this.#watches.values()) watch.start();
  }

  stop(): void {
    for (const watch of this.#watches.values()) watch.stop();
  }

  /** Seconds since the API server last proved the store current; the maximum over all list-watches. */
  staleness(): number {
    return Math.max(...[...this.#watches.values()].map((watch) => watch.staleness()));
  }
}
