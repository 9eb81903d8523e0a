import { readSchedule } from '../schedules.ts';
import { typeRule } from '../type-rule.ts';

const LEAST_MINUTES = 10;

/** Warns of too short intervals. */
export const scheduleFrequency = typeRule({
  id: 'schedule-frequency',
  holds: 'schedule',
  severity: 'warning',
  why: 'A backup, and a verification of one, takes minutes and reads the whole database; between two backups the write-ahead log already has everything.',
  remedy: 'run once a day, or every few hours; point-in-time recovery covers the time between two backups',
  allowed: ['*/10 * * * *', '55 23 * * MON'],
  denied: ['*/5 * * * *', '58,2 * * * *', '@every 1m'],
  judge: (value, path) => {
    const read = readSchedule(value);
    if (!read.ok || read.gap >= LEAST_MINUTES) return [];
    const { gap } = read;
    const words = gap < 1 ? 'less than a minute' : gap === 1 ? '1 minute' : `${Math.floor(gap)} minutes`;
    const problem = `starts runs ${words} apart; at least ${LEAST_MINUTES} minutes are advised`;
    return [{ path, value, problem }];
  },
});
