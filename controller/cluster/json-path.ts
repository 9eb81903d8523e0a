import { isRecord } from '../../database/record.ts';
import { intern } from './intern.ts';
import { time, word } from './values.ts';

/** A part of an object as the API server gave it. */
export type JsonObject = Readonly<Record<string, unknown>>;

const NOTHING: JsonObject = {};
/** More than any list has that decisions read. */
const LONGEST_LIST = 256;

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, field) => (isRecord(found) && Object.hasOwn(found, field) ? found[field] : undefined),
    value,
  );
}

/** What a parser of values.ts makes of what stands at a path. Nothing else leaves an object. */
export function read<T>(parse: (value: unknown) => T, value: unknown, ...path: readonly string[]): T {
  return parse(at(value, path));
}

/** The mapping at a path; an empty one where there is none. */
export function recordAt(value: unknown, ...path: readonly string[]): JsonObject {
  const found = at(value, path);
  return isRecord(found) ? found : NOTHING;
}

/** The list at a path, at most its first 256; an empty one where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found.slice(0, LONGEST_LIST) : [];
}

/** The word at a path, in one copy for all objects that have it. */
export function wordAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = read(word, value, ...path);
  return found === undefined ? undefined : intern(found);
}

/** Whether anything stands at a path. */
export function isAt(value: unknown, ...path: readonly string[]): boolean {
  return at(value, path) !== undefined;
}

/** Whether exactly this stands at a path. */
export function holdsAt(wanted: string | boolean, value: unknown, ...path: readonly string[]): boolean {
  return at(value, path) === wanted;
}

/** The moment at a path as a date. */
export function dateAt(value: unknown, ...path: readonly string[]): Date | undefined {
  return dateOf(read(time, value, ...path));
}

/** The same with its times in milliseconds: a Date takes 96 bytes, a number 16, and of a Database a dozen are kept. */
export type WithTimesInMs<T> = { [K in keyof T]: Exclude<T[K], undefined> extends Date ? number : T[K] };

/** A time in milliseconds as a date. */
export function dateOf(milliseconds: number | undefined): Date | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The given fields without those that are undefined: an absent field is one that was not seen. */
export function withoutAbsent<T extends object>(fields: T): Present<T> {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Present<T>;
}
