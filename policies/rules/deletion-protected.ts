import { objectRule } from '../rule.ts';

/** Refuses the deletion of a protected Database. */
export const deletionProtected = objectRule({
  id: 'deletion-protected',
  kinds: ['Database'],
  path: 'spec.deletionPolicy',
  severity: 'error',
  on: 'delete',
  why: 'Somebody said that this database must not go away by a slip: a removed file, a pruned Application, a deleted namespace.',
  remedy: 'set deletionPolicy to Retain or Delete first, let that be synced, then delete',
  allowed: [{ spec: { deletionPolicy: 'Retain' } }],
  denied: [{ spec: { deletionPolicy: 'Protect' } }],
  check: ({ spec }) =>
    spec.deletionPolicy === 'Protect'
      ? [{ value: 'Protect', problem: 'must not be Protect when the Database is deleted' }]
      : [],
});
