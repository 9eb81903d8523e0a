import { destinationOf, holdsCredentials, placeOf, s3Of } from '../destinations.ts';
import type { Found } from '../rule.ts';
import { objectRule } from '../rule.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^(?=.{3,63}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/;
const ADDRESS = /^[0-9]+(\.[0-9]+){3}$/;
const PREFIX = /^[A-Za-z0-9!_.*'()=/-]*$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$/;
const REGION = /^[a-z0-9-]+$/;

const LAST_PORT = 65_535;

function isHost(text: string): boolean {
  const port = Number(text.split(':')[1] ?? LAST_PORT);
  return HOST.test(text) && port >= 1 && port <= LAST_PORT;
}

/** A destination is one of the two forms that Ballast can write to. */
export const backupDestinationForm = objectRule({
  id: 'backup-destination-form',
  kinds: ['Database', 'DatabaseBackup'],
  path: 'spec.backup.destination',
  severity: 'error',
  on: 'write',
  why: 'A destination that cannot be written to is found out in the night, by a backup that is not there.',
  remedy: 'write s3://bucket/prefix or pvc://, or the long form',
  allowed: [
    { spec: { backup: { destination: 's3://acme-backups/shop/orders' } } },
    { spec: { backup: { destination: 'pvc://' } } },
    {
      spec: {
        backup: { destination: { s3: { bucket: 'acme-backups', region: 'eu-central-1', endpoint: 'minio:9000' } } },
      },
    },
  ],
  denied: [
    { spec: { backup: { destination: 'gs://bucket/prefix' } } },
    { spec: { backup: { destination: 's3://Bucket' } } },
    { spec: { backup: { destination: 'pvc://claim' } } },
    { spec: { backup: { destination: { s3: { bucket: 'abc', endpoint: 'https://minio' } } } } },
    { spec: { backup: { destination: { s3: { bucket: 'abc', endpoint: 'minio:90000' } } } } },
    { spec: { backup: { destination: {} } } },
  ],
  check: (object) => {
    const named = destinationOf(object);
    if (!named || holdsCredentials(named.written)) return [];
    const { result, path, written } = named;
    if (!result.ok) {
      const { problem, remedy } = result;
      return [{ path, ...(typeof written === 'string' && { value: written }), problem, remedy }];
    }
    const s3 = s3Of(named);
    if (!s3) return [];
    const found: Found[] = [];
    if (!BUCKET.test(s3.bucket) || ADDRESS.test(s3.bucket)) {
      const problem = 'must name a bucket of 3 to 63 lower-case letters, digits, dots and hyphens';
      found.push({ ...placeOf(named, 'bucket'), problem, remedy: 'correct the name of the bucket' });
    }
    if (!PREFIX.test(s3.prefix)) {
      const problem = "must have a prefix of letters, digits and !_.*'()=/- only";
      found.push({ ...placeOf(named, 'prefix'), problem, remedy: 'choose a plainer prefix' });
    }
    if (s3.endpoint !== undefined && !isHost(s3.endpoint)) {
      const problem = 'must be host or host:port';
      found.push({ ...placeOf(named, 'endpoint'), problem, remedy: 'leave out the scheme and the path' });
    }
    if (s3.region !== undefined && !REGION.test(s3.region)) {
      found.push({
        ...placeOf(named, 'region'),
        problem: 'must be the name of a region',
        remedy: 'write it as eu-central-1',
      });
    }
    return found;
  },
});
