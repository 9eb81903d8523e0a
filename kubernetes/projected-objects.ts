import type { Log } from './log.ts';
import { bugOf } from './log.ts';
import type { KubernetesObject, Resource } from './objects.ts';
import { keyOf } from './objects.ts';
import type { ObjectChange } from './store.ts';
import { ObjectStore } from './store.ts';

/** The part of each object to keep. */
export interface ProjectionOptions<T> {
  readonly log: Log;
  readonly resource: Resource;
  /** Reduces an object to the part to keep; undefined keeps nothing. Listeners see only changes of the result. */
  readonly project: (raw: KubernetesObject) => T | undefined;
  /** A key that several objects share, for lookups. */
  readonly index?: (value: T) => string | undefined;
}

/** Holds the projections of a kind's objects and calls listeners on changes. A failure in one object or one listener affects no other. */
export class ProjectedObjects<T> {
  readonly store: ObjectStore<T>;
  readonly #keeping: ProjectionOptions<T>;
  readonly #callbacks: ((change: ObjectChange<T>) => void)[] = [];

  constructor(keeping: ProjectionOptions<T>) {
    this.#keeping = keeping;
    this.store = new ObjectStore({
      index: keeping.index,
      onChange: (change) => {
        this.#tell(change);
      },
    });
  }

  onChange(call: (change: ObjectChange<T>) => void): void {
    this.#callbacks.push(call);
  }

  put(raw: KubernetesObject): void {
    // A quarter of an object, which no code here reads; a projection that keeps `metadata` must not keep it either.
    Reflect.deleteProperty(raw.metadata, 'managedFields');
    let value: T | undefined;
    try {
      value = this.#keeping.project(raw);
    } catch (error) {
      // One unreadable object must not hide the others; its last readable state is kept.
      this.bug('an object could not be read', error, keyOf(raw.metadata));
      return;
    }
    this.store.put(raw.metadata, value);
  }

  /** Logs an unexpected error. */
  bug(text: string, error: unknown, key?: string): void {
    const { resource, log } = this.#keeping;
    log.error({ resource: resource.plural, ...(key !== undefined && { key }), ...bugOf(error) }, text);
  }

  #tell(change: ObjectChange<T>): void {
    for (const call of this.#callbacks) {
      try {
        call(change);
      } catch (error) {
        this.bug('a change could not be told', error, change.key);
      }
    }
  }
}
