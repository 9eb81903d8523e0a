import { memoize } from '../../../database/memoize.ts';
import type { Schedule } from '../../../database/values/cron.ts';
import { parseSchedule } from '../../../database/values/cron.ts';
import { nextFire } from '../../../database/values/fires.ts';

/** Undefined for a time zone that Kubernetes has and Node does not, such as one that is newer than this Node. */
const formatOf = memoize((timeZone) => {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
});

/** The local time of a zone, encoded as if it were UTC. */
function wallOf(time: number, timeZone: string): number {
  const parts = new Map(
    (formatOf(timeZone)?.formatToParts(time) ?? []).map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

const DAY_MS = 86_400_000;

/** The first moment with this local time in a zone; a time that is skipped in spring comes an hour later. */
function momentOf(wall: number, timeZone: string): number {
  const offsetAt = (time: number): number => wallOf(time, timeZone) - time;
  const before = wall - offsetAt(wall - DAY_MS);
  const after = wall - offsetAt(wall + DAY_MS);
  return [Math.min(before, after), Math.max(before, after)].find((time) => wallOf(time, timeZone) === wall) ?? before;
}

const readSchedule = memoize(parseSchedule);

function fireAfter(schedule: Schedule, timeZone: string, after: Date): Date | undefined {
  if (timeZone === 'Etc/UTC' || timeZone === 'UTC' || 'everySeconds' in schedule) return nextFire(schedule, after);
  if (!formatOf(timeZone)) return undefined;
  let wall = wallOf(after.getTime(), timeZone);
  // When clocks go back, an hour occurs twice: the first match may lie in its first round, which is over.
  for (let tries = 0; tries < 3; tries += 1) {
    const fire = nextFire(schedule, new Date(wall));
    if (!fire) return undefined;
    const moment = momentOf(fire.getTime(), timeZone);
    if (moment > after.getTime()) return new Date(moment);
    wall = fire.getTime();
  }
  return undefined;
}

/**
 * The next time after a moment when a CronJob with this schedule and time zone fires; undefined when it never does, or when the zone is
 * unknown.
 */
export function nextFireIn(schedule: string, timeZone: string, after: Date): Date | undefined {
  const read = readSchedule(schedule);
  return read.ok ? fireAfter(read.schedule, timeZone, after) : undefined;
}
