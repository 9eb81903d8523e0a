import type { Api, Selection, WatchEvent } from './api.ts';
import { ApiError } from './api.ts';
import type { Backoff, Clock } from './clock.ts';
import { backoffMs, pause } from './clock.ts';
import type { ProjectionOptions } from './projected-objects.ts';
import { ProjectedObjects } from './projected-objects.ts';
import type { Metrics } from './metrics.ts';
import type { KubernetesObject } from './objects.ts';
import { isNewer, keyOf } from './objects.ts';
import { Pages } from './pages.ts';
import { Removals } from './removals.ts';
import type { ObjectChange, Store } from './store.ts';
import type { ObjectStore } from './store.ts';
import type { WatchEnd, WatchEndReason } from './watch-session.ts';
import { endingOf, failureIn, judge, watchToTheEnd } from './watch-session.ts';

/** The kind to follow, and the part of each object to keep. */
export interface ListWatchOptions<T> extends Selection, ProjectionOptions<T> {
  readonly api: Pick<Api, 'list' | 'watch'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'listed' | 'watchEnded' | 'showWatch'>;
  readonly limits?: Partial<Limits>;
}

/** Sizes and times of a list-watch. */
export interface Limits {
  /** Maximum number of objects per page. */
  readonly pageSize: number;
  /** A watch without an event or bookmark for this long is restarted. A bookmark comes about every minute, if anything changed at all. */
  readonly idleMs: number;
  /** Interval between full lists, less up to a quarter: a full list finds changes that no event reported. */
  readonly relistMs: number;
  readonly backoff: Backoff;
}

const LIMITS: Limits = {
  // With 5,000 Databases, pages of 200 leave the process 80 MB larger than pages of 100.
  pageSize: 100,
  idleMs: 100_000,
  relistMs: 3_600_000,
  backoff: { firstMs: 250, mostMs: 10_000 },
};
/** The API server is asked to end a watch after this many seconds, and up to twice as many by chance. */
const WATCH_SECONDS = 300;
/**
 * Follows the objects of one kind: lists them, watches from there on, and starts again after a failure. The store never goes back to an
 * older state of an object, unless the API server itself went back.
 */
export class ListWatch<T> {
  readonly #options: ListWatchOptions<T>;
  readonly #limits: Limits;
  readonly #kept: ProjectedObjects<T>;
  readonly #objects: ObjectStore<T>;
  readonly #end = new AbortController();
  readonly #pages: Pages;
  readonly #removals = new Removals();
  /** Serialises full and partial lists. */
  #reading: Promise<unknown> = Promise.resolve();
  readonly #synced = Promise.withResolvers<undefined>();
  #isSynced = false;
  #heardAt = -Infinity;
  /** The store holds every change up to this version; undefined when a list is due. */
  #version: string | undefined;
  #relistAt = 0;
  #failures = 0;
  /** Whether the last watch ended because of its silence. */
  #isSilent = false;

