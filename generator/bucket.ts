import type { Destination, S3Destination } from '../database/destination.ts';
import { backupPath } from '../database/destination.ts';
import type { Json } from '../database/json.ts';
import { fromSecret } from './pod.ts';

/** The default region; stores other than Amazon's accept any. */
const REGION = 'us-east-1';

/** A bucket with all defaults filled in. The path starts with a slash and belongs to this database alone. */
export interface Bucket {
  readonly bucket: string;
  readonly path: string;
  readonly region: string;
  readonly endpoint?: string;
}

/** The bucket of a destination, for the backups of the database of that name. */
export function bucketOf(destination: S3Destination, namespace: string, name: string): Bucket {
  const { bucket, region = REGION, endpoint } = destination;
  const path = `/${backupPath(destination, { namespace, name })}`;
  return { bucket, path, region, ...(endpoint !== undefined && { endpoint }) };
}

/** The keys of a bucket as environment variables from the user's Secret; empty without one. */
export function bucketKeys(
  destination: Destination | undefined,
  variables: { readonly id: string; readonly secret: string },
): Json[] {
  const named = destination?.type === 's3' ? destination.credentialsSecret : undefined;
  if (named === undefined) return [];
  return [fromSecret(variables.id, named, 'accessKeyId'), fromSecret(variables.secret, named, 'secretAccessKey')];
}
