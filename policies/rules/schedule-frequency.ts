import { objectRule } from '../rule.ts';
import { soundScheduleOf } from '../schedules.ts';

const LEAST_MINUTES = 10;

/** Backups are not started on each other's heels. */
export const scheduleFrequency = objectRule({
  id: 'schedule-frequency',
  kinds: ['Database', 'DatabaseBackup'],
  path: 'spec.backup.schedule',
  severity: 'warning',
  on: 'write',
  why: 'A backup takes minutes and reads the whole database; between two of them the write-ahead log already has everything.',
  remedy: 'back up once a day, or every few hours; point-in-time recovery covers the time between',
  allowed: [
    { spec: { backup: { schedule: '*/10 * * * *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '55 23 * * MON', destination: 's3://backups/orders' } } },
  ],
  denied: [
    { spec: { backup: { schedule: '*/5 * * * *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '58,2 * * * *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '@every 1m', destination: 's3://backups/orders' } } },
  ],
  check: (object) => {
    const sound = soundScheduleOf(object);
    if (!sound || sound.gap >= LEAST_MINUTES) return [];
    const { gap } = sound;
    const words = gap < 1 ? 'less than a minute' : gap === 1 ? '1 minute' : `${Math.floor(gap)} minutes`;
    const problem = `starts backups ${words} apart; at least ${LEAST_MINUTES} minutes are advised`;
    return [{ path: sound.path, value: sound.text, problem }];
  },
});
