import { destinationAt, holdsCredentials, placeOf, s3Of } from '../destinations.ts';
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
    'pvc://',
  ],
  denied: ['s3://acme-backups/orders', { s3: { bucket: 'acme-backups', credentialsSecret: 'backup-s3' } }],
  judge: (written, path) => {
    const named = destinationAt(path, written);
    const s3 = s3Of(named);
    if (!s3 || s3.region !== undefined || s3.endpoint !== undefined || holdsCredentials(written)) return [];
    return [
      { ...placeOf(named, 'region'), problem: 'should name the region of the bucket: us-east-1 is used without it' },
    ];
  },
});
