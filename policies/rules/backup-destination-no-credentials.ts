import { destinationOf, holdsCredentials } from '../destinations.ts';
import { objectRule } from '../rule.ts';

/** Credentials live in a Secret, not in Git. */
export const backupDestinationNoCredentials = objectRule({
  id: 'backup-destination-no-credentials',
  kinds: ['Database', 'DatabaseBackup'],
  path: 'spec.backup.destination',
  severity: 'error',
  on: 'write',
  why: 'What stands in a URL stands in Git, in the cluster and in every log.',
  remedy: 'remove them, change them where they were issued, and name a Secret in s3.credentialsSecret',
  allowed: [{ spec: { backup: { destination: { s3: { bucket: 'acme-backups', credentialsSecret: 'backup-s3' } } } } }],
  denied: [
    { spec: { backup: { destination: 's3://key:secret@acme-backups/orders' } } },
    { spec: { backup: { destination: { s3: { bucket: 'acme-backups', endpoint: 'user:pass@minio:9000' } } } } },
  ],
  check: (object) => {
    const named = destinationOf(object);
    return named && holdsCredentials(named.written) ? [{ path: named.path, problem: 'must not hold credentials' }] : [];
  },
});
