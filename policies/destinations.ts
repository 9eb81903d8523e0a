import type { BucketDestination, DestinationResult, WrittenDestination } from '../database/destination.ts';
import { backupPlace, bucketIn, destinationOf, readDestination } from '../database/destination.ts';
import type { Path } from '../database/finding.ts';
import type { Database } from '../database/object.ts';
import { identify } from '../database/object.ts';

/** A destination: its path, as written, and as parsed. */
export interface NamedDestination {
  readonly path: Path;
  readonly written: WrittenDestination;
  readonly result: DestinationResult;
}

/** The destination that is written at a path. */
export function destinationAt(path: Path, written: WrittenDestination): NamedDestination {
  return { path, written, result: readDestination(written) };
}

/** Whether a destination has a user name or password in its URL; no message repeats such a text. */
export function holdsCredentials(written: WrittenDestination): boolean {
  if (typeof written === 'string') return written.includes('@');
  const { s3, gcs, azure } = written;
  const texts = [s3?.bucket, s3?.endpoint, gcs?.bucket, gcs?.endpoint];
  return [...texts, azure?.account, azure?.container, azure?.endpoint].some((text) => text?.includes('@'));
}

/** Path and value for a finding about one field of a bucket, in the form that the user wrote. */
export function placeOf({ path, written, result }: NamedDestination, field: string): { path: Path; value?: unknown } {
  if (holdsCredentials(written) || !result.ok) return { path };
  if (typeof written === 'string') return { path, value: written };
  const { type } = result.destination;
  const value = (written[type] as Record<string, unknown> | undefined)?.[field];
  return { path: [...path, type, field], ...(value !== undefined && { value }) };
}

/** A destination as a bucket; undefined when it is a volume or invalid. */
export function bucketOf({ result }: NamedDestination): BucketDestination | undefined {
  return result.ok ? bucketIn(result.destination) : undefined;
}

/** Where the backups of a Database lie, also while they are off; undefined without a destination. */
export function placeOfBackups(database: Database): string | undefined {
  const destination = destinationOf(database.spec.backup?.destination);
  return destination && (backupPlace(destination, identify(database)) ?? 'its own volume');
}
