/** Seconds of processor time that some work takes. */
async function secondsOf(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** What some work costs on a small text, on one four times as large, and what plain work costs on the large one. */
export interface Growth {
  readonly small: number;
  readonly large: number;
  readonly plain: number;
}

/** How many times more the large text may cost: four times as much is linear, sixteen times is quadratic. */
const MOST_TIMES = 8;
/** How many times as much as plain work: plain fields cost about a third of a second for a megabyte. */
const MOST_TIMES_PLAIN = 10;
/** Less than this many seconds are the machine's own doing. */
const NOISE = 0.05;
const TRIES = 6;

/** Whether the large text costs no more than its size allows. */
export function isLinear({ small, large, plain }: Growth): boolean {
  if (large < NOISE) return true;
  return large <= MOST_TIMES * Math.max(small, NOISE / MOST_TIMES) && large <= MOST_TIMES_PLAIN * plain;
}

/** Work on a text, made ready for so many characters. */
export type Work = (characters: number) => () => unknown;

/**
 * Measures how the cost of work grows with its text: each figure is the best of several runs, in which whatever else the
 * machine does counts least. Measures again while the cost seems to grow too fast.
 */
export async function growthOf(work: Work, characters: number, plainWork?: Work): Promise<Growth> {
  const [onSmall, onLarge, onPlain] = [work(characters / 4), work(characters), plainWork?.(characters)];
  let best: Growth = { small: Infinity, large: Infinity, plain: Infinity };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    best = {
      small: Math.min(best.small, await secondsOf(onSmall), await secondsOf(onSmall)),
      large: Math.min(best.large, await secondsOf(onLarge)),
      plain: onPlain && best.large >= NOISE ? Math.min(best.plain, await secondsOf(onPlain)) : best.plain,
    };
    if (isLinear(best)) break;
  }
  return best;
}

/** A line of figures for a reader. */
export function growthLine(name: string, { small, large, plain }: Growth): string {
  const times = (part: number): string => (part > 0 && part < Infinity ? (large / part).toFixed(1) : '-');
  return `      ${large.toFixed(3)} s, ${times(small)} times a quarter of it, ${times(plain)} times plain fields: ${name}\n`;
}
