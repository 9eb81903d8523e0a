import type { Attempt } from './attempt.ts';
import { acknowledged } from './attempt.ts';

/** A time without an acknowledged write, from one acknowledgement to the next. Milliseconds of the monotonic clock. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** Whether a write ended it; otherwise it lasted until the end of the measurement, or longer. */
  readonly ended: boolean;
}

/** The period to examine. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The longest gap of these attempts that reaches into the window; undefined without an acknowledgement before the end of the window,
 * because the start of the gap is then unknown.
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
