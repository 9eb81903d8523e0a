import type { ServerResponse } from 'node:http';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { EventMishap } from './faults.ts';
import type { Kind } from './kinds.ts';
import { idOf } from './kinds.ts';
import { withMetadataOnly } from './metadata-only.ts';
import { REFUSALS } from './refused.ts';
import type { Matches } from './selectors.ts';
import type { Entry, Storage } from './storage.ts';

/** The options of a watch. */
export interface StreamOptions {
  readonly storage: Storage;
  readonly kind: Kind;
  readonly matches: Matches;
  /** The version to start from; undefined or 0 for all present objects. */
  readonly resourceVersion: string | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly isMetadataOnly: boolean;
  readonly bookmarkMs: number;
  readonly mishap: () => EventMishap | undefined;
}

interface Line {
  readonly type: string;
  readonly object: object;
}

/** The last state of an object that was deleted or left the selection, with the version of that change. */
const goneAt = (object: KubernetesObject, version: number): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(version) },
});

/** The event of a change for a selection; undefined when there is none. */
export function eventOf({ before, after, version }: Entry, matches: Matches): Line | undefined {
  const was = before !== undefined && matches(before);
  if (after !== undefined && matches(after)) return { type: was ? 'MODIFIED' : 'ADDED', object: after };
  return was ? { type: 'DELETED', object: goneAt(after ?? before, version) } : undefined;
}

/** A running watch: one JSON object per line, over an endless response. */
export class Stream {
  readonly #options: StreamOptions;
  readonly #response: ServerResponse;
  readonly #earlier: Line[] = [];
  readonly #stops: (() => unknown)[] = [];
  #held: Line | undefined;

  constructor(response: ServerResponse, options: StreamOptions) {
    this.#response = response;
    this.#options = options;
  }

  start(): void {
    const { storage, resourceVersion, timeoutSeconds, bookmarkMs } = this.#options;
    this.#response.writeHead(200, { 'content-type': 'application/json' });
    this.#response.flushHeaders();
    this.#response.on('close', () => {
      for (const stop of this.#stops) stop();
    });
    const from = Number(resourceVersion ?? 0);
    const past = from === 0 ? this.#present() : storage.since(from);
    if (!past) {
      this.#write({ type: 'ERROR', object: REFUSALS.expired().status });
      this.end();
      return;
    }
    for (const entry of past) this.#take(entry);
    this.#stops.push(
      storage.listen((entry) => {
        if (entry.version > from) this.#take(entry);
      }),
    );
    const bookmarks = setInterval(() => {
      this.bookmark();
    }, bookmarkMs);
    const timeout = setTimeout(
      () => {
        this.end();
      },
      (timeoutSeconds ?? 3600) * 1000,
    );
    this.#stops.push(() => {
      clearInterval(bookmarks);
      clearTimeout(timeout);
    });
  }

  /** Sends a bookmark. */
  bookmark(): void {
    const { kind, storage } = this.#options;
    const metadata = { resourceVersion: String(storage.version), creationTimestamp: null };
    this.#write({ type: 'BOOKMARK', object: { kind: kind.kind, apiVersion: kind.version, metadata } });
  }

  /** Ends in order, as after its timeout. */
  end(): void {
    this.#response.end();
  }

  /** Breaks the connection. */
  cut(): void {
    this.#response.destroy();
  }

  #present(): Entry[] {
    const { kind, storage } = this.#options;
    return storage.all(kind).map((after) => ({ kind, version: Number(after.metadata.resourceVersion), after }));
  }

  #take(entry: Entry): void {
    if (idOf(entry.kind) !== idOf(this.#options.kind)) return;
    const line = eventOf(entry, this.#options.matches);
    if (!line) return;
    const mishap = this.#options.mishap();
    if (mishap === 'hold' && !this.#held) {
      this.#held = line;
      return;
    }
    if (mishap !== 'drop') this.#write(line);
    if (mishap === 'duplicate') this.#write(line);
    const old = this.#earlier[Math.floor(Math.random() * this.#earlier.length)];
    if (mishap === 'replay' && old) this.#write(old);
    if (this.#held) this.#write(this.#held);
    this.#held = undefined;
    this.#earlier.push(line);
  }

  #write(line: Line): void {
    if (this.#response.writableEnded) return;
    const told = this.#options.isMetadataOnly ? withMetadataOnly(line) : line;
    // As Go writes JSON: some parsers take these two for line breaks.
    const text = JSON.stringify(told).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
    this.#response.write(`${text}\n`);
  }
}