  constructor(options: ListWatchOptions<T>) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    const { api, resource } = options;
    this.#pages = new Pages({ api, resource, mostObjects: this.#limits.pageSize });
    this.#kept = new ProjectedObjects(options);
    this.#objects = this.#kept.store;
    options.metrics.showWatch(options.resource.plural, this);
  }

  get store(): Store<T> & Pick<ObjectStore<T>, 'release' | 'letGo' | 'replace'> {
    return this.#objects;
  }

  /** Resolves when the first full list is in the store and all listeners were called. Never rejects. */
  get synced(): Promise<undefined> {
    return this.#synced.promise;
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Calls back after each change of the store; for the objects of the first list too, when registered before `start`. */
  onChange(call: (change: ObjectChange<T>) => void): void {
    this.#kept.onChange(call);
  }

  start(): void {
    // Staleness counts from the start: a first list may take its time.
    this.#heardAt = this.#options.clock.now();
    void this.#follow();
  }

  stop(): void {
    this.#end.abort();
  }

  /** Seconds since the API server last proved that the store is current, or since the start; Infinity before it. */
  staleness(): number {
    return (this.#options.clock.now() - this.#heardAt) / 1000;
  }

  /**
   * Reads the selected objects again, whatever the store holds of them: the projection may now keep an object that it skipped before.
   * Throws an ApiError.
   */
  reread(selection: Selection): Promise<void> {
    return this.#inTurn(async () => {
      const removed = this.#removals.begin();
      try {
        const options = { ...this.#selection(), ...selection, signal: this.#end.signal };
        const isNow = ({ metadata }: KubernetesObject): boolean =>
          !removed.isGone(metadata) && !this.#objects.isOlder(metadata);
        for await (const { items } of this.#pages.read(options)) {
          for (const item of items.filter(isNow)) this.#kept.put(item);
        }
      } finally {
        removed.end();
      }
    });
  }

  #inTurn<R>(read: () => Promise<R>): Promise<R> {
    const reading = this.#reading.then(read);
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#end;
    const { clock } = this.#options;
    while (!signal.aborted) {
      const failure = await this.#round();
      if (this.#failures === 0) continue;
      const wait = backoffMs(this.#limits.backoff, this.#failures, clock.random);
      await pause(clock, Math.max((failure?.retryAfterSeconds ?? 0) * 1000, wait), signal);
    }
  }

  /** Lists if a list is due, and watches to the end. Returns the failure. */
  async #round(): Promise<ApiError | undefined> {
    try {
      if (this.#isSilent) await this.#compare();
      this.#version ??= await this.#inTurn(() => this.#list());
    } catch (error) {
      this.#failures += 1;
      if (error instanceof ApiError) this.#warn('a list failed, it will be tried again', error);
      else this.#kept.bug('a list could not be taken, it will be tried again', error);
      return error instanceof ApiError ? error : undefined;
    }
    const startedAt = this.#options.clock.now();
    const ending = await this.#watch(this.#version);
    this.#options.metrics.watchEnded(this.#options.resource.plural, ending.cause);
    const { failures, mustList } = judge(ending, this.#failures, this.#options.clock.now() - startedAt);
    this.#failures = failures;
    this.#isSilent = ending.cause === 'idle';
    if (mustList) this.#version = undefined;
    // An expired version is routine, and also how the API server reports that a kind is no longer served.
    if (ending.failure && ending.cause !== 'expired')
      this.#warn('a watch failed, it will be begun again', ending.failure);
    return ending.failure;
  }

  /** Reads the full list, always the newest: an older one could undo changes that the store has seen. */
  async #list(): Promise<string> {
    const { clock, metrics, resource } = this.#options;
    const listed = new Set<string>();
    let version = '';
    for await (const page of this.#pages.read({ ...this.#selection(), signal: this.#end.signal })) {
      for (const item of page.items) {
        listed.add(keyOf(item.metadata));
        if (!this.#objects.holds(item.metadata)) this.#kept.put(item);
      }
      version = page.resourceVersion;
    }
    this.#objects.settle(listed, version);
    this.#heardAt = clock.now();
    this.#relistAt = clock.now() + this.#limits.relistMs * (1 - clock.random() / 4);
    metrics.listed(resource.plural);
    this.#isSynced = true;
    this.#synced.resolve(undefined);
    return version;
  }

  /**
   * Asks for the API server's current version. A quiet kind sends no events for a long time; an API server whose etcd was restored from a
   * snapshot stays silent until it reaches the watched version again.
   */
  async #compare(): Promise<void> {
    const { api, clock, resource } = this.#options;
    const { resourceVersion } = await api.list(resource, { ...this.#selection(), limit: 1, signal: this.#end.signal });
    this.#isSilent = false;
    if (this.#version !== undefined && isNewer(this.#version, resourceVersion)) this.#version = undefined;
    else this.#heardAt = clock.now();
  }

  #selection(): Selection {
    const { namespace, labelSelector, fieldSelector, metadataOnly } = this.#options;
    return { namespace, labelSelector, fieldSelector, metadataOnly };
  }

  #watch(resourceVersion: string): Promise<WatchEnd> {
    const { api, clock, resource } = this.#options;
    return watchToTheEnd({
      ...{ api, clock, resource, ...this.#selection(), resourceVersion },
      timeoutSeconds: Math.round(WATCH_SECONDS * (1 + clock.random())),
      idleMs: this.#limits.idleMs,
      relistAt: this.#relistAt,
      signal: this.#end.signal,
      onEvent: (event) => {
        try {
          return this.#take(event);
        } catch (error) {
          // An unreadable event is skipped: the next list brings the object, if there is one.
          this.#kept.bug('an event could not be taken', error);
          return undefined;
        }
      },
    });
  }

  #take(event: WatchEvent): WatchEndReason | undefined {
    const { type, object } = event;
    if (type === 'ERROR') return endingOf(failureIn(event, this.#options.resource));
    this.#heardAt = this.#options.clock.now();
    const raw = object as KubernetesObject;
    const { resourceVersion = '' } = raw.metadata;
    if (isNewer(resourceVersion, this.#version ?? '')) this.#version = resourceVersion;
    if (type === 'BOOKMARK' || !this.#objects.isNews(raw.metadata)) return undefined;
    if (type === 'DELETED') {
      this.#removals.note(raw.metadata);
      this.#objects.drop(raw.metadata);
    } else this.#kept.put(raw);
    return undefined;
  }

  #warn(message: string, { code, reason }: ApiError): void {
    if (this.#end.signal.aborted) return;
    this.#options.log.warn({ resource: this.#options.resource.plural, code, reason }, message);
  }
}
