import type { BucketDestination } from '../../database/destination.ts';
import type { NamedDestination } from '../destinations.ts';
import { bucketOf, destinationAt, holdsCredentials, placeOf } from '../destinations.ts';
import type { Found } from '../rule.ts';
import { typeRule } from '../type-rule.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, without the dots that S3 still takes. */
const S3_BUCKET = /^(?=.{3,63}$)[a-z0-9][a-z0-9-]*[a-z0-9]$/;
/** https://cloud.google.com/storage/docs/buckets#naming */
const GCS_BUCKET = /^(?=.{3,222}$)[a-z0-9][a-z0-9._-]*[a-z0-9]$/;
/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules, Microsoft.Storage */
const AZURE_ACCOUNT = /^[a-z0-9]{3,24}$/;
const AZURE_CONTAINER = /^(?=.{3,63}$)[a-z0-9](-?[a-z0-9])*$/;
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

function s3Remedy(bucket: string): string {
  return bucket.includes('.')
    ? 'back up to a bucket without a dot in its name: no certificate of S3 covers it, and every backup would fail'
    : 'correct the name of the bucket';
}

/** A field of a bucket that must have a form, with what is said when it has another. */
interface Form {
  readonly field: string;
  readonly isRight: boolean;
  readonly problem: string;
  readonly remedy: string;
}

/** The fields by which a store knows the bucket. */
function nameForms(bucket: BucketDestination): Form[] {
  const wanted = (
    field: string,
    isRight: boolean,
    problem: string,
    remedy = `correct the name of the ${field}`,
  ): Form => ({
    ...{ field, isRight, problem, remedy },
  });
  switch (bucket.type) {
    case 's3': {
      const problem = 'must name a bucket of 3 to 63 lower-case letters, digits and hyphens';
      const region = bucket.region === undefined || REGION.test(bucket.region);
      return [
        wanted('bucket', S3_BUCKET.test(bucket.bucket), problem, s3Remedy(bucket.bucket)),
        wanted('region', region, 'must be the name of a region', 'write it as eu-central-1'),
      ];
    }
    case 'gcs': {
      const problem = 'must name a bucket of 3 to 222 lower-case letters, digits, dots, hyphens and underscores';
      return [wanted('bucket', GCS_BUCKET.test(bucket.bucket), problem)];
    }
    case 'azure': {
      const account = 'must name a storage account of 3 to 24 lower-case letters and digits';
      const container = 'must name a container of 3 to 63 lower-case letters, digits and single hyphens';
      return [
        wanted('account', AZURE_ACCOUNT.test(bucket.account), account),
        wanted('container', AZURE_CONTAINER.test(bucket.container), container),
      ];
    }
  }
}

/** The problems of a bucket's fields. */
function bucketProblems(named: NamedDestination): Found[] {
  const bucket = bucketOf(named);
  if (!bucket) return [];
  const { prefix, endpoint } = bucket;
  const forms: Form[] = [
    ...nameForms(bucket),
    {
      field: 'prefix',
      isRight: PREFIX.test(prefix),
      problem: "must have a prefix of letters, digits and !_.*'()=/- only",
      remedy: 'choose a plainer prefix',
    },
    {
      field: 'endpoint',
      isRight: endpoint === undefined || isHost(endpoint),
      problem: 'must be host or host:port',
      remedy: endpointRemedy(endpoint ?? ''),
    },
  ];
  return forms.flatMap(({ field, isRight, problem, remedy }) =>
    isRight ? [] : [{ ...placeOf(named, field), problem, remedy }],
  );
}

/** Requires a destination in one of the forms that Ballast can write to. */
export const backupDestinationForm = typeRule({
  id: 'backup-destination-form',
  holds: 'destination',
  severity: 'error',
  why: 'A destination that cannot be written to is found out in the night, by a backup that is not there; one that cannot be read from, by a database that begins empty. A dot in the name of an S3 bucket is one such fault: the certificate of S3 covers one word before its own name, and no connection is made.',
  remedy: 'write s3://bucket/prefix, gs://bucket/prefix, azure://account/container/prefix or pvc://, or the long form',
  allowed: [
    's3://acme-backups/shop/orders',
    'gs://acme.example.org/shop/orders',
    'azure://acme/backups/shop/orders',
    'pvc://',
    { s3: { bucket: 'acme-backups', region: 'eu-central-1', endpoint: 'minio:9000' } },
  ],
  denied: [
    'file://bucket/prefix',
    'gs://Bucket',
    'azure://acme',
    'azure://acme-accounts/backups',
    { gcs: { bucket: 'abc', endpoint: 'https://store' } },
    { azure: { account: 'acme', container: 'a--b' } },
    's3://Bucket',
    's3://acme.backups/orders',
    'pvc://claim',
    's3://acme-backups/orders?region=eu-central-1',
    { s3: { bucket: 'abc', endpoint: 'https://minio' } },
    { s3: { bucket: 'abc', endpoint: 'http://minio:9000' } },
    { s3: { bucket: 'abc', endpoint: 'minio:90000' } },
    { s3: { bucket: 'abc', region: 'x\nrecovery-option=archive_cleanup_command=false' } },
    { s3: { bucket: 'abc' }, pvc: {} },
    { gcs: { bucket: 'abc' }, azure: { account: 'acme', container: 'backups' } },
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
