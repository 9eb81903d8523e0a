import { objectRule } from '../rule.ts';

/** Requires exactly one source of a restore. */
export const restoreSource = objectRule({
  id: 'restore-source',
  kinds: ['DatabaseRestore'],
  path: 'spec.backupRef',
  severity: 'error',
  on: 'write',
  why: 'Without a backup or a point in time nobody can tell what the data shall be; with two backups, which of them.',
  remedy: 'set one of backupRef and backup, or targetTime or targetLSN alone',
  cel: '(has(self.backupRef) || has(self.backup) || has(self.targetTime) || has(self.targetLSN)) && !(has(self.backupRef) && has(self.backup))',
  allowed: [
    { spec: { backupRef: { name: 'nightly' } } },
    { spec: { targetTime: '2025-11-20T10:00:00Z', backupRef: { name: 'nightly' } } },
  ],
  denied: [{ spec: { confirmOverwrite: 'orders', backupRef: { name: 'nightly' }, backup: '20261120-020000F' } }],
  check: ({ spec }) => {
    if (spec.backupRef && spec.backup !== undefined) return [{ problem: 'must not be set together with backup' }];
    const { backupRef, backup, targetTime, targetLSN } = spec;
    if ([backupRef, backup, targetTime, targetLSN].some((one) => one !== undefined)) return [];
    return [{ problem: 'must be set, or backup, targetTime or targetLSN' }];
  },
});
