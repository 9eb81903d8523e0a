import type { Api, Selection } from '../../kubernetes/api.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { Limits } from '../../kubernetes/list-watch.ts';
import { ListWatch } from '../../kubernetes/list-watch.ts';
import type { Log } from '../../kubernetes/log.ts';
import type { Metrics } from '../../kubernetes/metrics.ts';
import type { KubernetesObject, Resource } from '../../kubernetes/objects.ts';
import { nameOf } from '../../kubernetes/objects.ts';
import type { ObjectChange } from '../../kubernetes/store.ts';

/** What every list-watch needs. */
export interface WatchContext {
  readonly api: Pick<Api, 'list' | 'watch'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Namespaces that are looked after; all when empty. */
  readonly namespaces: readonly string[];
  readonly limits?: Partial<Limits>;
  /** What may be kept of all objects together, in bytes. */
  readonly mostBytes?: number;
}

/** Which objects of a kind are followed, and what is kept of them. */
export interface KindWatchOptions<T> {
  readonly resource: Resource;
  readonly project: (raw: KubernetesObject) => T | undefined;
  readonly labelSelector?: string;
  /** Only the metadata of each object is read. */
  readonly metadataOnly?: boolean;
  /** Something that several objects share, to find them by. */
  readonly index?: (value: T) => string | undefined;
}

const EVERYWHERE = '';

/** The objects of one kind in all namespaces that are looked after: one list-watch a namespace, or one for all. */
export class KindWatch<T> {
  readonly resource: Resource;
  readonly #watches: ReadonlyMap<string, ListWatch<T>>;
  #started = false;

  constructor({ resource, ...following }: KindWatchOptions<T>, { namespaces, metrics, ...surroundings }: WatchContext) {
    this.resource = resource;
    const places = resource.namespaced && namespaces.length > 0 ? namespaces : [EVERYWHERE];
    const watchIn = (namespace: string): ListWatch<T> => {
      // Metrics know a watch by its resource; of several each has a name of its own.
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

  /** Whether it was asked to follow. */
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

  /** The object of this key. */
  get(key: string): T | undefined {
    return this.#watchOf(nameOf(key).namespace)?.store.get(key);
  }

  /** Reads objects of a namespace again: of what was passed over before something may be kept now. Throws an ApiError. */
  async reread(selection: Selection): Promise<void> {
    await this.#watchOf(selection.namespace)?.reread(selection);
  }

  /** Lets go of all that share something, as if they had never been kept. */
  release(index: string): void {
    for (const watch of this.#watches.values()) watch.store.release(index);
  }

  /** Lets go of the object of this key in the same way. */
  letGo(key: string): void {
    this.#watchOf(nameOf(key).namespace)?.store.letGo(key);
  }

  /** Keeps something else of the object of this key. */
  replace(key: string, value: T): void {
    this.#watchOf(nameOf(key).namespace)?.store.replace(key, value);
  }

  #watchOf(namespace = EVERYWHERE): ListWatch<T> | undefined {
    return this.#watches.get(namespace) ?? this.#watches.get(EVERYWHERE);
  }

  /** All objects that share something; the namespace says where to look. */
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

  /** Seconds since what is known was last proven current, of the one for which that is longest. */
  staleness(): number {
    return Math.max(...[...this.#watches.values()].map((watch) => watch.staleness()));
  }
}
