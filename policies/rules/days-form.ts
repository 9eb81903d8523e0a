import { typeRule } from '../type-rule.ts';

/** From 1 to 3650. */
const DAYS = /^(?:[1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-4][0-9]|3650)d?$/;

/** Requires a number of days. */
export const daysForm = typeRule({
  id: 'days-form',
  holds: 'days',
  severity: 'error',
  why: 'An age that cannot be read would be no limit, or one that nothing meets.',
  remedy: 'write days as 7 or "7d" (1 to 3650)',
  cel: (value) => `string(${value}).matches('${DAYS.source}')`,
  allowed: [1, '7', '7d', 365, '3650d'],
  denied: [0, -1, 3651, '7w', '168h', '07d', ''],
  judge: (value, path) =>
    DAYS.test(String(value)) ? [] : [{ path, value, problem: 'must be a number of days from 1 to 3650' }],
});
