import { ApiError } from './api.ts';
import type { Backoff, Clock } from './clock.ts';
import { backoffMs } from './clock.ts';

/** What became of a key. */
export interface Outcome {
  /** To be worked on again after that, even when nothing changes. */
  readonly againMs?: number;
  /** Did not succeed, without being a fault: again with backoff as after a failure, but nobody is told. */
  readonly retry?: boolean;
  /** There is no such thing any more: everything about the key is forgotten. */
  readonly isGone?: boolean;
}

/** How keys are worked on. */
export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Most keys at a time. */
  readonly workers: number;
  /**
   * Works on one key, never twice at once. A rejection is a failure: told to `onFailure`, tried again with backoff, and
   * not before an ApiError says.
   */
  readonly work: (key: string) => Promise<Outcome | undefined>;
  readonly onFailure: (key: string, error: unknown) => void;
  /** Keys that share workers, such as those of a namespace; every key is one of its own when absent. */
  readonly groupOf?: (key: string) => string;
  readonly backoff?: Backoff;
}

/** What a queue tells metrics. */
export interface QueueFigures {
  /** Keys that are due and not being worked on. */
  readonly depth: number;
  /** How long the key that is due longest has waited. */
  readonly oldestWaitSeconds: number;
  readonly running: number;
  /** How often a key was put back after a failure, ever. */
  readonly retries: number;
}

interface Later {
  readonly at: number;
  readonly cancel: () => void;
}

/** The part of the workers that a group may have: what is slow in one namespace must not hold all. */
const GROUP_PART = 1 / 2;

const BACKOFF: Backoff = { firstMs: 250, mostMs: 60_000 };

/** Keys that are due, each at most once, and the work on them. */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  /** Since when a key is due, in the order in which they became so. */
  readonly #due = new Map<string, number>();
  /** Of the keys that are due those that go before all others. */
  readonly #urgent = new Set<string>();
  readonly #later = new Map<string, Later>();
  readonly #failures = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #groups = new Map<string, number>();
  #state: 'waiting' | 'working' | 'ended' = 'waiting';
  #retries = 0;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Makes a key due now, before all that are not urgent when it is. One that is being worked on is due again after that. */
  add(key: string, { isUrgent = false }: { readonly isUrgent?: boolean } = {}): void {
    if (this.#state === 'ended') return;
    if (isUrgent) this.#urgent.add(key);
    if (this.#due.has(key)) return;
    this.#due.set(key, this.#options.clock.now());
    this.#begin();
  }

  /** Makes a key due later. Of several times the earliest holds; `add` does not take it back. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#state === 'ended') return;
    const { clock } = this.#options;
    const at = clock.now() + milliseconds;
    const known = this.#later.get(key);
    if (known && known.at <= at) return;
    known?.cancel();
    const cancel = clock.after(milliseconds, () => {
      this.#later.delete(key);
      this.add(key);
    });
    this.#later.set(key, { at, cancel });
  }

  /** Forgets failures and later times of a key, because it is gone; what is due or being worked on goes on. */
  forget(key: string): void {
    this.#failures.delete(key);
    this.#later.get(key)?.cancel();
    this.#later.delete(key);
  }

  /** Begins to work; keys may be added before. */
  start(): void {
    if (this.#state === 'waiting') this.#state = 'working';
    this.#begin();
  }

  /** Takes no more keys and begins no more work; fulfilled when all work that was begun has ended. */
  async drain(): Promise<void> {
    this.#state = 'ended';
    for (const { cancel } of this.#later.values()) cancel();
    this.#later.clear();
    this.#due.clear();
    this.#urgent.clear();
    await Promise.all(this.#running.values());
  }

  figures(): QueueFigures {
    const [oldest] = this.#due.values();
    const waited = oldest === undefined ? 0 : this.#options.clock.now() - oldest;
    const { size: depth } = this.#due;
    return { depth, oldestWaitSeconds: waited / 1000, running: this.#running.size, retries: this.#retries };
  }

  #begin(): void {
    if (this.#state !== 'working') return;
    this.#beginSome(this.#urgent);
    this.#beginSome(this.#due.keys());
  }

  #beginSome(keys: Iterable<string>): void {
    for (const key of keys) {
      if (this.#running.size >= this.#options.workers) return;
      if (this.#running.has(key) || this.#isFull(key)) continue;
      this.#due.delete(key);
      this.#urgent.delete(key);
      this.#count(key, 1);
      this.#running.set(key, this.#work(key));
    }
  }

  #groupOf(key: string): string {
    return this.#options.groupOf?.(key) ?? key;
  }

  #isFull(key: string): boolean {
    const most = Math.max(1, Math.floor(this.#options.workers * GROUP_PART));
    return (this.#groups.get(this.#groupOf(key)) ?? 0) >= most;
  }

  #count(key: string, change: 1 | -1): void {
    const group = this.#groupOf(key);
    const count = (this.#groups.get(group) ?? 0) + change;
    if (count > 0) this.#groups.set(group, count);
    else this.#groups.delete(group);
  }

  async #work(key: string): Promise<void> {
    try {
      // Work that waits for nothing would keep the event loop to itself until no key is due.
      await this.#options.clock.turn();
      const outcome = await this.#options.work(key);
      if (outcome?.isGone) this.forget(key);
      else if (outcome?.retry) this.#retry(key, 0);
      else this.#failures.delete(key);
      if (outcome?.againMs !== undefined) this.addAfter(key, outcome.againMs);
    } catch (error) {
      this.#retry(key, (error instanceof ApiError ? (error.retryAfterSeconds ?? 0) : 0) * 1000);
      this.#tell(key, error);
    } finally {
      this.#running.delete(key);
      this.#count(key, -1);
      this.#begin();
    }
  }

  /** Nobody waits for the work: what is thrown here would be nobody's. */
  #tell(key: string, error: unknown): void {
    try {
      this.#options.onFailure(key, error);
    } catch {
      // Whoever is told of failures fails himself: there is nobody left to tell.
    }
  }

  #retry(key: string, leastMs: number): void {
    const { clock, backoff = BACKOFF } = this.#options;
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#retries += 1;
    this.addAfter(key, Math.max(leastMs, backoffMs(backoff, failures, clock.random)));
  }
}
