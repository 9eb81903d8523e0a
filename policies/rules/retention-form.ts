import { retentionOf } from '../../database/resolve.ts';
import type { Found } from '../rule.ts';
import { objectRule } from '../rule.ts';

/** Retention keeps something. */
export const retentionForm = objectRule({
  id: 'retention-form',
  kinds: ['Database', 'DatabaseBackup'],
  path: 'spec.backup.retention',
  severity: 'error',
  on: 'write',
  why: 'A retention of nothing would delete the last backup; one that cannot be read would keep all until the disk is full.',
  remedy: 'write days as 7 or "7d" (1 to 3650), and a count from 1 to 1000',
  allowed: [
    { spec: { backup: { retention: '7d', destination: 's3://backups/orders' } } },
    { spec: { backup: { retention: 14, destination: 's3://backups/orders' } } },
    { spec: { backup: { retention: { days: 7, count: 5 }, destination: 's3://backups/orders' } } },
  ],
  denied: [
    { spec: { backup: { retention: '7w', destination: 's3://backups/orders' } } },
    { spec: { backup: { retention: { days: 0 }, destination: 's3://backups/orders' } } },
    { spec: { backup: { retention: { count: 0 }, destination: 's3://backups/orders' } } },
  ],
  check: (object) => {
    const holder = object.kind === 'Database' ? object.spec.backup : object.spec;
    const written = holder?.retention;
    if (written === undefined) return [];
    const path = object.kind === 'Database' ? ['spec', 'backup', 'retention'] : ['spec', 'retention'];
    const { days, count } = retentionOf(written);
    const long = typeof written === 'object';
    const found: Found[] = [];
    if (days !== undefined && !(days >= 1 && days <= 3650)) {
      const place = long ? { path: [...path, 'days'], value: written.days } : { path, value: written };
      found.push({ ...place, problem: 'must be a number of days from 1 to 3650' });
    }
    if (count !== undefined && !(count >= 1 && count <= 1000)) {
      found.push({ path: [...path, 'count'], value: count, problem: 'must be from 1 to 1000' });
    }
    return found;
  },
});
