/** A recorded request. */
export interface RecordedRequest {
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The kind of its object; absent for an unknown kind. */
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly contentType: string;
  readonly body?: unknown;
  /** Which of the connections sent it. */
  readonly client: string;
  readonly isWatch: boolean;
  /** Whether it asks for the metadata of objects only. */
  readonly isMetadataOnly: boolean;
  /** HTTP status of the answer; 0 without an answer. */
  code: number;
}

/** The failure of a request. */
export type Mishap =
  | { readonly status: number; readonly reason?: string; readonly retryAfterSeconds?: number }
  /** The request has no effect, and gets no answer. */
  | 'never'
  /** The connection breaks before the request takes effect. */
  | 'drop-before'
  /** The connection breaks after the request took effect. */
  | 'drop-after';

/** The failure of one event of a watch. Held back: delivered after the next one. Replayed: an older one is delivered again after it. */
export type EventMishap = 'drop' | 'duplicate' | 'replay' | 'hold';

/** A requested fault: for each matching request, or only for a number of them. */
export interface Fault {
  readonly when: (request: RecordedRequest) => boolean;
  readonly mishap: Mishap;
  readonly times?: number;
}

/** The active faults. */
export class Faults {
  readonly #faults = new Set<{ readonly fault: Fault; left: number }>();
  /** The failures of events; none when undefined. */
  events: ((request: RecordedRequest) => EventMishap | undefined) | undefined;

  /** Adds a fault; returns the function that ends it. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity };
    this.#faults.add(entry);
    return () => this.#faults.delete(entry);
  }

  clear(): void {
    this.#faults.clear();
    this.events = undefined;
  }

  /** The failure of this request; uses one up. */
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
