/** A request, as it was recorded. */
export interface RecordedRequest {
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** What it is about; absent when there is no such kind. */
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly contentType: string;
  readonly body?: unknown;
  /** Which of the connections sent it. */
  readonly client: string;
  readonly isWatch: boolean;
  /** Only the metadata of objects is asked for. */
  readonly isMetadataOnly: boolean;
  /** HTTP status of the answer; 0 until there is one, and when there never is. */
  code: number;
}

/** What goes wrong with a request. */
export type Mishap =
  | { readonly status: number; readonly reason?: string; readonly retryAfterSeconds?: number }
  /** Nothing is done, and the answer never comes. */
  | 'never'
  /** The connection breaks; nothing was done. */
  | 'drop-before'
  /** The connection breaks after it was done. */
  | 'drop-after';

/** What goes wrong with one event of a watch. Held back: it comes after the next one. Replayed: an older one comes again after it. */
export type EventMishap = 'drop' | 'duplicate' | 'replay' | 'hold';

/** A fault that is wanted: of each request that is meant, or only of so many. */
export interface Fault {
  readonly when: (request: RecordedRequest) => boolean;
  readonly mishap: Mishap;
  readonly times?: number;
}

/** Faults that are asked for now. */
export class Faults {
  readonly #faults = new Set<{ readonly fault: Fault; left: number }>();
  /** What is done to events; nothing when undefined. */
  events: ((request: RecordedRequest) => EventMishap | undefined) | undefined;

  /** Gives what takes the fault back. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity };
    this.#faults.add(entry);
    return () => this.#faults.delete(entry);
  }

  clear(): void {
    this.#faults.clear();
    this.events = undefined;
  }

  /** What goes wrong with this request; uses one up. */
  take(request: RecordedRequest): Mishap | undefined {
    for (const entry of this.#faults) {
      if (!entry.fault.when(request)) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.#faults.delete(entry);
      return entry.fault.mishap;
    }
    return undefined;
  }
}
