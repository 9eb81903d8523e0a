import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../errors.ts';

const LOOK_EVERY_MS = 1_000;
/** Failed looks in a row after which waiting ends: an API server may be away for a moment. */
const MOST_FAILURES = 10;

interface Waiting<T> {
  readonly look: () => Promise<T>;
  /** Whether the wait is over; told about each look. */
  readonly isOver: (seen: T) => boolean;
  readonly seconds: number;
}

/** Looks again and again until it is over; undefined when the time is up first. */
export async function waitUntil<T>({ look, isOver, seconds }: Waiting<T>): Promise<T | undefined> {
  const end = performance.now() + seconds * 1000;
  let failures = 0;
  for (;;) {
    try {
      const seen = await look();
      failures = 0;
      if (isOver(seen)) return seen;
    } catch (error) {
      failures += 1;
      if (!(error instanceof UsageError) || failures > MOST_FAILURES) throw error;
    }
    if (performance.now() > end) return undefined;
    await sleep(LOOK_EVERY_MS);
  }
}
