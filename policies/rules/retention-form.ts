import { retentionOf } from '../../database/resolve.ts';
import type { Found } from '../rule.ts';
import { typeRule } from '../type-rule.ts';

/** Requires a retention that keeps at least one backup. */
export const retentionForm = typeRule({
  id: 'retention-form',
  holds: 'retention',
  severity: 'error',
  why: 'A retention of nothing would delete the last backup; one that cannot be read would keep all until the disk is full.',
  remedy: 'write days as 7 or "7d" (1 to 3650), and a count from 1 to 1000',
  allowed: ['7d', 14, { days: 7, count: 5 }],
  denied: ['7w', { days: 0 }, { count: 0 }],
  judge: (written, path) => {
    const { days, count } = retentionOf(written);
    const found: Found[] = [];
    if (days !== undefined && !(days >= 1 && days <= 3650)) {
      const isLong = typeof written === 'object';
      const place = isLong ? { path: [...path, 'days'], value: written.days } : { path, value: written };
      found.push({ ...place, problem: 'must be a number of days from 1 to 3650' });
    }
    if (count !== undefined && !(count >= 1 && count <= 1000)) {
      found.push({ path: [...path, 'count'], value: count, problem: 'must be from 1 to 1000' });
    }
    return found;
  },
});
