import { readSchedule } from '../schedules.ts';
import { typeRule } from '../type-rule.ts';

/** Refuses a schedule that never fires. */
export const scheduleCanFire = typeRule({
  id: 'schedule-can-fire',
  holds: 'schedule',
  severity: 'error',
  why: 'Kubernetes takes a date that never comes, such as 31 February, without a word, and no backup is ever made.',
  remedy: 'choose a day that exists in the months named',
  allowed: ['0 2 29 2 *', '0 2 31 * *', '0 2 31 2 MON'],
  denied: ['0 2 31 2 *', '0 2 31 4,6,9,11 *'],
  judge: (value, path) => {
    const read = readSchedule(value);
    if (!read.ok || read.fires) return [];
    return [{ path, value, problem: 'must name a date that exists: this one never comes' }];
  },
});
