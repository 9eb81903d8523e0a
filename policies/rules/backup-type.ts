import { objectRule } from '../rule.ts';

/** Refuses differential backups, which no engine makes. */
export const backupType = objectRule({
  id: 'backup-type',
  kinds: ['DatabaseBackup'],
  path: 'spec.type',
  severity: 'error',
  on: 'write',
  why: 'A differential backup builds on the last full one, an incremental one on the last of any type. A week of incremental ones is restored fast enough, so that differential ones would only be one more type to explain; none is ever made.',
  remedy: 'write auto, full or incremental',
  cel: "!has(self.type) || self.type != 'differential'",
  allowed: [
    { spec: { databaseRef: { name: 'orders' } } },
    { spec: { databaseRef: { name: 'orders' }, type: 'incremental' } },
  ],
  denied: [{ spec: { databaseRef: { name: 'orders' }, type: 'differential' } }],
  check: ({ spec: { type } }) =>
    type === 'differential' ? [{ value: type, problem: 'must be auto, full or incremental' }] : [],
});
