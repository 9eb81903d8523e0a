import { setTimeout as sleep } from 'node:timers/promises';
import { monotonic } from './clock.ts';

const POLL_MS = 50;

/** Waits so long; rejected as soon as the signal says that nobody wants it any more. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}

/** Asks again and again; gives whether the answer was yes before the time was over. */
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

/** The same, but a no to the end is an error. */
export async function waitOrFail(
  asked: () => boolean | Promise<boolean>,
  limitMs: number,
  { signal, complaint }: { signal: AbortSignal; complaint: string },
): Promise<void> {
  if (!(await waitFor(asked, limitMs, signal))) throw new Error(`${complaint} after ${limitMs / 1000} s`);
}
