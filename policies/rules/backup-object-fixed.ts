import { objectRule } from '../rule.ts';

const ONE_NOW = { databaseRef: { name: 'orders' } };
const SCHEDULED = { ...ONE_NOW, schedule: '0 4 * * 0' };

/** Refuses to make a schedule of a single backup, the reverse, and another Database. */
export const backupObjectFixed = objectRule({
  id: 'backup-object-fixed',
  kinds: ['DatabaseBackup'],
  path: 'spec',
  severity: 'error',
  on: 'update',
  why: 'An object is one backup, or a schedule, of one Database. What its status says of backups that were made would not be true of another one.',
  remedy: 'leave it as it was, and make another DatabaseBackup; who deletes this one deletes no backup',
  cel: 'self.databaseRef.name == oldSelf.databaseRef.name && has(self.schedule) == has(oldSelf.schedule)',
  allowed: [
    { was: { spec: SCHEDULED }, spec: { ...SCHEDULED, schedule: '@daily', type: 'full', suspend: true } },
    { was: { spec: ONE_NOW }, spec: { ...ONE_NOW, keepForever: true } },
  ],
  denied: [
    { was: { spec: ONE_NOW }, spec: SCHEDULED },
    { was: { spec: SCHEDULED }, spec: ONE_NOW },
    { was: { spec: SCHEDULED }, spec: { ...SCHEDULED, databaseRef: { name: 'billing' } } },
  ],
  check: ({ spec }, old) => {
    if (!old) return [];
    const [was, is] = [old.spec.databaseRef.name, spec.databaseRef.name];
    const path = ['spec', 'databaseRef', 'name'];
    const another = was === is ? [] : [{ path, value: is, problem: `must not change: it is about ${was}` }];
    if ((old.spec.schedule === undefined) === (spec.schedule === undefined)) return another;
    const problem =
      spec.schedule === undefined
        ? 'must not be taken away: the object is a schedule'
        : 'must not be added: the object is one backup';
    return [...another, { path: ['spec', 'schedule'], problem }];
  },
});
