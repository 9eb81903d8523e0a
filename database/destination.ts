import type { Identity } from './object.ts';
import { memoize } from './memoize.ts';
import { trimEnd } from './trim.ts';
import type { DatabaseBackup } from './types.ts';

/** Where a request names the bucket: in its path, or in front of the host. */
export type UriStyle = 'path' | 'host';

/** A bucket of S3, or of a compatible service. */
export interface S3Destination {
  readonly type: 's3';
  readonly bucket: string;
  /** Path inside the bucket without slashes at its ends; empty when not written. */
  readonly prefix: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly uriStyle?: UriStyle;
  readonly caSecret?: string;
  readonly credentialsSecret?: string;
}

/** A volume of the cluster. */
export interface PvcDestination {
  readonly type: 'pvc';
  readonly size?: string | number;
  readonly storageClassName?: string;
}

/** The place of backups, in the single form that rules and generator read. */
export type Destination = S3Destination | PvcDestination;

/** A destination, or why the text is not one; `secret` when no message may repeat it. */
export type DestinationResult =
  | { readonly ok: true; readonly destination: Destination }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

/** The forms of `destination` in a spec. */
export type WrittenDestination = NonNullable<DatabaseBackup['spec']['destination']>;

const FORMS = 'write s3://bucket/prefix or pvc://';

function trimSlashes(path: string): string {
  return trimEnd(path.replace(/^\/+/, ''), '/');
}

function parseUrl(url: string): DestinationResult {
  const [, scheme, rest = ''] = /^([a-zA-Z0-9+.-]+):\/\/(.*)$/s.exec(url) ?? [];
  if (scheme === 'pvc') {
    if (rest === '') return { ok: true, destination: { type: 'pvc' } };
    const remedy = 'write pvc:// alone, or the long form pvc: {size, storageClassName}';
    return { ok: false, problem: 'must not have anything after pvc://', remedy };
  }
  if (scheme !== 's3') return { ok: false, problem: 'must begin with s3:// or pvc://', remedy: FORMS };
  if (/[?#]/.test(rest)) {
    const remedy = 'use the long form s3: {bucket, prefix, region, endpoint} for options';
    return { ok: false, problem: 'must not have options after ? or #', remedy };
  }
  const bucket = (rest.split('/')[0] ?? '').replace(/^.*@/s, '');
  return {
    ok: true,
    destination: { type: 's3', bucket, prefix: trimSlashes(rest.slice(rest.indexOf(bucket) + bucket.length)) },
  };
}

/** Several rules and the generator parse the same text one after the other. */
const readUrl = memoize(parseUrl);

/** Parses `destination` in either of its forms. */
export function readDestination(written: WrittenDestination): DestinationResult {
  if (typeof written === 'string') return readUrl(written);
  const { s3, pvc } = written;
  if (s3 && pvc) return { ok: false, problem: 'must not have both s3 and pvc', remedy: 'keep one of them' };
  if (s3) return { ok: true, destination: { ...s3, type: 's3', prefix: trimSlashes(s3.prefix ?? '') } };
  if (pvc) return { ok: true, destination: { ...pvc, type: 'pvc' } };
  return { ok: false, problem: 'must have one of s3 and pvc', remedy: FORMS };
}

/** The destination in the spec; undefined when absent or invalid. */
export function destinationOf(written: WrittenDestination | undefined): Destination | undefined {
  const result = written === undefined ? undefined : readDestination(written);
  return result?.ok ? result.destination : undefined;
}

/** The path of a Database's backups in a bucket: the written prefix, else one of its own. */
export function backupPath({ prefix }: S3Destination, { namespace, name }: Omit<Identity, 'kind'>): string {
  return prefix || `${namespace}/${name}`;
}

/** The same bucket for a Database of another name: with a path of its own, because two Databases must not share one. */
export function withoutPrefix(destination: Destination): Destination {
  return destination.type === 's3' ? { ...destination, prefix: '' } : destination;
}
