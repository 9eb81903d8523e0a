import { quoteValue } from '../../database/finding.ts';
import { suggest } from '../../database/suggest.ts';
import { dimensionOf, readNumber, sizeOfUnit, unitNames } from './numbers.ts';
import { settingOf } from './postgresql-settings.ts';
import type { Setting } from './postgresql-settings.ts';
import { TEXT_CHECKS } from './texts.ts';
import type { ValueProblem } from './lists.ts';
import { unitRemedy } from './unit-remedy.ts';

/** Words that Patroni accepts; PostgreSQL alone would also accept any prefix of them. */
const YES_OR_NO = /^(?:on|off|true|false|yes|no|1|0)$/i;
const YES = /^(?:t|tr|tru|y|ye|enabled?|active|an)$/i;
const NO = /^(?:f|fa|fal|fals|n|of|disabled?|none)$/i;

/** Patroni 4.1.5 has no validator for it, so PostgreSQL's own parser decides: any prefix of a word. */
const NOT_VALIDATED = '14 enable_memoize';
const BEGINNING = /^(?:t|tr|tru|f|fa|fal|fals|y|ye|n|of)$/i;

function boolProblem(value: string, { name }: Setting, major: number): ValueProblem | undefined {
  if (YES_OR_NO.test(value) || (`${major} ${name}` === NOT_VALIDATED && BEGINNING.test(value))) return undefined;
  const remedy = YES.test(value) ? 'write on' : NO.test(value) ? 'write off' : 'write on or off';
  return { problem: 'must be on or off', remedy };
}

function enumProblem(value: string, { values = [] }: Setting): ValueProblem | undefined {
  const lower = value.toLowerCase();
  if (values.some((known) => known.toLowerCase() === lower)) return undefined;
  // Where on and off are valid, so are their other spellings, which would only lengthen the message.
  const others = values.includes('on') ? /^(?:true|false|yes|no|1|0|)$/ : /^$/;
  const shown = values.filter((known) => !others.test(known));
  const meant = suggest(value, shown);
  const remedy = meant ? `did you mean ${quoteValue(meant)}?` : `choose one of ${shown.join(', ')}`;
  return { problem: `must be one of ${shown.join(', ')}`, remedy };
}

/** A number in the setting's own unit, written with the largest unit that is exact. */
function inUnits(value: number, unit: string | undefined): string {
  const dimension = dimensionOf(unit);
  if (unit === undefined || dimension === undefined || value <= 0) return String(value);
  const size = value * sizeOfUnit(unit);
  const fitting = unitNames(dimension).find((name) => size % sizeOfUnit(name) === 0);
  return fitting === undefined ? String(value) : `${size / sizeOfUnit(fitting)}${fitting}`;
}

function kindOf({ type, unit }: Setting): string {
  const dimension = dimensionOf(unit);
  if (dimension === 'memory') return 'a size with a unit of PostgreSQL’s: B, kB, MB, GB or TB';
  if (dimension === 'time') return 'a time with a unit of PostgreSQL’s: us, ms, s, min, h or d';
  return type === 'integer' ? 'a whole number' : 'a number';
}

const INTEGER_LIMIT = 2 ** 31;

function numberProblem(value: string, setting: Setting): ValueProblem | undefined {
  const { type, unit, least = -Infinity, most = Infinity } = setting;
  const whole = type === 'integer';
  const read = readNumber(value, { ...(unit && { unit }), whole });
  if (!read.ok) return { problem: `must be ${kindOf(setting)}`, remedy: unitRemedy(value, unit) };
  if (read.value >= least && read.value <= most && (!whole || Math.abs(read.value) <= INTEGER_LIMIT)) return undefined;
  const range = `from ${inUnits(least, unit)} to ${inUnits(most, unit)}`;
  return { problem: `must be ${range}`, remedy: `choose a value ${range}` };
}

/** The stack size of a container's process, without the server's reserve. */
const STACK_KILOBYTES = 7680;
const SLRU_BUFFERS = new Set(
  [
    'commit_timestamp',
    'multixact_member',
    'multixact_offset',
    'notify',
    'serializable',
    'subtransaction',
    'transaction',
  ].map((of) => `${of}_buffers`),
);

/** Checks of the server besides the limits that it describes. */
function hookProblem(value: string, { name, unit }: Setting): ValueProblem | undefined {
  const read = readNumber(value, { ...(unit && { unit }), whole: true });
  const number = read.ok ? read.value : 0;
  if (name === 'max_stack_depth' && number > STACK_KILOBYTES) {
    return { problem: 'must fit into the stack that the system gives: at most 7680kB', remedy: 'write 7680kB or less' };
  }
  if (SLRU_BUFFERS.has(name) && number % 16 !== 0) {
    return { problem: 'must be a multiple of 16 blocks', remedy: 'write a multiple of 128kB, such as 256kB' };
  }
  if (name === 'vacuum_buffer_usage_limit' && number > 0 && number < 128) {
    return { problem: 'must be 0, or from 128kB to 16GB', remedy: 'write 0, or a value from 128kB to 16GB' };
  }
  if (name === 'bonjour' && /^(?:on|true|yes|1)$/i.test(value)) {
    return { problem: 'must be off: the image is built without Bonjour', remedy: 'remove it' };
  }
  return undefined;
}

function typeProblem(value: string, setting: Setting, major: number): ValueProblem | undefined {
  if (setting.type === 'bool') return boolProblem(value, setting, major);
  if (setting.type === 'enum') return enumProblem(value, setting);
  if (setting.type === 'string') return TEXT_CHECKS[setting.name.toLowerCase()]?.(value, major);
  return numberProblem(value, setting);
}

/**
 * A problem of a setting's value in a major version, as the server and Patroni in front of it judge it; undefined when the value is
 * valid, or when the server has no such setting.
 */
export function valueProblem(major: string, name: string, value: string): ValueProblem | undefined {
  const setting = settingOf(major, name);
  if (!setting) return undefined;
  return (
    typeProblem(value, setting, Number(major)) ??
    hookProblem(value, setting) ??
    replacedByPatroni(value, setting, Number(major))
  );
}

/**
 * Patroni passes these on the server's command line, and replaces a value that is too low by its own (CMDLINE_OPTIONS in
 * patroni/postgresql/config.py of 4.1.5).
 */
const LEAST_OF_PATRONI: Readonly<
  Record<string, { readonly least: number; readonly instead: string; readonly unit?: string }>
> = {
  max_connections: { least: 25, instead: '100' },
  max_locks_per_transaction: { least: 32, instead: '64' },
  max_worker_processes: { least: 2, instead: '8' },
  wal_keep_size: { least: 16, instead: '128MB', unit: 'MB' },
};

/** PostgreSQL 17 alone accepts less, and Patroni's minimum is 1MB. */
const MAINTENANCE = { least: 1024, instead: '1MB', unit: 'kB' };

function replacedByPatroni(value: string, { name, unit }: Setting, major: number): ValueProblem | undefined {
  const rule = name === 'maintenance_work_mem' && major === 17 ? MAINTENANCE : LEAST_OF_PATRONI[name];
  const read = rule && readNumber(value, { ...(unit && { unit }), whole: true });
  if (!rule || !read?.ok || read.value >= rule.least) return undefined;
  const least = `${rule.least}${rule.unit ?? ''}`;
  return {
    problem: `must be at least ${least}: below that, Patroni uses ${rule.instead} instead`,
    remedy: `write ${least} or more`,
  };
}
