import { memoize } from '../database/memoize.ts';
import { parseSchedule } from '../database/values/cron.ts';
import { canFire, shortestGapMinutes } from '../database/values/fires.ts';

/** The verdict on a schedule's text, with the facts about its fires when it is valid. */
export const readSchedule = memoize((text) => {
  const result = parseSchedule(text);
  if (!result.ok) return result;
  return { ok: true as const, fires: canFire(result.schedule), gap: shortestGapMinutes(result.schedule) };
});
