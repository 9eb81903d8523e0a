import type { Attempt } from './attempt.ts';
import { acknowledged } from './attempt.ts';

/** A time without an acknowledged write, from one acknowledgement to the next. Milliseconds of the monotonic clock. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** Whether a write ended it; if not, it lasted until nobody measured any more, or longer. */
  readonly ended: boolean;
}

/** What is looked at. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The longest gap of these attempts that reaches into the window; undefined when nothing was acknowledged before the
 * window ended, because then nobody knows when the gap began.
 */
export function longestGap(attempts: readonly Attempt[], { from, to }: Window): Gap | undefined {
  const times = acknowledged(attempts)
    .map(({ end }) => end)
    .filter((end) => end <= to);
  const last = times.at(-1);
  if (last === undefined) return undefined;
  const between = times.slice(1).map((time, index): Gap => ({ from: times[index] ?? time, to: time, ended: true }));
  const gaps = [...between, { from: last, to, ended: false }].filter((gap) => gap.to >= from);
  return gaps.reduce((longest, gap) => (gap.to - gap.from > longest.to - longest.from ? gap : longest));
}
