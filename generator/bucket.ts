import type { BucketDestination, Destination, S3Destination, UriStyle } from '../database/destination.ts';
import { backupPath, bucketIn } from '../database/destination.ts';
import type { Json } from '../database/json.ts';
import { PLACES } from './paths.ts';
import type { Variable } from './pod.ts';
import { fromSecret, optionalSecretFile } from './pod.ts';

/** The default region; stores with an endpoint accept any, and a rule warns about a bucket of Amazon without one. */
const REGION = 'us-east-1';

/** A bucket of S3 with all defaults filled in. */
export interface S3Bucket {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly uriStyle: UriStyle;
}

/** The bucket of an S3 destination. */
export function s3Bucket(destination: S3Destination): S3Bucket {
  const { bucket, region = REGION, endpoint, uriStyle = endpoint === undefined ? 'host' : 'path' } = destination;
  return { bucket, region, uriStyle, ...(endpoint !== undefined && { endpoint }) };
}

/** The path in a bucket for the backups of the database of that name: it starts with a slash and belongs to this database alone. */
export function pathIn(destination: BucketDestination, namespace: string, name: string): string {
  return `/${backupPath(destination, { namespace, name })}`;
}

/** Names of the environment variables in which a program reads the keys of a bucket. */
export interface KeyVariables {
  readonly s3: { readonly id: string; readonly secret: string };
  readonly azure: string;
}

/** The keys of a bucket as environment variables from the user's Secret; empty without one, and where the key is a file. */
export function bucketKeys(destination: Destination | undefined, { s3, azure }: KeyVariables): Variable[] {
  const bucket = bucketIn(destination);
  const secret = bucket?.credentialsSecret;
  if (!bucket || secret === undefined) return [];
  switch (bucket.type) {
    case 's3':
      return [fromSecret(s3.id, secret, 'accessKeyId'), fromSecret(s3.secret, secret, 'secretAccessKey')];
    case 'azure':
      return [fromSecret(azure, secret, 'accountKey')];
    case 'gcs':
      return [];
  }
}

/** A file of a user's Secret, and how it gets into a container. */
export interface SecretFile {
  readonly file: string;
  readonly volume: Json;
  readonly mount: Json;
}

function secretFile(secret: string, key: string, volume: string, folder: string): SecretFile {
  return {
    file: `${folder}/${key}`,
    volume: optionalSecretFile(volume, secret, key),
    mount: { mountPath: folder, name: volume, readOnly: true },
  };
}

/** The files that a program needs for a bucket. */
export interface BucketFiles {
  /** The authorities of the bucket's service that the user named. */
  readonly ca?: SecretFile;
  /** The key file of a bucket of Google. */
  readonly key?: SecretFile;
}

/** The use of a bucket: a Database writes its backups there, or begins with one of another. Both may be in one pod. */
type Use = 'bucket' | 'restore';

const FOLDERS = {
  bucket: { ca: PLACES.bucketCa, key: PLACES.bucketKey },
  restore: { ca: PLACES.restoreCa, key: PLACES.restoreKey },
} as const;

/** The files for a destination; none for a volume. */
export function bucketFiles(destination: Destination | undefined, use: Use): BucketFiles {
  const bucket = bucketIn(destination);
  if (!bucket) return {};
  const { type, caSecret, credentialsSecret } = bucket;
  const hasKeyFile = type === 'gcs' && credentialsSecret !== undefined;
  return {
    ...(caSecret !== undefined && { ca: secretFile(caSecret, 'ca.crt', `${use}-ca`, FOLDERS[use].ca) }),
    ...(hasKeyFile && { key: secretFile(credentialsSecret, 'key.json', `${use}-key`, FOLDERS[use].key) }),
  };
}

/** The files for several destinations, in a list. */
export function filesIn(...all: readonly BucketFiles[]): SecretFile[] {
  return all.flatMap(({ ca, key }) => [ca, key]).filter((file) => file !== undefined);
}
