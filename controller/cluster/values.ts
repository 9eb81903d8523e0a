import { isRecord } from '../../database/record.ts';
import type { Json } from '../../database/json.ts';
import { names } from '../../generator/names.ts';
import { printable } from '../../kubernetes/printable.ts';

/**
 * Parsers of texts that other programs wrote into the cluster. Each returns a value of bounded size in a fixed grammar, without control
 * characters, or undefined: invalid text counts as absent.
 */

/** The API allows members 0 to 8 (database/schema/database.ts). */
const MOST_MEMBERS = 9;
/** Ordinals of pods and claims are read further, as far as a status may count: after scaling by hand every pod is still visible. */
const MOST_ORDINAL = 98;
const LONGEST_WORD = 128;
const LONGEST_NAME = 253;
const LONGEST_MESSAGE = 512;
/** A time with a zone takes 35 characters. */
const LONGEST_TIME = 40;
const LONGEST_JSON = 65_536;
const DEEPEST = 16;
const LARGEST_POSITION = BigInt(Number.MAX_SAFE_INTEGER);
/** Written dates have four digits for the year. */
const LATEST = Date.UTC(9999, 11, 31);

const WORD = /^[\w.:+/ -]+$/;
const NAME = /^[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?$/;
const SLOT = /^[a-z0-9_]{1,63}$/;
const DIGITS = /^\d{1,20}$/;
const ORDINAL = /^(?:0|[1-9]\d?)$/;
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;
const VERSION = /^[A-Za-z0-9._-]{1,64}$/;

function text(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
}

function matching(value: unknown, form: RegExp, longest: number): string | undefined {
  const found = text(value, longest);
  return found !== undefined && form.test(found) ? found : undefined;
}

/** A machine-readable word: a reason, a state, a role, a revision. */
export function word(value: unknown): string | undefined {
  return matching(value, WORD, LONGEST_WORD);
}

/** A name of an object. */
export function objectName(value: unknown): string | undefined {
  return matching(value, NAME, LONGEST_NAME);
}

/** Name of a backup in its repository. */
export function backupLabel(value: unknown): string | undefined {
  return matching(value, LABEL, LONGEST_WORD);
}

/** An opaque identity from the API server: uid or resourceVersion; empty when invalid. */
export function identity(value: unknown): string {
  return matching(value, VERSION, LONGEST_WORD) ?? '';
}

/** Text for people on one line: escaped where unprintable, and cut to a maximum length. */
export function message(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? printable(value, LONGEST_MESSAGE) : undefined;
}

/** A number in decimal digits, such as PostgreSQL's system identifier. */
export function digits(value: unknown): string | undefined {
  return matching(value, DIGITS, LONGEST_WORD);
}

/** A whole number from 0 to a limit. */
export function whole(value: unknown, most = Number.MAX_SAFE_INTEGER): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most ? value : undefined;
}

/** A whole number in a text. */
export function count(value: unknown): number | undefined {
  return whole(Number(digits(value) ?? NaN));
}

/** A position in the log, in bytes. */
export function position(value: unknown): bigint | undefined {
  const bytes = whole(value);
  return bytes === undefined || BigInt(bytes) > LARGEST_POSITION ? undefined : BigInt(bytes);
}

/** An RFC 3339 time of the years 1970 to 9999, in milliseconds. */
export function time(value: unknown): number | undefined {
  const found = Date.parse(matching(value, TIME, LONGEST_TIME) ?? '');
  return found >= 0 && found < LATEST ? found : undefined;
}

/** The ordinal after the prefix of a name; undefined unless a member may have it. */
export function ordinalOf(name: string, prefix: string): number | undefined {
  if (name.length > LONGEST_NAME || !name.startsWith(`${prefix}-`)) return undefined;
  const end = name.slice(prefix.length + 1);
  return ORDINAL.test(end) && Number(end) <= MOST_ORDINAL ? Number(end) : undefined;
}

/** The name of a member of this Database; undefined for any other text, which can neither lead nor follow. */
export function member(value: unknown, database: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  const ordinal = ordinalOf(value, names.workload(database));
  return ordinal !== undefined && ordinal < MOST_MEMBERS ? names.member(database, ordinal) : undefined;
}

/** The members of this Database in a list with commas, each once. */
export function members(value: unknown, database: string): string[] {
  const list = text(value, LONGEST_NAME * MOST_MEMBERS) ?? '';
  const found = list.split(',', MOST_MEMBERS * 2).flatMap((one) => member(one.trim(), database) ?? []);
  return [...new Set(found)];
}

/** Name of a replication slot. */
export function slot(value: unknown): string | undefined {
  return matching(value, SLOT, LONGEST_WORD);
}

/** Whether JSON is nested no deeper than decisions can follow. */
function isShallow(value: unknown, depth = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((part) => isShallow(part, depth - 1));
}

/** Whether a text is too large to parse as JSON. */
export function isTooLarge(value: unknown, longest = LONGEST_JSON): boolean {
  return typeof value === 'string' && value.length > longest;
}

/** Parses JSON of bounded size and depth from another writer. */
export function json(value: unknown, longest = LONGEST_JSON): Json | undefined {
  if (typeof value !== 'string' || value === '' || isTooLarge(value, longest)) return undefined;
  try {
    const read = JSON.parse(value) as Json;
    return isShallow(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Parses a JSON mapping; empty for any other text. */
export function jsonRecord(value: unknown): { readonly [name: string]: Json | undefined } {
  const read = json(value);
  return isRecord(read) ? read : {};
}
