import type { ApiError, WatchEvent, WatchHandle, WatchHandlers, WatchOptions } from '../../kubernetes/api.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { EventMishap } from './fake-api/faults.ts';
import type { Kind } from './fake-api/kinds.ts';
import { REFUSALS } from './fake-api/refused.ts';
import type { Matches } from './fake-api/selectors.ts';
import { matcher } from './fake-api/selectors.ts';
import type { Entry, Storage } from './fake-api/storage.ts';
import { withMetadataOnly } from './fake-api/metadata-only.ts';
import { eventOf } from './fake-api/stream.ts';

/** Dependencies of a simulated watch. */
export interface SimulatedWatchOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly kind: Kind;
  readonly options: WatchOptions;
  readonly handlers: WatchHandlers;
  readonly latencyMs: () => number;
  readonly mishap: () => EventMishap | undefined;
}

const BOOKMARK_MS = 60_000;

/** A copy, as from the network: the reader may remove parts of the object. */
function ofItsOwn({ type, object }: WatchEvent): WatchEvent {
  const { metadata } = object as { metadata?: object };
  return { type, object: { ...object, ...(metadata && { metadata: { ...metadata } }) } };
}

/** A watch in simulated time. Events arrive in order, each with its own delay, unless a fault changes that. */
export class SimulatedWatch implements WatchHandle {
  readonly #made: SimulatedWatchOptions;
  readonly #matches: Matches;
  #unlisten: () => void = () => undefined;
  #held: WatchEvent | undefined;
  #isOver = false;
  #readyAt: number;

  constructor(made: SimulatedWatchOptions) {
    this.#made = made;
    const { labelSelector, namespace } = made.options;
    this.#matches = matcher(namespace, new URLSearchParams(labelSelector === undefined ? {} : { labelSelector }));
    this.#readyAt = made.clock.now();
  }

  start(): void {
    const { storage, options } = this.#made;
    const past = storage.since(Number(options.resourceVersion));
    if (!past) {
      this.#send([{ type: 'ERROR', object: { ...REFUSALS.expired().status } }]);
      return;
    }
    const take = (entry: Entry): void => {
      this.#take(entry);
    };
    past.forEach(take);
    this.#unlisten = storage.listen(take);
    this.#made.clock.after(BOOKMARK_MS, () => {
      this.#bookmark();
    });
  }

  stop(): void {
    this.#isOver = true;
    this.#unlisten();
  }

  /** Ends the watch after the events already sent; in order without a failure. */
  end(failure?: ApiError): void {
    this.#unlisten();
    this.#later(() => {
      this.#isOver = true;
      this.#made.handlers.onEnd(failure);
    });
  }

  #take(entry: Entry): void {
    const { mishap } = this.#made;
    const event = this.#eventOf(entry);
    if (!event) return;
    const wrong = mishap();
    if (wrong === 'hold' && !this.#held) {
      this.#held = event;
      return;
    }
    const lines = wrong === 'drop' ? [] : [event];
    if (wrong === 'duplicate') lines.push(event);
    if (wrong === 'replay') lines.push(...this.#anyEarlier());
    this.#send(lines);
  }

  #eventOf(entry: Entry): WatchEvent | undefined {
    const isMeant = entry.kind.plural === this.#made.kind.plural;
    return isMeant ? (eventOf(entry, this.#matches) as WatchEvent | undefined) : undefined;
  }

  /** A random event of this kind from all of history, also from before this watch began. */
  #anyEarlier(): WatchEvent[] {
    const { storage, clock } = this.#made;
    const events = storage.history.map((entry) => this.#eventOf(entry)).filter((event) => event !== undefined);
    return events.slice(Math.floor(clock.random() * events.length)).slice(0, 1);
  }

  /** Sends these lines, and after them the held-back ones. */
  #send(lines: readonly WatchEvent[]): void {
    const all = this.#held ? [...lines, this.#held] : lines;
    this.#held = undefined;
    this.#later(() => {
      for (const line of all) {
        const told = this.#made.options.metadataOnly ? (withMetadataOnly(line) as WatchEvent) : line;
        if (!this.#isOver) this.#made.handlers.onEvent(ofItsOwn(told));
      }
    });
  }

  #bookmark(): void {
    if (this.#isOver) return;
    const { storage, clock } = this.#made;
    // Held-back events are sent before the bookmark passes them.
    this.#send([]);
    this.#send([{ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(storage.version) } } }]);
    clock.after(BOOKMARK_MS, () => {
      this.#bookmark();
    });
  }

  #later(call: () => void): void {
    const { clock, latencyMs } = this.#made;
    this.#readyAt = Math.max(this.#readyAt, clock.now() + latencyMs());
    clock.after(this.#readyAt - clock.now(), () => {
      if (!this.#isOver) call();
    });
  }
}
