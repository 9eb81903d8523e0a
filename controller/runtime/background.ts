import type { Clock } from '../../kubernetes/clock.ts';
import { pause } from '../../kubernetes/clock.ts';

/** Work up to this duration is awaited. */
const SHORT_MS = 1000;
/** Bounds the concurrent restarts of members over all Databases. */
const MOST = 64;

/** Called when work ends that continued in the background. */
export interface OnEnd {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Work that may take minutes and runs outside of a pass, so that it does not occupy a worker. */
export class Background {
  readonly #clock: Clock;
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the maximum of background work is reached. */
  get isFull(): boolean {
    return this.#running >= MOST;
  }

  /** Waits a short time for work: returns whether it has ended by then. Rejects when the work failed by then. */
  async endsSoon(work: Promise<void>): Promise<boolean> {
    const waited = new AbortController();
    try {
      const isLong = pause(this.#clock, SHORT_MS, waited.signal).then(() => false);
      return await Promise.race([work.then(() => true), isLong]);
    } finally {
      waited.abort();
    }
  }

  /** Lets work continue, and calls back at its end. */
  follow(work: Promise<void>, onEnd: OnEnd): void {
    this.#running += 1;
    work.then(
      () => {
        this.#running -= 1;
        onEnd.done();
      },
      (error: unknown) => {
        this.#running -= 1;
        onEnd.failed(error);
      },
    );
  }
}
