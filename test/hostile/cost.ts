/** Seconds of processor time that some work takes, the best of several runs: what else the machine does counts least there. */
async function secondsOf(work: () => unknown, runs = 2): Promise<number> {
  let best = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

/** What some work costs on a small text, and on one four times as large. */
export interface Growth {
  readonly small: number;
  readonly large: number;
}

/** How many times more the large text may cost: four times as much is linear, sixteen times is quadratic. */
const MOST_TIMES = 8;
/** Less than this many seconds are the machine's own doing. */
const NOISE = 0.05;
const TRIES = 4;

/** Whether the large text costs no more than its size allows. */
export function isLinear({ small, large }: Growth): boolean {
  return large < NOISE || large <= MOST_TIMES * Math.max(small, NOISE / MOST_TIMES);
}

/** Measures how the cost of work grows with its text; measures again when it seems to grow too fast. */
export async function growthOf(work: (characters: number) => () => unknown, characters: number): Promise<Growth> {
  const [onSmall, onLarge] = [work(characters / 4), work(characters)];
  let best: Growth = { small: Infinity, large: Infinity };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const large = Math.min(best.large, await secondsOf(onLarge, attempt === 0 ? 1 : 2));
    best = { small: Math.min(best.small, await secondsOf(onSmall)), large };
    if (isLinear(best)) break;
  }
  return best;
}

/** A line of figures for a reader. */
export function growthLine(name: string, { small, large }: Growth): string {
  const times = small > 0 ? (large / small).toFixed(1) : '-';
  return `      ${large.toFixed(3)} s, ${times} times the quarter: ${name}\n`;
}
