import { objectRule } from '../rule.ts';
import { soundScheduleOf } from '../schedules.ts';

/** The schedule comes round at some time. */
export const scheduleCanFire = objectRule({
  id: 'schedule-can-fire',
  kinds: ['Database', 'DatabaseBackup'],
  path: 'spec.backup.schedule',
  severity: 'error',
  on: 'write',
  why: 'Kubernetes takes a date that never comes, such as 31 February, without a word, and no backup is ever made.',
  remedy: 'choose a day that exists in the months named',
  allowed: [
    { spec: { backup: { schedule: '0 2 29 2 *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '0 2 31 * *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '0 2 31 2 MON', destination: 's3://backups/orders' } } },
  ],
  denied: [
    { spec: { backup: { schedule: '0 2 31 2 *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '0 2 31 4,6,9,11 *', destination: 's3://backups/orders' } } },
  ],
  check: (object) => {
    const sound = soundScheduleOf(object);
    if (!sound || sound.fires) return [];
    return [{ path: sound.path, value: sound.text, problem: 'must name a date that exists: this one never comes' }];
  },
});
