import { isRecord } from '../../database/record.ts';
import type { Json } from '../../database/json.ts';
import { names } from '../../generator/names.ts';
import { printable } from '../../kubernetes/printable.ts';

/**
 * Parsers of what others wrote into the cluster. Each gives a value of a bounded size in a fixed grammar, without control
 * characters, or undefined: what does not fit counts as not written.
 */

/** The API allows members 0 to 8 (database/schema/database.ts). */
const MOST_MEMBERS = 9;
/** Pods and claims are counted further, as far as a status may say: a StatefulSet that was scaled by hand is seen whole. */
const MOST_ORDINAL = 98;
const LONGEST_WORD = 128;
const LONGEST_NAME = 253;
const LONGEST_MESSAGE = 512;
/** A time with a zone takes 35 characters. */
const LONGEST_TIME = 40;
const LONGEST_JSON = 65_536;
const DEEPEST = 16;
const LARGEST_POSITION = BigInt(Number.MAX_SAFE_INTEGER);
/** Dates have four digits for the year in everything that is written. */
const LATEST = Date.UTC(9999, 11, 31);

const WORD = /^[\w.:+/ -]+$/;
const NAME = /^[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?$/;
const SLOT = /^[a-z0-9_]{1,63}$/;
const DIGITS = /^\d{1,20}$/;
const ORDINAL = /^(?:0|[1-9]\d?)$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;
const VERSION = /^[A-Za-z0-9._-]{1,64}$/;

function text(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
}

function matching(value: unknown, form: RegExp, longest: number): string | undefined {
  const found = text(value, longest);
  return found !== undefined && form.test(found) ? found : undefined;
}

/** A word that the machinery uses: a reason, a state, a role, a revision. */
export function word(value: unknown): string | undefined {
  return matching(value, WORD, LONGEST_WORD);
}

/** A name of an object. */
export function objectName(value: unknown): string | undefined {
  return matching(value, NAME, LONGEST_NAME);
}

/** An opaque identity that the API server gave: uid or resourceVersion; empty when it is none. */
export function identity(value: unknown): string {
  return matching(value, VERSION, LONGEST_WORD) ?? '';
}

/** Words for people, on one line: what is not printable is shown, what is long is cut. */
export function message(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? printable(value, LONGEST_MESSAGE) : undefined;
}

/** A number that is written in decimal digits, as PostgreSQL's system identifier. */
export function digits(value: unknown): string | undefined {
  return matching(value, DIGITS, LONGEST_WORD);
}

/** A whole number from 0 to a limit. */
export function whole(value: unknown, most = Number.MAX_SAFE_INTEGER): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most ? value : undefined;
}

/** A whole number that is written as text. */
export function count(value: unknown): number | undefined {
  return whole(Number(digits(value) ?? NaN));
}

/** A position in the log, in bytes. */
export function position(value: unknown): bigint | undefined {
  const bytes = whole(value);
  return bytes === undefined || BigInt(bytes) > LARGEST_POSITION ? undefined : BigInt(bytes);
}

/** A moment as RFC 3339 writes it, in milliseconds, of the years 1970 to 9999. */
export function time(value: unknown): number | undefined {
  const found = Date.parse(matching(value, TIME, LONGEST_TIME) ?? '');
  return found >= 0 && found < LATEST ? found : undefined;
}

/** The number at the end of a name that begins with the prefix; undefined when it has none that members may have. */
export function ordinalOf(name: string, prefix: string): number | undefined {
  if (name.length > LONGEST_NAME || !name.startsWith(`${prefix}-`)) return undefined;
  const end = name.slice(prefix.length + 1);
  return ORDINAL.test(end) && Number(end) <= MOST_ORDINAL ? Number(end) : undefined;
}

/** The name of a member of this Database; undefined for every other text: nobody else can lead or follow. */
export function member(value: unknown, database: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  const ordinal = ordinalOf(value, names.workload(database));
  return ordinal !== undefined && ordinal < MOST_MEMBERS ? names.member(database, ordinal) : undefined;
}

/** The members of this Database that a list with commas names, each once. */
export function members(value: unknown, database: string): string[] {
  const list = text(value, LONGEST_NAME * MOST_MEMBERS) ?? '';
  const found = list.split(',', MOST_MEMBERS * 2).flatMap((one) => member(one.trim(), database) ?? []);
  return [...new Set(found)];
}

/** Name of a replication slot. */
export function slot(value: unknown): string | undefined {
  return matching(value, SLOT, LONGEST_WORD);
}

/** Whether JSON is nested no deeper than decisions may follow it. */
function isShallow(value: unknown, depth = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((part) => isShallow(part, depth - 1));
}

/** Whether a text is too large to be read as JSON. */
export function isTooLarge(value: unknown): boolean {
  return typeof value === 'string' && value.length > LONGEST_JSON;
}

/** JSON that somebody else wrote, if it is of a bounded size and depth. */
export function json(value: unknown): Json | undefined {
  if (typeof value !== 'string' || value === '' || isTooLarge(value)) return undefined;
  try {
    const read = JSON.parse(value) as Json;
    return isShallow(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** A mapping that is written as JSON; an empty one when it is none. */
export function jsonRecord(value: unknown): { readonly [name: string]: Json | undefined } {
  const read = json(value);
  return isRecord(read) ? read : {};
}
