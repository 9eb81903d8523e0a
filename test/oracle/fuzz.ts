/** A source of numbers from 0 up to 1, the same for the same seed. */
export type Chance = () => number;

/** Mulberry32, a small seeded generator: https://github.com/bryc/code/blob/master/jshash/PRNGs.md */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(random: Chance, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

function number(random: Chance, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

function repeat(random: Chance, times: number, make: () => string, joint = ''): string {
  return Array.from({ length: number(random, 1, times) }, make).join(joint);
}

/** Cuts, doubles or swaps single characters, so that most results are nearly right. */
function spoil(random: Chance, text: string, letters: string): string {
  const at = number(random, 0, text.length);
  const letter = pick(random, [...letters]);
  const end = text.slice(at + 1);
  return text.slice(0, at) + pick(random, [end, `${letter}${end}`, `${letter}${text.slice(at)}`]);
}

const BOUNDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;
const NAMES: Readonly<Record<number, readonly string[]>> = {
  3: 'JAN feb Mar APR may jun jul AUG sep oct NOV dec'.split(' '),
  4: 'SUN mon Tue wed THU fri sat'.split(' '),
};

function cronValue(random: Chance, field: number): string {
  const [min, max] = BOUNDS[field] ?? [0, 59];
  const names = NAMES[field];
  if (names && random() < 0.2) return pick(random, names);
  if (random() < 0.03) return `${max + number(random, 1, 5)}`;
  return `${number(random, min, max)}`;
}

function cronRange(random: Chance, field: number): string {
  const [min, max] = BOUNDS[field] ?? [0, 59];
  const kind = random();
  if (kind < 0.3) return cronValue(random, field);
  if (kind < 0.5) return `${pick(random, ['*', '*', '?'])}/${number(random, 1, 20)}`;
  if (kind < 0.6) return `${cronValue(random, field)}/${number(random, 1, 20)}`;
  if (kind < 0.65) return `${cronValue(random, field)}-${cronValue(random, field)}`;
  const low = number(random, min, max);
  const range = `${low}-${number(random, low, max)}`;
  return random() < 0.5 ? range : `${range}/${number(random, 1, 9)}`;
}

function cronField(random: Chance, field: number): string {
  if (random() < (field > 1 ? 0.5 : 0.25)) return pick(random, ['*', '*', '*', '?']);
  return repeat(random, random() < 0.3 ? 4 : 1, () => cronRange(random, field), ',');
}

function duration(random: Chance): string {
  const size = (): string =>
    pick(random, [`${number(random, 0, 90)}`, `${random() * 10}`, `.${number(random, 0, 999)}`, '1.']);
  const unit = (): string => pick(random, ['h', 'm', 's', 's', 'ms', 'us', 'µs', 'ns']);
  return pick(random, ['', '', '', '-', '+']) + repeat(random, 3, () => size() + unit());
}

/** A random text that is a schedule or nearly one. */
export function fuzzSchedule(random: Chance): string {
  if (random() < 0.08) return spoil(random, `@every ${duration(random)}`, ' 0.hmsd');
  if (random() < 0.08) return `@every ${duration(random)}`;
  const text = BOUNDS.map((_, field) => cronField(random, field)).join(' ');
  return random() < 0.25 ? spoil(random, text, '0123456789*/-,? LW#@+TZ=\t') : text;
}

const SUFFIXES = ['n', 'u', 'm', '', '', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

function digits(random: Chance): string {
  const length = pick(random, [1, 1, 2, 3, 4, 6, 10, 18, 19, 20, 25]);
  const zeros = random() < 0.3 ? '0'.repeat(number(random, 1, 6)) : '';
  const some = Array.from({ length: number(random, 1, length) }, () => number(random, 0, 9)).join('');
  return pick(random, [some, some, some + zeros, zeros + some, `${2 ** number(random, 0, 40)}`]);
}

/** A random text that is a quantity or nearly one; exponents stay below 1000, where quantity.ts knowingly differs. */
export function fuzzQuantity(random: Chance): string {
  const sign = pick(random, ['', '', '', '', '-', '+']);
  const size = pick(random, [
    digits(random),
    digits(random),
    `${digits(random)}.${digits(random)}`,
    `.${digits(random)}`,
    `${digits(random)}.`,
  ]);
  const exponent = `${pick(random, ['e', 'E'])}${pick(random, ['', '', '+', '-'])}${number(random, 0, pick(random, [9, 30, 300]))}`;
  const text = sign + size + (random() < 0.25 ? exponent : pick(random, SUFFIXES));
  const result = random() < 0.2 ? spoil(random, text, '0123456789.+-eEinumkKMGTPBg ') : text;
  return /e[-+]?[0-9]{4}/i.test(result) ? text : result;
}

/** A random name that is a time zone or nearly one. */
export function fuzzTimeZone(random: Chance, known: readonly string[]): string {
  const name = pick(random, known);
  return pick(random, [name, name.toLowerCase(), spoil(random, name, 'abcdE/_-+ ')]);
}

/** Moments to look for the next fire from: plain ones, between two seconds, before leap days, around the missing one of 2100. */
export const MOMENTS: readonly string[] = [
  '2026-01-01T00:00:00Z',
  '2026-11-21T09:59:59.5Z',
  '2027-02-28T23:59:00Z',
  '2028-02-28T23:59:59Z',
  '2095-12-31T23:59:59.999Z',
  '2096-03-01T00:00:00Z',
  '2099-12-31T12:30:30Z',
];
