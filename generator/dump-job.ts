import type { BucketDestination } from '../database/destination.ts';
import { bucketIn } from '../database/destination.ts';
import { bucketFiles, bucketKeys, pathIn, s3Bucket } from './bucket.ts';
import type { BackupJob } from './engine.ts';
import type { Model } from './model.ts';
import { names } from './names.ts';
import { PLACES } from './paths.ts';
import { fromSecret } from './pod.ts';
import { argument } from './writers.ts';

/** The place of a bucket, by the ends of the arguments that say it. */
function placeIn(destination: BucketDestination, path: string): Record<string, string | undefined> {
  const { endpoint } = destination;
  switch (destination.type) {
    case 's3': {
      const { bucket, region } = s3Bucket(destination);
      return { bucket, path, region, endpoint, 'uri-style': destination.uriStyle };
    }
    case 'gcs':
      return { bucket: destination.bucket, path, endpoint };
    case 'azure': {
      const { account, container, uriStyle } = destination;
      return { account, container, path, endpoint, 'uri-style': uriStyle };
    }
  }
}

function destinationArguments({ name, namespace, backup }: Model): string[] {
  const bucket = bucketIn(backup?.destination);
  if (!bucket) return [`--directory=${PLACES.repository}`];
  const { ca, key } = bucketFiles(bucket, 'bucket');
  const place = placeIn(bucket, pathIn(bucket, namespace, name));
  return Object.entries({ ...place, 'ca-file': ca?.file, 'key-file': key?.file }).flatMap(([about, value]) =>
    value === undefined ? [] : [argument(`${bucket.type}-${about}`, value)],
  );
}

/** The variables that the clouds' own programs read. */
const VARIABLES = {
  s3: { id: 'AWS_ACCESS_KEY_ID', secret: 'AWS_SECRET_ACCESS_KEY' },
  azure: 'AZURE_STORAGE_KEY',
} as const;

/** The backup job of an engine whose data are dumped over the network, straight into a bucket or a volume. */
export function dumpJob(model: Model): BackupJob {
  return {
    arguments: [argument('host', names.podsService(model.name)), ...destinationArguments(model)],
    environment: [
      fromSecret('DATABASE_PASSWORD', names.superuserSecret(model.name), 'password'),
      ...bucketKeys(model.backup?.destination, VARIABLES),
    ],
  };
}
