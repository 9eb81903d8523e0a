import { objectRule } from '../rule.ts';

/** Warns of what a DatabaseBackup cannot ask for yet: a schedule of its own. */
export const backupObjectNotYet = objectRule({
  id: 'backup-object-not-yet',
  kinds: ['DatabaseBackup'],
  path: 'spec',
  severity: 'warning',
  on: 'write',
  why: 'One backup of a Database, now, is made. With a schedule of its own the object stays Pending, and no backup is made of it.',
  remedy: 'take it away, and use the schedule in spec.backup of the Database',
  allowed: [{ spec: { databaseRef: { name: 'orders' } } }],
  denied: [{ spec: { databaseRef: { name: 'orders' }, schedule: '0 4 * * 0' } }],
  check: ({ spec }) =>
    spec.schedule === undefined
      ? []
      : [{ path: ['spec', 'schedule'], problem: 'a schedule of its own has no effect yet' }],
});
