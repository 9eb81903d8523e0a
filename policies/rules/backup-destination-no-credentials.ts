import { holdsCredentials } from '../destinations.ts';
import { typeRule } from '../type-rule.ts';

/** Refuses credentials in a destination: they belong into a Secret, not into Git. */
export const backupDestinationNoCredentials = typeRule({
  id: 'backup-destination-no-credentials',
  holds: 'destination',
  severity: 'error',
  why: 'What stands in a URL stands in Git, in the cluster and in every log.',
  remedy: 'remove them, change them where they were issued, and name a Secret in s3.credentialsSecret',
  allowed: [{ s3: { bucket: 'acme-backups', credentialsSecret: 'backup-s3' } }],
  denied: ['s3://key:secret@acme-backups/orders', { s3: { bucket: 'acme-backups', endpoint: 'user:pass@minio:9000' } }],
  judge: (written, path) => (holdsCredentials(written) ? [{ path, problem: 'must not hold credentials' }] : []),
});
