import { ENGINES } from '../../database/engines/index.ts';
import type { DatabaseSpec } from '../../database/object.ts';
import { objectRule } from '../rule.ts';

function hasPlace({ backup, bootstrap }: DatabaseSpec): boolean {
  const own = backup?.enabled === true && backup.destination !== undefined;
  return own || bootstrap?.restore?.destination !== undefined;
}

/** Requires a reachable source for a database that starts from a backup. */
export const bootstrapRestoreSource = objectRule({
  id: 'bootstrap-restore-source',
  kinds: ['Database'],
  path: 'spec.bootstrap.restore',
  severity: 'error',
  on: 'write',
  why: 'A database that cannot find the backup it should begin with would begin empty, and nobody would notice at once.',
  remedy: 'set spec.bootstrap.restore.destination to where the backups of the other database lie',
  allowed: [
    { spec: { bootstrap: { restore: { from: 'orders', destination: 's3://backups/orders' } } } },
    {
      spec: {
        backup: { enabled: true, destination: 's3://backups/billing' },
        bootstrap: { restore: { from: 'orders' } },
      },
    },
    {
      spec: {
        backup: { enabled: true, destination: { s3: { bucket: 'acme-backups', credentialsSecret: 'mine' } } },
        bootstrap: {
          restore: { from: 'orders', destination: { s3: { bucket: 'acme-backups', credentialsSecret: 'theirs' } } },
        },
      },
    },
  ],
  denied: [
    { spec: { bootstrap: { restore: { from: 'orders' } } } },
    {
      spec: {
        backup: { enabled: false, destination: 's3://backups/billing' },
        bootstrap: { restore: { from: 'orders' } },
      },
    },
    {
      spec: {
        engine: 'mysql',
        version: '8.4',
        bootstrap: { restore: { from: 'orders', destination: 's3://backups/orders' } },
      },
    },
  ],
  check: ({ spec }) => {
    if (!spec.bootstrap?.restore) return [];
    if (!ENGINES[spec.engine].can.restores) {
      const remedy = 'make the database without it, and load a dump';
      return [{ problem: `must not be set with ${spec.engine}: only postgresql can begin with a backup`, remedy }];
    }
    return hasPlace(spec) ? [] : [{ problem: 'must say where the backup lies' }];
  },
});
