import { remember } from '../database/remember.ts';
import { parseSchedule } from '../database/values/cron.ts';
import { canFire, shortestGapMinutes } from '../database/values/fires.ts';

/** The verdict on a schedule's text, and what is known of its fires when it is one. */
export const readSchedule = remember((text) => {
  const result = parseSchedule(text);
  if (!result.ok) return result;
  return { ok: true as const, fires: canFire(result.schedule), gap: shortestGapMinutes(result.schedule) };
});
