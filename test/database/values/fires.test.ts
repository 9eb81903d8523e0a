import { expect } from 'chai';
import { parseSchedule } from '../../../database/values/cron.ts';
import type { Schedule } from '../../../database/values/cron.ts';
import { canFire, nextFire, shortestGapMinutes } from '../../../database/values/fires.ts';
import { chance, fuzzSchedule } from '../../oracle/fuzz.ts';

const SEED = 7;

function schedule(text: string): Schedule {
  const result = parseSchedule(text);
  if (!result.ok) throw new Error(`${text} ${result.problem}`);
  return result.schedule;
}

const NEVER = [
  '0 2 31 2 *',
  '0 2 30 2 *',
  '0 2 30,31 2 *',
  '0 2 31 4,6,9,11 *',
  '0 2 31 2 ?',
  '0 2 31 2 *,1',
  ', * * * *',
  '0 0 , * *',
];
const EVER = ['0 2 29 2 *', '0 2 31 1 *', '0 2 31 2 1', '0 0 , * 1', '0 2 31 2,3 *', '@daily', '@every 1h'];

const GAPS: Readonly<Record<string, number>> = {
  '* * * * *': 1,
  '*/10 * * * *': 10,
  '*/59 * * * *': 1,
  '*/45 * * * *': 15,
  '0,55 * * * *': 5,
  '0 2 * * *': 1440,
  '0 */6 * * *': 360,
  '50 23 * * *': 1440,
  '0,59 0,23 * * *': 1,
  '0,59 0,23 1 * *': 59,
  '0,59 0,23 1,2 * *': 1,
  '0,59 0,23 29 2 3': 1,
  '0 0 * * 0': 1440,
  '0 0 31 2 *': Infinity,
  '@every 90s': 1.5,
  '@every 48h': 1440,
};

const NEXT: Readonly<Record<string, readonly [text: string, after: string, next: string | undefined]>> = {
  'is later than the moment itself': ['0 2 * * *', '2026-01-01T02:00:00Z', '2026-01-02T02:00:00.000Z'],
  'waits for the leap year': ['0 2 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T02:00:00.000Z'],
  'is given up after five years, so around 2100': ['0 2 29 2 *', '2096-03-01T00:00:00Z', undefined],
  'takes either day when both fields are restricted': [
    '0 0 13 * 5',
    '2026-01-01T00:00:00Z',
    '2026-01-02T00:00:00.000Z',
  ],
  'takes both when one is a star': ['0 0 13 * ?', '2026-01-01T00:00:00Z', '2026-01-13T00:00:00.000Z'],
  'counts a star with a step as restricted': ['0 0 13 * */2', '2026-01-01T00:00:00Z', '2026-01-03T00:00:00.000Z'],
  'of @every is counted from the full second': ['@every 1h', '2026-01-01T00:00:00.900Z', '2026-01-01T01:00:00.000Z'],
};

/** The shortest gap by looking at every fire of two weeks. */
function watchedGap(watched: Schedule, from: string): number {
  let before = nextFire(watched, new Date(from));
  const end = new Date(from).getTime() + 14 * 86_400_000;
  let shortest = 1440;
  while (before && before.getTime() < end) {
    const next = nextFire(watched, before);
    if (next) shortest = Math.min(shortest, (next.getTime() - before.getTime()) / 60_000);
    before = next;
  }
  return shortest;
}

describe('The fires of a schedule', () => {
  for (const text of NEVER) it(`never come: ${text}`, () => expect(canFire(schedule(text))).to.equal(false));
  for (const text of EVER) it(`come: ${text}`, () => expect(canFire(schedule(text))).to.equal(true));

  for (const [text, minutes] of Object.entries(GAPS)) {
    it(`are ${minutes} minutes apart at least: ${text}`, () =>
      expect(shortestGapMinutes(schedule(text))).to.equal(minutes));
  }

  for (const [name, [text, after, next]] of Object.entries(NEXT)) {
    it(`the next one ${name}`, () => expect(nextFire(schedule(text), new Date(after))?.toISOString()).to.equal(next));
  }

  it('are never closer than the shortest gap, and that close when every day is one', () => {
    const random = chance(SEED);
    for (let index = 0; index < 400; index += 1) {
      const text = fuzzSchedule(random);
      const result = parseSchedule(text);
      if (!result.ok || 'everySeconds' in result.schedule || !canFire(result.schedule)) continue;
      const shortest = shortestGapMinutes(result.schedule);
      const watched = watchedGap(result.schedule, '2028-02-20T00:00:00Z');
      expect(watched, text).to.be.at.least(shortest);
      const { dayOfMonth, month, dayOfWeek } = result.schedule;
      const daily = dayOfMonth.star && dayOfWeek.star && month.star;
      if (daily) expect(watched, text).to.equal(shortest);
    }
  }).timeout(20_000);
});
