import { isRecord } from '../../database/record.ts';
import type { Json } from '../../generator/emit.ts';
import { shared } from './shared.ts';

/** A part of an object as the API server gave it. */
export type Raw = Readonly<Record<string, unknown>>;

const NOTHING: Raw = {};

/** What stands at a path; undefined where the path leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, field) => (isRecord(found) ? found[field] : undefined), value);
}

/** The mapping at a path; an empty one where there is none. */
export function recordAt(value: unknown, ...path: readonly string[]): Raw {
  const found = at(value, ...path);
  return isRecord(found) ? found : NOTHING;
}

/** The list at a path; an empty one where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The text at a path. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The text at a path that is the same in many objects. */
export function wordAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = textAt(value, ...path);
  return found === undefined ? undefined : shared(found);
}

/** The whole number at a path. */
export function wholeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return Number.isSafeInteger(found) ? (found as number) : undefined;
}

/** The time at a path, in milliseconds; what is none is absent. */
export function timeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const time = Date.parse(textAt(value, ...path) ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** The time at a path as a date. */
export function dateAt(value: unknown, ...path: readonly string[]): Date | undefined {
  return dateOf(timeAt(value, ...path));
}

/** The same with its times in milliseconds: a Date takes 96 bytes, a number 16, and of a Database a dozen are kept. */
export type Timed<T> = { [K in keyof T]: Exclude<T[K], undefined> extends Date ? number : T[K] };

/** A time in milliseconds as a date. */
export function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

/** Reads JSON that somebody else wrote; a mapping, or an empty one when it is none. */
export function parseRecord(text: string | undefined): { readonly [name: string]: Json | undefined } {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isRecord(value) ? (value as { readonly [name: string]: Json | undefined }) : {};
  } catch {
    return {};
  }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The given fields without those that are undefined: an absent field is one that was not seen. */
export function present<T extends object>(fields: T): Present<T> {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Present<T>;
}
