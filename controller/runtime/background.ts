import type { Clock } from '../../kubernetes/clock.ts';
import { pause } from '../../kubernetes/clock.ts';

/** What takes no longer than this is waited for. */
const SHORT_MS = 1000;
/** Members of all Databases do not restart at once. */
const MOST = 64;

/** What is done when work has ended that went on by itself. */
export interface OnEnd {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Work that may take minutes, and that nobody waits for: it must not hold a worker. */
export class Background {
  readonly #clock: Clock;
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether no more work may begin now. */
  get isFull(): boolean {
    return this.#running >= MOST;
  }

  /** Waits for work while it is short: whether it has ended by then. Rejected when it failed by then. */
  async endsSoon(work: Promise<void>): Promise<boolean> {
    const waited = new AbortController();
    try {
      const isLong = pause(this.#clock, SHORT_MS, waited.signal).then(() => false);
      return await Promise.race([work.then(() => true), isLong]);
    } finally {
      waited.abort();
    }
  }

  /** Lets work go on, and tells when it has ended. */
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
