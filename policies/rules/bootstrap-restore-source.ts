import { ENGINES } from '../../database/engines/index.ts';
import type { DatabaseSpec } from '../../database/object.ts';
import { destinationOf } from '../../database/destination.ts';
import type { WrittenDestination } from '../../database/destination.ts';
import { objectRule } from '../rule.ts';

/** The Secret whose keys get into the environment of the pods, where one kind of bucket has one set of them. */
function keysOf(
  written: WrittenDestination | undefined,
): { readonly type: string; readonly secret: string } | undefined {
  const destination = destinationOf(written);
  if (destination?.type !== 's3' && destination?.type !== 'azure') return undefined;
  const { type, credentialsSecret } = destination;
  return credentialsSecret === undefined ? undefined : { type, secret: credentialsSecret };
}

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
    {
      spec: {
        backup: { enabled: true, destination: { s3: { bucket: 'acme-backups', credentialsSecret: 'mine' } } },
        bootstrap: {
          restore: { from: 'orders', destination: { s3: { bucket: 'acme-backups', credentialsSecret: 'theirs' } } },
        },
      },
    },
  ],
  check: ({ spec }) => {
    if (!spec.bootstrap?.restore) return [];
    if (!ENGINES[spec.engine].can.restores) {
      const remedy = 'make the database without it, and load a dump';
      return [{ problem: `must not be set with ${spec.engine}: only postgresql can begin with a backup`, remedy }];
    }
    if (!hasPlace(spec)) return [{ problem: 'must say where the backup lies' }];
    const [own, theirs] = [keysOf(spec.backup?.destination), keysOf(spec.bootstrap.restore.destination)];
    if (!own || own.type !== theirs?.type || own.secret === theirs.secret) return [];
    const path = ['spec', 'bootstrap', 'restore', 'destination', theirs.type, 'credentialsSecret'];
    const remedy = `use ${own.secret} for both; it may hold keys that reach both buckets`;
    return [{ path, value: theirs.secret, problem: 'must be the Secret that spec.backup uses', remedy }];
  },
});
