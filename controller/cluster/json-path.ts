import { isRecord } from '../../database/record.ts';
import { intern } from './intern.ts';
import { time, word } from './values.ts';

/** A part of an object as the API server returned it. */
export type JsonObject = Readonly<Record<string, unknown>>;

const NOTHING: JsonObject = {};
/** Longer than any list that decisions read. */
const LONGEST_LIST = 256;

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, field) => (isRecord(found) && Object.hasOwn(found, field) ? found[field] : undefined),
    value,
  );
}

/** Parses the value at a path with a parser of values.ts, through which all values of objects pass. */
export function read<T>(parse: (value: unknown) => T, value: unknown, ...path: readonly string[]): T {
  return parse(at(value, path));
}

/** The mapping at a path; empty where absent. */
export function recordAt(value: unknown, ...path: readonly string[]): JsonObject {
  const found = at(value, path);
  return isRecord(found) ? found : NOTHING;
}

/** The first 256 items of the list at a path; empty where absent. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found.slice(0, LONGEST_LIST) : [];
}

/** The word at a path, as a shared copy. */
export function wordAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = read(word, value, ...path);
  return found === undefined ? undefined : intern(found);
}

/** Whether there is a value at a path. */
export function isAt(value: unknown, ...path: readonly string[]): boolean {
  return at(value, path) !== undefined;
}

/** Whether the value at a path equals this one. */
export function holdsAt(wanted: string | boolean, value: unknown, ...path: readonly string[]): boolean {
  return at(value, path) === wanted;
}

/** The time at a path as a date. */
export function dateAt(value: unknown, ...path: readonly string[]): Date | undefined {
  return dateOf(read(time, value, ...path));
}

/** The same type with times in milliseconds: a Date takes 96 bytes, a number 16, and a Database has a dozen. */
export type WithTimesInMs<T> = { [K in keyof T]: Exclude<T[K], undefined> extends Date ? number : T[K] };

/** A time in milliseconds as a date. */
export function dateOf(milliseconds: number | undefined): Date | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Removes undefined fields: an absent field is one that was not observed. */
export function withoutAbsent<T extends object>(fields: T): Present<T> {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Present<T>;
}
