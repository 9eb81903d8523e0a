import { setImmediate } from 'node:timers/promises';

/** Time and randomness as one dependency, so that tests control both. */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary start. */
  readonly now: () => number;
  /** The system's date. */
  readonly date: () => Date;
  /** Calls back after this many milliseconds; returns a function that cancels the call. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  /** Yields to the event loop. */
  readonly turn: () => Promise<void>;
  /** Random number: at least 0, less than 1. */
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

/** Resolves after this time, or when the signal aborts; never rejects. */
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

/** How a delay grows with consecutive failures. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * Milliseconds to wait after this many consecutive failures (the first is 1). The delay doubles up to the cap, less up to a quarter at
 * random, so that clients which failed together do not retry together.
 */
export function backoffMs({ firstMs, mostMs }: Backoff, failures: number, random: () => number): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return whole * (1 - random() / 4);
}

/** Formats a date as Kubernetes' MicroTime, with six digits after the second. */
export function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
