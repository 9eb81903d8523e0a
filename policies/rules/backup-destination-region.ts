import { bucketOf, destinationAt, holdsCredentials, placeOf } from '../destinations.ts';
import { typeRule } from '../type-rule.ts';

/** The region of a bucket of Amazon is named, not guessed. */
export const backupDestinationRegion = typeRule({
  id: 'backup-destination-region',
  holds: 'destination',
  severity: 'warning',
  why: 'Amazon refuses requests that are signed for another region than that of the bucket. Without one they are signed for us-east-1, and a bucket elsewhere takes no backup and gives none.',
  remedy: 'write the long form with its region, for example s3: {bucket, prefix, region: eu-central-1}',
  allowed: [
    { s3: { bucket: 'acme-backups', region: 'eu-central-1' } },
    { s3: { bucket: 'acme-backups', endpoint: 'minio:9000' } },
    'gs://acme-backups/orders',
    'pvc://',
  ],
  denied: ['s3://acme-backups/orders', { s3: { bucket: 'acme-backups', credentialsSecret: 'backup-s3' } }],
  judge: (written, path) => {
    const named = destinationAt(path, written);
    const bucket = bucketOf(named);
    if (bucket?.type !== 's3' || holdsCredentials(written)) return [];
    if (bucket.region !== undefined || bucket.endpoint !== undefined) return [];
    return [
      { ...placeOf(named, 'region'), problem: 'should name the region of the bucket: us-east-1 is used without it' },
    ];
  },
});
