import type { Identity } from './object.ts';
import { memoize } from './memoize.ts';
import { trimEnd } from './trim.ts';
import type { Database } from './types.ts';

/** Where a request names the bucket: in its path, or in front of the host. */
export type UriStyle = 'path' | 'host';

/** What every store has that is reached over the network. */
interface Store {
  /** Path inside the bucket without slashes at its ends; empty when not written. */
  readonly prefix: string;
  /** Host, or host:port, in place of the cloud's own. */
  readonly endpoint?: string;
  readonly caSecret?: string;
  /** Absent when the pods log in with an identity of the cloud. */
  readonly credentialsSecret?: string;
}

/** A bucket of S3, or of a compatible service. */
export interface S3Destination extends Store {
  readonly type: 's3';
  readonly bucket: string;
  readonly region?: string;
  readonly uriStyle?: UriStyle;
}

/** A bucket of Google Cloud Storage. */
export interface GcsDestination extends Store {
  readonly type: 'gcs';
  readonly bucket: string;
}

/** A container of Azure Blob Storage, in a storage account. */
export interface AzureDestination extends Store {
  readonly type: 'azure';
  readonly account: string;
  readonly container: string;
  readonly uriStyle?: UriStyle;
}

/** A destination outside of the Database's own volumes, which other Databases can reach too. */
export type BucketDestination = S3Destination | GcsDestination | AzureDestination;

/** A volume of the cluster. */
export interface PvcDestination {
  readonly type: 'pvc';
  readonly size?: string | number;
  readonly storageClassName?: string;
}

/** The place of backups, in the single form that rules and generator read. */
export type Destination = BucketDestination | PvcDestination;

/** A destination, or why the text is not one; `secret` when no message may repeat it. */
export type DestinationResult =
  | { readonly ok: true; readonly destination: Destination }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

/** The forms of `destination` in a spec. */
export type WrittenDestination = NonNullable<NonNullable<Database['spec']['backup']>['destination']>;

const FORMS = 'write s3://bucket/prefix, gs://bucket/prefix, azure://account/container/prefix or pvc://';

function trimSlashes(path: string): string {
  return trimEnd(path.replace(/^\/+/, ''), '/');
}

function parseVolumeUrl(rest: string): DestinationResult {
  if (rest === '') return { ok: true, destination: { type: 'pvc' } };
  const remedy = 'write pvc:// alone, or the long form pvc: {size, storageClassName}';
  return { ok: false, problem: 'must not have anything after pvc://', remedy };
}

/** Divides a path after its first part. */
function split(path: string): readonly [first: string, rest: string] {
  const end = path.indexOf('/');
  return end < 0 ? [path, ''] : [path.slice(0, end), path.slice(end + 1)];
}

/** The URL forms of buckets: what stands before the two slashes, and how the rest is read. */
const BUCKET_URLS: Readonly<Record<string, (path: string) => BucketDestination>> = {
  s3: (path) => {
    const [bucket, prefix] = split(path);
    return { type: 's3', bucket, prefix: trimSlashes(prefix) };
  },
  gs: (path) => {
    const [bucket, prefix] = split(path);
    return { type: 'gcs', bucket, prefix: trimSlashes(prefix) };
  },
  azure: (path) => {
    const [account, rest] = split(path);
    const [container, prefix] = split(rest);
    return { type: 'azure', account, container, prefix: trimSlashes(prefix) };
  },
};

function parseUrl(url: string): DestinationResult {
  const [, scheme = '', rest = ''] = /^([a-zA-Z0-9+.-]+):\/\/(.*)$/s.exec(url) ?? [];
  if (scheme === 'pvc') return parseVolumeUrl(rest);
  const read = Object.hasOwn(BUCKET_URLS, scheme) ? BUCKET_URLS[scheme] : undefined;
  if (!read) return { ok: false, problem: 'must begin with s3://, gs://, azure:// or pvc://', remedy: FORMS };
  if (/[?#]/.test(rest)) {
    const remedy = 'use the long form, such as s3: {bucket, prefix, region, endpoint}, for options';
    return { ok: false, problem: 'must not have options after ? or #', remedy };
  }
  return { ok: true, destination: read(rest.replace(/^[^/]*@/, '')) };
}

/** Several rules and the generator parse the same text one after the other. */
const readUrl = memoize(parseUrl);

/** The long forms of a destination: the fields of which exactly one is written. */
const LONG_FORMS = ['s3', 'gcs', 'azure', 'pvc'] as const;

/** Parses `destination` in either of its forms. */
export function readDestination(written: WrittenDestination): DestinationResult {
  if (typeof written === 'string') return readUrl(written);
  const [form, other] = LONG_FORMS.filter((name) => written[name] !== undefined);
  if (other !== undefined)
    return { ok: false, problem: `must not have both ${form} and ${other}`, remedy: 'keep one of them' };
  const { s3, gcs, azure, pvc } = written;
  if (s3) return { ok: true, destination: { ...s3, type: 's3', prefix: trimSlashes(s3.prefix ?? '') } };
  if (gcs) return { ok: true, destination: { ...gcs, type: 'gcs', prefix: trimSlashes(gcs.prefix ?? '') } };
  if (azure) return { ok: true, destination: { ...azure, type: 'azure', prefix: trimSlashes(azure.prefix ?? '') } };
  if (pvc) return { ok: true, destination: { ...pvc, type: 'pvc' } };
  return { ok: false, problem: 'must have one of s3, gcs, azure and pvc', remedy: FORMS };
}

/** The destination in the spec; undefined when absent or invalid. */
export function destinationOf(written: WrittenDestination | undefined): Destination | undefined {
  const result = written === undefined ? undefined : readDestination(written);
  return result?.ok ? result.destination : undefined;
}

/** A destination that is a bucket; undefined for a volume, and for none. */
export function bucketIn(destination: Destination | undefined): BucketDestination | undefined {
  return destination === undefined || destination.type === 'pvc' ? undefined : destination;
}

/** The path of a Database's backups in a bucket: the written prefix, else one of its own. */
export function backupPath({ prefix }: BucketDestination, { namespace, name }: Omit<Identity, 'kind'>): string {
  return prefix || `${namespace}/${name}`;
}

/** The first part of the place of a bucket, as its URL form has it. */
function bucketUrl(destination: BucketDestination): string {
  switch (destination.type) {
    case 's3':
      return `s3://${destination.bucket}`;
    case 'gcs':
      return `gs://${destination.bucket}`;
    case 'azure':
      return `azure://${destination.account}/${destination.container}`;
  }
}

/** Where the backups of a Database lie, as text: two Databases with the same text share a place. Undefined for a volume. */
export function backupPlace(destination: Destination | undefined, of: Omit<Identity, 'kind'>): string | undefined {
  const bucket = bucketIn(destination);
  if (!bucket) return undefined;
  const at = bucket.endpoint === undefined ? '' : ` at ${bucket.endpoint}`;
  return `${bucketUrl(bucket)}/${backupPath(bucket, of)}${at}`;
}

/** The same bucket for a Database of another name: with a path of its own, because two Databases must not share one. */
export function withoutPrefix(destination: Destination): Destination {
  return destination.type === 'pvc' ? destination : { ...destination, prefix: '' };
}
