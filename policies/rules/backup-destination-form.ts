import type { NamedDestination } from '../destinations.ts';
import { destinationAt, holdsCredentials, placeOf, s3Of } from '../destinations.ts';
import type { Found } from '../rule.ts';
import { typeRule } from '../type-rule.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, without the dots that S3 still takes. */
const BUCKET = /^(?=.{3,63}$)[a-z0-9][a-z0-9-]*[a-z0-9]$/;
const PREFIX = /^[A-Za-z0-9!_.*'()=/-]*$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$/;
const REGION = /^[a-z0-9-]+$/;

const LAST_PORT = 65_535;

function isHost(text: string): boolean {
  const port = Number(text.split(':')[1] ?? LAST_PORT);
  return HOST.test(text) && port >= 1 && port <= LAST_PORT;
}

const NEEDS_TLS =
  'give the store a certificate and write its host:port: backups go over TLS only, and without the scheme every backup would fail';

function endpointRemedy(endpoint: string): string {
  return /^http:/i.test(endpoint) ? NEEDS_TLS : 'leave out the scheme and the path';
}

function bucketRemedy(bucket: string): string {
  return bucket.includes('.')
    ? 'back up to a bucket without a dot in its name: no certificate of S3 covers it, and every backup would fail'
    : 'correct the name of the bucket';
}

/** The problems of a bucket's fields. */
function bucketProblems(named: NamedDestination): Found[] {
  const s3 = s3Of(named);
  if (!s3) return [];
  const found: Found[] = [];
  if (!BUCKET.test(s3.bucket)) {
    const problem = 'must name a bucket of 3 to 63 lower-case letters, digits and hyphens';
    found.push({ ...placeOf(named, 'bucket'), problem, remedy: bucketRemedy(s3.bucket) });
  }
  if (!PREFIX.test(s3.prefix)) {
    const problem = "must have a prefix of letters, digits and !_.*'()=/- only";
    found.push({ ...placeOf(named, 'prefix'), problem, remedy: 'choose a plainer prefix' });
  }
  if (s3.endpoint !== undefined && !isHost(s3.endpoint)) {
    const remedy = endpointRemedy(s3.endpoint);
    found.push({ ...placeOf(named, 'endpoint'), problem: 'must be host or host:port', remedy });
  }
  if (s3.region !== undefined && !REGION.test(s3.region)) {
    const remedy = 'write it as eu-central-1';
    found.push({ ...placeOf(named, 'region'), problem: 'must be the name of a region', remedy });
  }
  return found;
}

/** Requires a destination in one of the two forms that Ballast can write to. */
export const backupDestinationForm = typeRule({
  id: 'backup-destination-form',
  holds: 'destination',
  severity: 'error',
  why: 'A destination that cannot be written to is found out in the night, by a backup that is not there; one that cannot be read from, by a database that begins empty. A dot in the name of an S3 bucket is one such fault: the certificate of S3 covers one word before its own name, and no connection is made.',
  remedy: 'write s3://bucket/prefix or pvc://, or the long form',
  allowed: [
    's3://acme-backups/shop/orders',
    'pvc://',
    { s3: { bucket: 'acme-backups', region: 'eu-central-1', endpoint: 'minio:9000' } },
  ],
  denied: [
    'gs://bucket/prefix',
    's3://Bucket',
    's3://acme.backups/orders',
    'pvc://claim',
    's3://acme-backups/orders?region=eu-central-1',
    { s3: { bucket: 'abc', endpoint: 'https://minio' } },
    { s3: { bucket: 'abc', endpoint: 'http://minio:9000' } },
    { s3: { bucket: 'abc', endpoint: 'minio:90000' } },
    { s3: { bucket: 'abc', region: 'x\nrecovery-option=archive_cleanup_command=false' } },
    { s3: { bucket: 'abc' }, pvc: {} },
    {},
  ],
  judge: (written, path) => {
    const named = destinationAt(path, written);
    if (holdsCredentials(written)) return [];
    const { result } = named;
    if (result.ok) return bucketProblems(named);
    const { problem, remedy } = result;
    // The text after a question mark is often a key.
    const isTold = typeof written === 'string' && !written.includes('?');
    return [{ path, ...(isTold && { value: written }), problem, remedy }];
  },
});
