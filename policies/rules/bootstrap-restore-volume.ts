import { destinationOf } from '../../database/destination.ts';
import { objectRule } from '../rule.ts';

/** Requires a bucket as the source of a database that starts from another's backup. */
export const bootstrapRestoreVolume = objectRule({
  id: 'bootstrap-restore-volume',
  kinds: ['Database'],
  path: 'spec.bootstrap.restore',
  severity: 'error',
  on: 'write',
  why: 'A backup volume lets in the members of its own Database only, by network and by certificate; another would wait for it for ever.',
  remedy: 'let the other Database back up to a bucket, and name that place; or load a dump',
  allowed: [
    { spec: { bootstrap: { restore: { from: 'billing', destination: 's3://backups/billing' } } } },
    // The volume of an earlier Database of this name.
    { spec: { backup: { destination: 'pvc://' }, bootstrap: { restore: { from: 'orders' } } } },
  ],
  denied: [
    { spec: { bootstrap: { restore: { from: 'billing', destination: 'pvc://' } } } },
    { spec: { bootstrap: { restore: { from: 'billing', destination: { pvc: { size: '10Gi' } } } } } },
    { spec: { backup: { destination: 'pvc://' }, bootstrap: { restore: { from: 'billing' } } } },
    { spec: { bootstrap: { restore: { from: 'orders', destination: 'pvc://' } } } },
  ],
  check: ({ metadata, spec: { backup, bootstrap } }) => {
    const restore = bootstrap?.restore;
    const own = backup?.enabled ? backup.destination : undefined;
    if (!restore || destinationOf(restore.destination ?? own)?.type !== 'pvc') return [];
    const isOwn = restore.from === metadata.name;
    if (isOwn && destinationOf(own)?.type === 'pvc') return [];
    if (restore.destination === undefined) {
      const problem = 'must say in which bucket the backup lies: the volume of spec.backup is this Database’s own';
      return [{ problem }];
    }
    const path = ['spec', 'bootstrap', 'restore', 'destination'];
    if (!isOwn) return [{ path, problem: 'must not be a volume: only the Database that backs up to it reaches it' }];
    const problem = 'must not be a volume unless spec.backup goes there too: nothing else serves it';
    return [{ path, problem, remedy: 'set spec.backup.destination to that volume' }];
  },
});
