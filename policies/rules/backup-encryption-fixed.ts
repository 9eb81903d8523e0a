import { placeOfBackups } from '../destinations.ts';
import { objectRule } from '../rule.ts';

const asked = (destination: unknown, encryption?: object): object => ({
  spec: { backup: { destination, ...(encryption && { encryption }) } },
});

/** Refuses to switch encryption on or off where backups already lie. */
export const backupEncryptionFixed = objectRule({
  id: 'backup-encryption-fixed',
  kinds: ['Database'],
  path: 'spec.backup.encryption.enabled',
  severity: 'error',
  on: 'update',
  why: 'A place of backups is encrypted from its first file on, or not at all. After a switch every backup would fail, and so would the archiving of WAL.',
  remedy:
    'change the destination together with it, for example its prefix; earlier backups stay where they are, and as they are',
  // Not in CEL: a field with two forms has no type there, and CEL cannot name it.
  allowed: [
    {
      was: asked('s3://backups/orders'),
      ...asked('s3://backups/orders-encrypted', { enabled: true }),
    },
    { was: asked('s3://backups/orders'), ...asked('s3://backups/orders', { enabled: false }) },
    { was: asked('pvc://', { enabled: true }), ...asked('s3://backups/orders') },
    { was: { spec: {} }, ...asked('s3://backups/orders', { enabled: true }) },
  ],
  denied: [
    { was: asked('s3://backups/orders'), ...asked('s3://backups/orders/', { enabled: true }) },
    { was: asked('pvc://', { enabled: true }), ...asked({ pvc: { size: '1Ti' } }) },
    { was: asked('gs://backups', { enabled: true }), ...asked('gs://backups', { enabled: false }) },
  ],
  check: (database, old) => {
    const [is, was] = [database, old].map((one) => one?.spec.backup?.encryption?.enabled === true);
    if (!old || is === was) return [];
    const place = placeOfBackups(database);
    if (place === undefined || place !== placeOfBackups(old)) return [];
    const state = was ? 'are encrypted' : 'are not encrypted';
    return [{ value: is, problem: `must not change while backups stay where they are: those in ${place} ${state}` }];
  },
});
