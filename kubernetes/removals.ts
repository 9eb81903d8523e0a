import type { ObjectMeta } from './objects.ts';
import { isNewer, keyOf } from './objects.ts';

/** The objects that went while a list was being read. */
export interface Removal {
  /** Whether this state of an object precedes its deletion. */
  readonly isGone: (meta: ObjectMeta) => boolean;
  /** Stops recording. */
  readonly end: () => void;
}

/** Records deletions while a list is read beside a watch: the list may still show an object whose deletion the watch has seen. */
export class Removals {
  readonly #open = new Set<Map<string, string>>();

  /** Starts recording. */
  begin(): Removal {
    const removed = new Map<string, string>();
    this.#open.add(removed);
    return {
      isGone: ({ resourceVersion = '', ...name }) => {
        const version = removed.get(keyOf(name));
        return version !== undefined && !isNewer(resourceVersion, version);
      },
      end: () => this.#open.delete(removed),
    };
  }

  /** Records the deletion of an object, with its last state. */
  note({ resourceVersion = '', ...name }: ObjectMeta): void {
    for (const removed of this.#open) removed.set(keyOf(name), resourceVersion);
  }
}
