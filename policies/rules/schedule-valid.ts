import { readSchedule } from '../schedules.ts';
import { typeRule } from '../type-rule.ts';

function remedyFor(text: string): string {
  if (text.includes('TZ')) return 'remove it from the schedule and set timeZone beside it';
  const fields = text.trim().split(/\s+/).length;
  if (fields === 6) return 'remove the first field: Kubernetes has no field for seconds';
  if (/[LW#]/.test(text))
    return 'Kubernetes knows no L, W or #; name the days, for example 1 for the first of the month';
  if (/\b7\b/.test(text.split(/\s+/)[4] ?? '')) return 'write 0 for Sunday; Kubernetes does not know day 7';
  return 'write five fields such as 0 2 * * *, or @daily';
}

/** Requires a schedule that a Kubernetes CronJob accepts. */
export const scheduleValid = typeRule({
  id: 'schedule-valid',
  holds: 'schedule',
  severity: 'error',
  why: 'The schedule becomes that of a CronJob. What Kubernetes refuses there would stop the whole sync, and other dialects of cron would run at other times.',
  remedy: 'write five fields such as 0 2 * * *, or @daily',
  allowed: ['0 2 * * *', '@daily', '*/15 0-6 1,15 JAN-MAR MON'],
  denied: ['0 0 2 * * *', '0 2 * * 7', '0 2 L * *', 'TZ=Europe/Berlin 0 2 * * *', '60 2 * * *', '@nightly'],
  judge: (value, path) => {
    const result = readSchedule(value);
    return result.ok ? [] : [{ path, value, problem: result.problem, remedy: remedyFor(value) }];
  },
});
