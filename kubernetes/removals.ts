import type { ObjectMeta } from './objects.ts';
import { isNewer, keyOf } from './objects.ts';

/** What went while something was read. */
export interface Removal {
  /** Whether this state of an object is from before its deletion. */
  readonly isGone: (meta: ObjectMeta) => boolean;
  /** Nothing more is noted. */
  readonly end: () => void;
}

/** Notes what is deleted while lists are read beside a watch: a list may show what the watch has seen go since. */
export class Removals {
  readonly #open = new Set<Map<string, string>>();

  /** Notes from now on. */
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

  /** Takes that an object went with this state. */
  note({ resourceVersion = '', ...name }: ObjectMeta): void {
    for (const removed of this.#open) removed.set(keyOf(name), resourceVersion);
  }
}
