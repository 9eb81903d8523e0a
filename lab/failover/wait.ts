import { setTimeout as sleep } from 'node:timers/promises';
import { monotonic } from './clock.ts';

const POLL_MS = 50;

/** Waits this long; rejects when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}

/** Polls until the answer is yes; returns false when the time is over before. */
export async function waitFor(
  asked: () => boolean | Promise<boolean>,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const end = monotonic() + limitMs;
  while (!(await asked())) {
    if (monotonic() > end) return false;
    await pause(POLL_MS, signal);
  }
  return true;
}

/** The same, but throws when the time is over. */
export async function waitOrFail(
  asked: () => boolean | Promise<boolean>,
  limitMs: number,
  { signal, complaint }: { signal: AbortSignal; complaint: string },
): Promise<void> {
  if (!(await waitFor(asked, limitMs, signal))) throw new Error(`${complaint} after ${limitMs / 1000} s`);
}
