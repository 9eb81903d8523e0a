import { ApiError } from './api.ts';
import type { Backoff, Clock } from './clock.ts';
import { backoffMs } from './clock.ts';

/** The result of working on a key. */
export interface Outcome {
  /** Milliseconds after which the key is due again, even without a change. */
  readonly againMs?: number;
  /** Retries with backoff as after a failure, but without calling `onFailure`. */
  readonly retry?: boolean;
  /** The key's object is gone: the queue forgets the key. */
  readonly isGone?: boolean;
}

/** Options of a queue. */
export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Maximum number of keys in work at the same time. */
  readonly workers: number;
  /**
   * Works on one key, never twice at once. A rejection is a failure: the queue calls `onFailure` and retries with backoff, no earlier
   * than an ApiError's Retry-After.
   */
  readonly work: (key: string) => Promise<Outcome | undefined>;
  readonly onFailure: (key: string, error: unknown) => void;
  /** The group of a key, such as its namespace; groups share the workers. Each key is its own group when absent. */
  readonly groupOf?: (key: string) => string;
  readonly backoff?: Backoff;
}

/** Figures of a queue for metrics. */
export interface QueueFigures {
  /** Number of keys that are due and not in work. */
  readonly depth: number;
  /** Seconds for which the longest-waiting key has been due. */
  readonly oldestWaitSeconds: number;
  readonly running: number;
  /** Total number of retries after failures. */
  readonly retries: number;
}

interface Later {
  readonly at: number;
  readonly cancel: () => void;
}

/** Maximum share of the workers per group: slow work in one namespace must not hold all workers. */
const GROUP_PART = 1 / 2;

const BACKOFF: Backoff = { firstMs: 250, mostMs: 60_000 };

/** A set of due keys, each at most once, and the work on them. */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  /** The time since when each key is due, in that order. */
  readonly #due = new Map<string, number>();
  /** The due keys that go before all others. */
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

  /** Makes a key due now; an urgent key goes before all others. A key in work becomes due again afterwards. */
  add(key: string, { isUrgent = false }: { readonly isUrgent?: boolean } = {}): void {
    if (this.#state === 'ended') return;
    if (isUrgent) this.#urgent.add(key);
    if (this.#due.has(key)) return;
    this.#due.set(key, this.#options.clock.now());
    this.#begin();
  }

  /** Makes a key due later. The earliest of several times counts; `add` does not cancel it. */
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

  /** Forgets a key's failures and later times because its object is gone; due keys and work in progress continue. */
  forget(key: string): void {
    this.#failures.delete(key);
    this.#later.get(key)?.cancel();
    this.#later.delete(key);
  }

  /** Starts the work; keys may be added before. */
  start(): void {
    if (this.#state === 'waiting') this.#state = 'working';
    this.#begin();
  }

  /** Accepts no more keys and starts no more work; resolves when all work in progress has ended. */
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
      // Work without I/O would otherwise occupy the event loop until no key is due.
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

  /** Calls `onFailure`. No caller awaits the work, so an exception here would be uncaught. */
  #tell(key: string, error: unknown): void {
    try {
      this.#options.onFailure(key, error);
    } catch {
      // `onFailure` itself failed, and no other listener is left.
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
