import type { FieldSchedule, Schedule } from './cron.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** In 28 years every date meets every day of the week, 29 February included; one day more for the pairs. */
const SAMPLE_DAYS = 28 * 365 + 7 + 1;
const SAMPLE_START = Date.UTC(2024, 0, 1);
/** Kubernetes' cron library gives up after five years. */
const HORIZON_YEARS = 5;

function has({ bits }: { bits: bigint }, value: number): boolean {
  return (bits >> BigInt(value)) & 1n ? true : false;
}

function values(field: { bits: bigint }, max: number): number[] {
  return Array.from({ length: max + 1 }, (_, value) => value).filter((value) => has(field, value));
}

/** The fields of a day that a schedule reads: the month from 1, the day of the month, and that of the week from Sunday. */
interface Day {
  readonly month: number;
  readonly date: number;
  readonly weekday: number;
}

function dayOf(time: number): Day {
  const day = new Date(time);
  return { month: day.getUTCMonth() + 1, date: day.getUTCDate(), weekday: day.getUTCDay() };
}

/** Returns a function that tells whether a day matches: both fields when one is `*`, else either, as in github.com/robfig/cron/v3. */
function dayMatcher({ dayOfMonth, month, dayOfWeek }: FieldSchedule): (day: Day) => boolean {
  // These three fit into 32 bits, which are faster than big integers.
  const months = Number(month.bits);
  const dates = Number(dayOfMonth.bits);
  const weekdays = Number(dayOfWeek.bits);
  const both = dayOfMonth.star || dayOfWeek.star;
  return (day) => {
    if ((months & (1 << day.month)) === 0) return false;
    const date = (dates & (1 << day.date)) !== 0;
    const weekday = (weekdays & (1 << day.weekday)) !== 0;
    return both ? date && weekday : date || weekday;
  };
}

let sample: readonly Day[] | undefined;

/** Days that contain every pair of neighbouring days that a calendar can have. */
function sampleDays(): readonly Day[] {
  return (sample ??= Array.from({ length: SAMPLE_DAYS }, (_, day) => dayOf(SAMPLE_START + day * DAY)));
}

/** Whether a schedule ever fires: `0 2 31 2 *` never does, 29 February does; by the rule of `dayMatcher`. */
export function canFire(schedule: Schedule): boolean {
  if ('everySeconds' in schedule) return true;
  const { minute, hour, dayOfMonth, month, dayOfWeek } = schedule;
  if (minute.bits === 0n || hour.bits === 0n || month.bits === 0n) return false;
  const date = LONGEST_MONTHS.some(
    (days, index) => has(month, index + 1) && values(dayOfMonth, 31).some((day) => day <= days),
  );
  const weekday = dayOfWeek.bits !== 0n;
  return dayOfMonth.star || dayOfWeek.star ? date && weekday : date || weekday;
}

function firesOnNeighbouringDays(schedule: FieldSchedule): boolean {
  const matches = dayMatcher(schedule);
  let before = false;
  for (const day of sampleDays()) {
    const now = matches(day);
    if (now && before) return true;
    before = now;
  }
  return false;
}

/** Minutes between the two closest fires of a schedule; 1440 for a day or more, Infinity when it never fires. */
export function shortestGapMinutes(schedule: Schedule): number {
  if ('everySeconds' in schedule) return Math.min(schedule.everySeconds / 60, 1440);
  if (!canFire(schedule)) return Infinity;
  const minutes = values(schedule.minute, 59);
  const times = values(schedule.hour, 23).flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const overnight = 1440 - (times.at(-1) ?? 0) + (times[0] ?? 0);
  const shortest = Math.min(...gaps, 1440);
  return overnight < shortest && firesOnNeighbouringDays(schedule) ? overnight : shortest;
}

/** The longest gap between two fires of a schedule in days, at least 1; Infinity when it never fires. */
export function longestGapDays(schedule: Schedule): number {
  if ('everySeconds' in schedule) return Math.max(1, Math.ceil(schedule.everySeconds / 86_400));
  if (!canFire(schedule)) return Infinity;
  let last: number | undefined;
  let longest = 1;
  const matches = dayMatcher(schedule);
  for (const [day, date] of sampleDays().entries()) {
    if (!matches(date)) continue;
    longest = Math.max(longest, day - (last ?? day));
    last = day;
  }
  return longest;
}

/** The first fire after a moment, with the schedule in UTC; undefined when there is none in five years. */
export function nextFire(schedule: Schedule, after: Date): Date | undefined {
  if ('everySeconds' in schedule) {
    const second = Math.floor(after.getTime() / 1000);
    return new Date((second + schedule.everySeconds) * 1000);
  }
  const start = Math.floor(after.getTime() / MINUTE) * MINUTE + MINUTE;
  const hours = values(schedule.hour, 23);
  const minutes = values(schedule.minute, 59);
  const matches = dayMatcher(schedule);
  const lastYear = new Date(after.getTime() + 1000).getUTCFullYear() + HORIZON_YEARS;
  for (let day = Math.floor(start / DAY) * DAY; new Date(day).getUTCFullYear() <= lastYear; day += DAY) {
    if (!matches(dayOf(day))) continue;
    for (const hour of hours) {
      const time = minutes.map((minute) => day + (hour * 60 + minute) * MINUTE).find((moment) => moment >= start);
      if (time !== undefined) return new Date(time);
    }
  }
  return undefined;
}
