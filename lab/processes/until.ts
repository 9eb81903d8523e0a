import { setTimeout as sleep } from 'node:timers/promises';
import { Failed } from './command.ts';

const POLL_MS = 50;

/** Polls until the answer is yes; throws with `complaint` when that takes longer than `limitMs`. */
export async function until(
  asked: () => boolean | Promise<boolean>,
  limitMs: number,
  complaint: string,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await asked())) {
    if (performance.now() > end) throw new Failed(complaint);
    await sleep(POLL_MS);
  }
}
