import type { Destination, S3Destination, UriStyle } from '../database/destination.ts';
import { backupPath } from '../database/destination.ts';
import type { Json } from '../database/json.ts';
import { PLACES } from './paths.ts';
import { fromSecret, optionalSecretFile } from './pod.ts';

/** The default region; stores with an endpoint accept any, and a rule warns about a bucket of Amazon without one. */
const REGION = 'us-east-1';

/** A bucket with all defaults filled in. The path starts with a slash and belongs to this database alone. */
export interface Bucket {
  readonly bucket: string;
  readonly path: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly uriStyle: UriStyle;
}

/** The bucket of a destination, for the backups of the database of that name. */
export function bucketOf(destination: S3Destination, namespace: string, name: string): Bucket {
  const { bucket, region = REGION, endpoint, uriStyle = endpoint === undefined ? 'host' : 'path' } = destination;
  const path = `/${backupPath(destination, { namespace, name })}`;
  return { bucket, path, region, uriStyle, ...(endpoint !== undefined && { endpoint }) };
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

/** The file with the authorities of a bucket's service, and how it gets into a container. */
export interface BucketCa {
  readonly file: string;
  readonly volume: Json;
  readonly mount: Json;
}

const CA_KEY = 'ca.crt';

/** The authorities that the user named for a destination, in a volume and a folder of these names; undefined when none are. */
export function bucketCa(destination: Destination | undefined, volume: string, folder: string): BucketCa | undefined {
  const named = destination?.type === 's3' ? destination.caSecret : undefined;
  if (named === undefined) return undefined;
  return {
    file: `${folder}/${CA_KEY}`,
    volume: optionalSecretFile(volume, named, CA_KEY),
    mount: { mountPath: folder, name: volume, readOnly: true },
  };
}

/** The authorities of the bucket that a Database is backed up to. */
export function backupCa(destination: Destination | undefined): BucketCa | undefined {
  return bucketCa(destination, 'bucket-ca', PLACES.bucketCa);
}
