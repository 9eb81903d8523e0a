import { objectRule } from '../rule.ts';
import { readSchedule, scheduleOf } from '../schedules.ts';

function remedyFor(text: string): string {
  if (text.includes('TZ')) return 'remove it from the schedule and set timeZone beside it';
  const fields = text.trim().split(/\s+/).length;
  if (fields === 6) return 'remove the first field: Kubernetes has no field for seconds';
  if (/[LW#]/.test(text))
    return 'Kubernetes knows no L, W or #; name the days, for example 1 for the first of the month';
  if (/\b7\b/.test(text.split(/\s+/)[4] ?? '')) return 'write 0 for Sunday; Kubernetes does not know day 7';
  return 'write five fields such as 0 2 * * *, or @daily';
}

/** The schedule is one that a Kubernetes CronJob takes. */
export const scheduleValid = objectRule({
  id: 'schedule-valid',
  kinds: ['Database', 'DatabaseBackup'],
  path: 'spec.backup.schedule',
  severity: 'error',
  on: 'write',
  why: 'The schedule becomes that of a CronJob. What Kubernetes refuses there would stop the whole sync, and other dialects of cron would run at other times.',
  remedy: 'write five fields such as 0 2 * * *, or @daily',
  allowed: [
    { spec: { backup: { schedule: '0 2 * * *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '@daily', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '*/15 0-6 1,15 JAN-MAR MON', destination: 's3://backups/orders' } } },
  ],
  denied: [
    { spec: { backup: { schedule: '0 0 2 * * *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '0 2 * * 7', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '0 2 L * *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: 'TZ=Europe/Berlin 0 2 * * *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '60 2 * * *', destination: 's3://backups/orders' } } },
    { spec: { backup: { schedule: '@nightly', destination: 's3://backups/orders' } } },
  ],
  check: (object) => {
    const scheduled = scheduleOf(object);
    if (!scheduled) return [];
    const { path, text } = scheduled;
    const result = readSchedule(text);
    return result.ok ? [] : [{ path, value: text, problem: result.problem, remedy: remedyFor(text) }];
  },
});
