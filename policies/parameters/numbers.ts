/** A parsed number, converted to the setting's own unit. */
export type ReadNumber = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly unit?: string };

/** Bytes of each unit of memory, and milliseconds of each unit of time, as PostgreSQL spells them (guc.c). */
const UNITS: Readonly<Record<'memory' | 'time', ReadonlyMap<string, number>>> = {
  memory: new Map([
    ['TB', 2 ** 40],
    ['GB', 2 ** 30],
    ['MB', 2 ** 20],
    ['kB', 2 ** 10],
    ['B', 1],
  ]),
  time: new Map([
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
    ['ms', 1],
    ['us', 0.001],
  ]),
};

/** Whether a setting counts memory or time; undefined when it has no unit. */
export function dimensionOf(unit: string | undefined): 'memory' | 'time' | undefined {
  if (unit === undefined) return undefined;
  return UNITS.memory.has(unit.replace(/^[0-9]+/, '')) ? 'memory' : 'time';
}

/** The size of a setting's own unit, which may be several of another: `8kB`. */
export function sizeOfUnit(unit: string): number {
  const [, count = '', name = ''] = /^([0-9]*)([A-Za-z]+)$/.exec(unit) ?? [];
  return Number(count || 1) * (UNITS.memory.get(name) ?? UNITS.time.get(name) ?? NaN);
}

/** The spellings of units that a setting accepts, largest first. */
export function unitNames(dimension: 'memory' | 'time'): string[] {
  return [...UNITS[dimension].keys()];
}

const SIXTEEN = /^[+-]?0x[0-9a-f]+/i;
const DIGITS = /^[+-]?[0-9]+/;
/** With a point or an exponent; PostgreSQL accepts `5.` as well, which Patroni drops. */
const BROKEN = /^[+-]?(?:[0-9]*[.])?[0-9]+(?:e[+-]?[0-9]+)?/i;
const PLAIN = /^[\x20-\x7e]*$/;

/** The number at the beginning of a text, in C's notation: 0x is hexadecimal, another leading 0 octal (strtol with base 0). */
function wholeNumber(text: string): readonly [number: number, rest: string] | undefined {
  const [written] = SIXTEEN.exec(text) ?? DIGITS.exec(text) ?? [];
  if (written === undefined || /^[.e]/i.test(text.slice(written.length))) return undefined;
  const digits = written.replace(/^[+-]/, '');
  const eights = /^0[0-7]*/.exec(digits)?.[0] ?? '';
  const isOctal = digits.startsWith('0') && !SIXTEEN.test(written);
  const value = isOctal ? Number.parseInt(eights, 8) : Number(digits);
  const length = isOctal ? written.length - digits.length + eights.length : written.length;
  return [written.startsWith('-') ? -value : value, text.slice(length)];
}

function brokenNumber(text: string): readonly [number: number, rest: string] | undefined {
  const [written] = BROKEN.exec(text) ?? [];
  return written === undefined ? undefined : [Number(written), text.slice(written.length)];
}

/** Rounds as C's rint does: a half goes to the even neighbour. */
function nearest(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** A fraction of a unit is rounded to the next smaller unit, as convert_to_base_unit does. */
function converted(value: number, unit: string, base: string): number | undefined {
  const dimension = dimensionOf(base) ?? 'memory';
  const names = unitNames(dimension);
  const size = UNITS[dimension].get(unit);
  if (size === undefined) return undefined;
  const own = sizeOfUnit(base);
  const next = names[names.indexOf(unit) + 1];
  const smaller = next === undefined ? undefined : UNITS[dimension].get(next);
  const inBase = (value * size) / own;
  if (smaller === undefined || smaller < own) return inBase;
  return nearest(inBase / (smaller / own)) * (smaller / own);
}

/**
 * Parses a number as PostgreSQL does (parse_int and parse_real of guc.c), in the unit of the setting; a number without a unit has that
 * unit already. Only integer settings accept other bases than ten.
 */
export function readNumber(text: string, { unit: base, whole }: { unit?: string; whole: boolean }): ReadNumber {
  const trimmed = text.trim();
  const read = PLAIN.test(text) ? ((whole ? wholeNumber(trimmed) : undefined) ?? brokenNumber(trimmed)) : undefined;
  if (!read) return { ok: false };
  const [number, rest] = read;
  const unit = rest.trim();
  const value = unit === '' ? number : base === undefined ? undefined : converted(number, unit, base);
  if (value === undefined) return { ok: false, unit };
  return { ok: true, value: whole ? nearest(value) : value };
}
