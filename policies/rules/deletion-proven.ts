import { unproven } from '../proof.ts';
import { objectRule } from '../rule.ts';

const BACKUP = {
  destination: 's3://backups/orders',
  verify: { schedule: '@daily', gate: { before: ['Deletion'], maxAge: 7 } },
};
const GUARDED = {
  metadata: { annotations: { 'db.example.com/confirm-delete': 'orders' } },
  spec: { deletionPolicy: 'Delete', backup: BACKUP },
};
const PROBLEM = 'must not be deleted with its data unless its backups were verified';
const verified = (time: string, result = 'Succeeded'): object => ({
  status: { lastVerified: { name: '20261119-020000F', time, result } },
});

/** Refuses a deletion with the data while a gate asks for backups that were verified. */
export const deletionProven = objectRule({
  id: 'deletion-proven',
  kinds: ['Database'],
  path: 'spec.backup.verify.gate',
  severity: 'error',
  on: 'delete',
  why: 'Once the data are deleted, the backups are all that is left of them. The API server refuses the deletion, and the controller holds one that was let through; of a file in Git, whose Database has a status only in the cluster, this is a warning, unless facts of the cluster are given (docs/facts.md).',
  remedy:
    'verify the backups until status.lastVerified is Succeeded, or remove spec.backup.verify.gate first, in a change of its own',
  allowed: [
    { ...GUARDED, ...verified('2026-11-19T05:00:00Z') },
    { spec: { deletionPolicy: 'Retain', backup: BACKUP }, status: {} },
    { ...GUARDED, spec: { ...GUARDED.spec, backup: { ...BACKUP, verify: { schedule: '@daily' } } }, status: {} },
  ],
  denied: [
    { ...GUARDED, status: {} },
    { ...GUARDED, ...verified('2026-11-19T05:00:00Z', 'Failed') },
    { ...GUARDED, ...verified('2026-11-09T05:00:00Z') },
  ],
  check: (stored, _, { now }) =>
    stored.spec.deletionPolicy === 'Delete' ? unproven('Deletion', PROBLEM, { stored, now }) : [],
});
