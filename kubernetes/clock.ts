import { setImmediate } from 'node:timers/promises';

/** Time and chance, so that tests can hold both in their hands. */
export interface Clock {
  /** Milliseconds that only grow; their start means nothing. */
  readonly now: () => number;
  /** The date, as the machine believes it. */
  readonly date: () => Date;
  /** Calls back after so many milliseconds; the result takes that back. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  /** Lets all that waits for the event loop go first. */
  readonly turn: () => Promise<void>;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
  turn: () => setImmediate(),
  random: () => Math.random(),
};

/** Waits so long, or until the signal; never fails. */
export function pause(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(milliseconds, end);
    signal?.addEventListener('abort', end);
  });
}

/** How waiting grows while something keeps failing. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * How long to wait after so many failures in a row (the first is 1): doubling up to the cap, less up to a quarter by
 * chance, so that many who failed together do not come back together.
 */
export function backoffMs({ firstMs, mostMs }: Backoff, failures: number, random: () => number): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return whole * (1 - random() / 4);
}

/** A date as Kubernetes' MicroTime wants it, with six digits behind the second. */
export function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
