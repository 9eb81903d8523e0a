import { objectRule } from '../rule.ts';

/** Requires a confirmation before a restore overwrites data. */
export const restoreConfirmed = objectRule({
  id: 'restore-confirmed',
  kinds: ['DatabaseRestore'],
  path: 'spec.confirmOverwrite',
  severity: 'error',
  on: 'write',
  why: 'A restore in place replaces everything that was written since the backup.',
  remedy: 'set confirmOverwrite to the name of the Database, or restore into a new Database with bootstrap.restore',
  cel: 'has(self.confirmOverwrite) && self.confirmOverwrite == self.databaseRef.name',
  allowed: [{ spec: { databaseRef: { name: 'orders' }, confirmOverwrite: 'orders' } }],
  denied: [
    { spec: { databaseRef: { name: 'orders' }, confirmOverwrite: 'yes' } },
    { spec: { databaseRef: { name: 'billing' } } },
  ],
  check: ({ spec }) =>
    spec.confirmOverwrite === spec.databaseRef.name
      ? []
      : [
          {
            ...(spec.confirmOverwrite !== undefined && { value: spec.confirmOverwrite }),
            problem: `must be ${JSON.stringify(spec.databaseRef.name)}, the name of the Database`,
          },
        ],
});
