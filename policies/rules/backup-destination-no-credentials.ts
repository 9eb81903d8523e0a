import { holdsCredentials } from '../destinations.ts';
import { typeRule } from '../type-rule.ts';

/** Refuses credentials in a destination: they belong into a Secret, not into Git. */
export const backupDestinationNoCredentials = typeRule({
  id: 'backup-destination-no-credentials',
  holds: 'destination',
  severity: 'error',
  why: 'What stands in a URL stands in Git, in the cluster and in every log.',
  remedy: 'remove them, change them where they were issued, and name a Secret in credentialsSecret of the long form',
  allowed: [{ s3: { bucket: 'acme-backups', credentialsSecret: 'backup-s3' } }],
  denied: [
    's3://key:secret@acme-backups/orders',
    'azure://acme:key@account/backups',
    { s3: { bucket: 'acme-backups', endpoint: 'user:pass@minio:9000' } },
    { gcs: { bucket: 'acme-backups', endpoint: 'user:pass@store:9000' } },
    { azure: { account: 'acme', container: 'backups', endpoint: 'acme:key@store' } },
  ],
  judge: (written, path) => (holdsCredentials(written) ? [{ path, problem: 'must not hold credentials' }] : []),
});
