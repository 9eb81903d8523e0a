import { bucketOf, destinationAt, placeOf } from '../destinations.ts';
import { typeRule } from '../type-rule.ts';

/** Refuses a prefix that leads upwards. */
export const backupDestinationNoTraversal = typeRule({
  id: 'backup-destination-no-traversal',
  holds: 'destination',
  severity: 'error',
  why: 'A path with .. could reach, and overwrite, the backups of another database.',
  remedy: 'write the full path without ., .. and empty parts',
  allowed: ['s3://acme-backups/shop/orders..old'],
  denied: [
    's3://acme-backups/../other',
    { s3: { bucket: 'acme-backups', prefix: 'shop/./orders' } },
    's3://acme-backups/shop//orders',
    'gs://acme-backups/../other',
    { azure: { account: 'acme', container: 'backups', prefix: 'shop/../other' } },
  ],
  judge: (written, path) => {
    const named = destinationAt(path, written);
    const prefix = bucketOf(named)?.prefix ?? '';
    if (prefix === '') return [];
    const climbs = prefix.split('/').some((part) => part === '..' || part === '.' || part === '');
    return climbs ? [{ ...placeOf(named, 'prefix'), problem: 'must not have ., .. or empty parts in its path' }] : [];
  },
});
