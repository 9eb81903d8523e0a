import { objectRule } from '../rule.ts';

/** Warns of what a DatabaseBackup cannot ask for yet: a schedule of its own, and a place of its own. */
export const backupObjectNotYet = objectRule({
  id: 'backup-object-not-yet',
  kinds: ['DatabaseBackup'],
  path: 'spec',
  severity: 'warning',
  on: 'write',
  why: 'One backup of a Database, now and into the place of its other backups, is made. With a schedule or a destination of its own the object stays Pending, and no backup is made of it.',
  remedy: 'take it away, and use the schedule and the place in spec.backup of the Database',
  allowed: [{ spec: { databaseRef: { name: 'orders' } } }],
  denied: [
    { spec: { databaseRef: { name: 'orders' }, schedule: '0 4 * * 0' } },
    { spec: { databaseRef: { name: 'orders' }, destination: 's3://other/orders' } },
  ],
  check: ({ spec }) =>
    (['schedule', 'destination'] as const)
      .filter((field) => spec[field] !== undefined)
      .map((field) => ({ path: ['spec', field], problem: `a ${field} of its own has no effect yet` })),
});
