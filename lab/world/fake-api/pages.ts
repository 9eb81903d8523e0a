import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { Kind } from './kinds.ts';
import { REFUSALS, Refused } from './refused.ts';
import type { Matches } from './selectors.ts';
import type { Storage } from './storage.ts';

interface Rest {
  readonly items: readonly KubernetesObject[];
  readonly version: string;
}

/** Serves lists by pages: all pages of a list show the moment of the first. */
export class Pages {
  readonly #storage: Storage;
  readonly #rests = new Map<string, Rest>();
  #count = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Forgets the past: a list that was started cannot continue. */
  expire(): void {
    this.#rests.clear();
  }

  list(kind: Kind, matches: Matches, query: URLSearchParams): object {
    const wanted = Number(query.get('resourceVersion') ?? 0);
    if (wanted > this.#storage.version) throw new Refused(504, 'Timeout', 'Too large resource version', 1);
    const { items, version } = this.#begin(kind, matches, query.get('continue'));
    const limit = Number(query.get('limit') ?? 0) || Infinity;
    const metadata: Record<string, unknown> = { resourceVersion: version };
    if (items.length > limit) {
      metadata['continue'] = this.#keep({ items: items.slice(limit), version });
      metadata['remainingItemCount'] = items.length - limit;
    }
    const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
    return { kind: `${kind.kind}List`, apiVersion, metadata, items: items.slice(0, limit) };
  }

  #begin(kind: Kind, matches: Matches, token: string | null): Rest {
    if (token === null)
      return { items: this.#storage.all(kind).filter(matches), version: String(this.#storage.version) };
    const rest = this.#rests.get(token);
    if (!rest) throw REFUSALS.expired();
    return rest;
  }

  #keep(rest: Rest): string {
    this.#count += 1;
    const token = `next-${this.#count}`;
    this.#rests.set(token, rest);
    return token;
  }
}
