import type { Destination, DestinationResult, WrittenDestination } from '../database/destination.ts';
import { readDestination } from '../database/destination.ts';
import type { Path } from '../database/finding.ts';

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
  const texts = typeof written === 'string' ? [written] : [written.s3?.bucket, written.s3?.endpoint];
  return texts.some((text) => text?.includes('@'));
}

/** Path and value for a finding about one field of a destination, in the form that the user wrote. */
export function placeOf({ path, written }: NamedDestination, field: string): { path: Path; value?: unknown } {
  if (holdsCredentials(written)) return { path };
  if (typeof written === 'string') return { path, value: written };
  const value = (written.s3 as Record<string, unknown> | undefined)?.[field];
  return { path: [...path, 's3', field], ...(value !== undefined && { value }) };
}

/** A destination as an S3 bucket; undefined when it is another kind or invalid. */
export function s3Of(named: NamedDestination): Extract<Destination, { type: 's3' }> | undefined {
  return named.result.ok && named.result.destination.type === 's3' ? named.result.destination : undefined;
}
