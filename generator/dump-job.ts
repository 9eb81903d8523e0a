import { backupCa, bucketKeys, bucketOf } from './bucket.ts';
import type { BackupJob } from './engine.ts';
import type { Model } from './model.ts';
import { names } from './names.ts';
import { PLACES } from './paths.ts';
import { fromSecret } from './pod.ts';
import { argument } from './writers.ts';

function destinationArguments({ name, namespace, backup }: Model): string[] {
  if (backup?.destination.type !== 's3') return [`--directory=${PLACES.repository}`];
  const { bucket, path, region, endpoint } = bucketOf(backup.destination, namespace, name);
  const { uriStyle } = backup.destination;
  const ca = backupCa(backup.destination);
  return [
    argument('s3-bucket', bucket),
    argument('s3-path', path),
    argument('s3-region', region),
    ...(endpoint === undefined ? [] : [argument('s3-endpoint', endpoint)]),
    ...(uriStyle === undefined ? [] : [argument('s3-uri-style', uriStyle)]),
    ...(ca ? [argument('s3-ca-file', ca.file)] : []),
  ];
}

/** The backup job of an engine whose data are dumped over the network, straight into a bucket or a volume. */
export function dumpJob(model: Model): BackupJob {
  return {
    arguments: [argument('host', names.podsService(model.name)), ...destinationArguments(model)],
    environment: [
      fromSecret('DATABASE_PASSWORD', names.superuserSecret(model.name), 'password'),
      ...bucketKeys(model.backup?.destination, { id: 'AWS_ACCESS_KEY_ID', secret: 'AWS_SECRET_ACCESS_KEY' }),
    ],
  };
}
