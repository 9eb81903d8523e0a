import { destinationOf, placeOf, s3Of } from '../destinations.ts';
import { objectRule } from '../rule.ts';

/** A prefix leads down, never up. */
export const backupDestinationNoTraversal = objectRule({
  id: 'backup-destination-no-traversal',
  kinds: ['Database', 'DatabaseBackup'],
  path: 'spec.backup.destination',
  severity: 'error',
  on: 'write',
  why: 'A path with .. could reach, and overwrite, the backups of another database.',
  remedy: 'write the full path without ., .. and empty parts',
  allowed: [{ spec: { backup: { destination: 's3://acme-backups/shop/orders..old' } } }],
  denied: [
    { spec: { backup: { destination: 's3://acme-backups/../other' } } },
    { spec: { backup: { destination: { s3: { bucket: 'acme-backups', prefix: 'shop/./orders' } } } } },
    { spec: { backup: { destination: 's3://acme-backups/shop//orders' } } },
  ],
  check: (object) => {
    const named = destinationOf(object);
    const s3 = s3Of(named);
    if (!named || !s3 || s3.prefix === '') return [];
    const climbs = s3.prefix.split('/').some((part) => part === '..' || part === '.' || part === '');
    return climbs ? [{ ...placeOf(named, 'prefix'), problem: 'must not have ., .. or empty parts in its path' }] : [];
  },
});
