import type { Log } from './log.ts';
import { bugOf } from './log.ts';
import type { KubernetesObject, Resource } from './objects.ts';
import { keyOf } from './objects.ts';
import type { ObjectChange } from './store.ts';
import { ObjectStore } from './store.ts';

/** What is kept of the objects of a kind. */
export interface ProjectionOptions<T> {
  readonly log: Log;
  readonly resource: Resource;
  /** What is kept of an object, nothing when undefined. A change that this does not show is no change. */
  readonly project: (raw: KubernetesObject) => T | undefined;
  /** Something that several objects share, to find them by. */
  readonly index?: (value: T) => string | undefined;
}

/** What is kept of the objects of a kind, and who is told of changes: one object, or one listener, that fails keeps up no other. */
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
    // A quarter of an object that nobody here asks for; a projection that keeps `metadata` must not keep it too.
    Reflect.deleteProperty(raw.metadata, 'managedFields');
    let value: T | undefined;
    try {
      value = this.#keeping.project(raw);
    } catch (error) {
      // One odd object must not keep all others from being seen; of it, what was known last is kept.
      this.bug('an object could not be read', error, keyOf(raw.metadata));
      return;
    }
    this.store.put(raw.metadata, value);
  }

  /** Logs what nobody expects. */
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
