import { parseDuration } from './duration.ts';

/** The values of one field of a schedule: bit N is set when N matches. */
interface Field {
  readonly bits: bigint;
  /** Whether it was written as `*` or `?`, so that it does not restrict the day. */
  readonly star: boolean;
}

/** A schedule of five fields. */
export interface FieldSchedule {
  readonly minute: Field;
  readonly hour: Field;
  readonly dayOfMonth: Field;
  readonly month: Field;
  readonly dayOfWeek: Field;
}

/** A schedule as Kubernetes reads it: five fields, or `@every` with a number of seconds. */
export type Schedule = FieldSchedule | { readonly everySeconds: number };

/** A parsed schedule, or why the text is not one. */
export type ScheduleResult =
  { readonly ok: true; readonly schedule: Schedule } | { readonly ok: false; readonly problem: string };

interface Bounds {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const BOUNDS = {
  minute: { name: 'minute', min: 0, max: 59 },
  hour: { name: 'hour', min: 0, max: 23 },
  dayOfMonth: { name: 'day-of-month', min: 1, max: 31 },
  month: { name: 'month', min: 1, max: 12, names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ') },
  dayOfWeek: { name: 'day-of-week', min: 0, max: 6, names: 'sun mon tue wed thu fri sat'.split(' ') },
} as const satisfies Record<keyof FieldSchedule, Bounds>;

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const EVERY = '@every ';
const SECOND = 1_000_000_000n;
/** The largest number that Go's strconv.Atoi reads. */
const LARGEST_INTEGER = 2n ** 63n - 1n;
/** White space of Go's strings.Fields. */
const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

class Refusal extends Error {}

function readInteger(text: string): number | undefined {
  const [, digits] = /^\+?0*([0-9]{1,19})$/.exec(text) ?? [];
  return digits !== undefined && BigInt(digits) <= LARGEST_INTEGER ? Number(digits) : undefined;
}

function readNumber(text: string, { name, min, max, names }: Bounds): number {
  // Go's lower case of the Turkish İ is a plain i; JavaScript's has an additional dot.
  const named = names?.indexOf(text.replaceAll('İ', 'i').toLowerCase()) ?? -1;
  if (named >= 0) return named + min;
  const number = readInteger(text);
  if (number !== undefined) return number;
  const words = names ? `, or ${names[0]} to ${names.at(-1)}` : '';
  throw new Refusal(`must have numbers from ${min} to ${max}${words} in the ${name} field, not "${text}"`);
}

function readStep(text: string, { name }: Bounds): number {
  const step = readInteger(text);
  if (step) return step;
  throw new Refusal(`must have a step of at least 1 in the ${name} field, not "${text}"`);
}

/** First and last value of a range such as `*`, `5` or `mon-fri`; a single value with a step runs to the end. */
function readEnds(range: string, stepped: boolean, bounds: Bounds): [number, number] {
  const { name, min, max } = bounds;
  const [low = '', high, ...more] = range.split('-');
  if (isStar(range)) return [min, max];
  if (more.length > 0) throw new Refusal(`must have one - at most in the ${name} field, not "${range}"`);
  const start = readNumber(low, bounds);
  if (high === undefined) return [start, stepped ? max : start];
  return [start, readNumber(high, bounds)];
}

/** The text after the hyphen after a star is ignored. */
function isStar(range: string): boolean {
  return /^[*?](-|$)/.test(range);
}

function readRange(text: string, bounds: Bounds): Field {
  const { name, min, max } = bounds;
  const [range = '', stepText, ...more] = text.split('/');
  if (more.length > 0) throw new Refusal(`must have one / at most in the ${name} field, not "${text}"`);
  const step = stepText === undefined ? 1 : readStep(stepText, bounds);
  const [start, end] = readEnds(range, stepText !== undefined, bounds);
  if (start < min || end > max) {
    throw new Refusal(`must have values from ${min} to ${max} in the ${name} field, not "${text}"`);
  }
  if (start > end) throw new Refusal(`must not end before it begins in the ${name} field: "${text}"`);
  let bits = 0n;
  for (let value = start; value <= end; value += step) bits |= 1n << BigInt(value);
  return { bits, star: isStar(range) && step === 1 };
}

function readField(text: string, bounds: Bounds): Field {
  const ranges = text.split(',').filter((range) => range !== '');
  const fields = ranges.map((range) => readRange(range, bounds));
  return {
    bits: fields.reduce((bits, field) => bits | field.bits, 0n),
    star: fields.some(({ star }) => star),
  };
}

function readFields(text: string): FieldSchedule {
  const parts = text.split(SPACE).filter((part) => part !== '');
  if (parts.length !== 5) {
    throw new Refusal(`must have 5 fields (minute hour day-of-month month day-of-week), not ${parts.length}`);
  }
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = parts;
  return {
    minute: readField(minute, BOUNDS.minute),
    hour: readField(hour, BOUNDS.hour),
    dayOfMonth: readField(dayOfMonth, BOUNDS.dayOfMonth),
    month: readField(month, BOUNDS.month),
    dayOfWeek: readField(dayOfWeek, BOUNDS.dayOfWeek),
  };
}

function readEvery(text: string): Schedule {
  const duration = parseDuration(text);
  if (duration === undefined) {
    throw new Refusal(`must have a duration such as 1h30m, of at most 292 years, after @every, not "${text}"`);
  }
  return { everySeconds: duration < SECOND ? 1 : Number(duration / SECOND) };
}

function read(text: string): Schedule {
  if (text.includes('TZ')) throw new Refusal('must not name a time zone');
  if (!text.startsWith('@')) return readFields(text);
  if (text.startsWith(EVERY)) return readEvery(text.slice(EVERY.length));
  const fields = Object.hasOwn(DESCRIPTORS, text) ? DESCRIPTORS[text] : undefined;
  if (fields) return readFields(fields);
  throw new Refusal(
    `must be one of ${Object.keys(DESCRIPTORS).join(', ')}, or @every and a duration, when it begins with @`,
  );
}

/**
 * Parses a schedule with the verdict of Kubernetes 1.34 on a new CronJob (pkg/apis/batch/validation and github.com/robfig/cron/v3,
 * ParseStandard).
 */
export function parseSchedule(text: string): ScheduleResult {
  try {
    return { ok: true, schedule: read(text) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.message };
    throw error;
  }
}
