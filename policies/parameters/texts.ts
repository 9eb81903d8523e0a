import { closestTimeZone, isTimeZone } from '../../database/values/time-zone.ts';
import { items, list, oneOf } from './lists.ts';
import type { Check } from './lists.ts';
import { quoteValue } from '../../database/finding.ts';
import { MISSING_TIME_ZONES } from './postgresql-table.ts';

let missing: ReadonlySet<string> | undefined;

function isMissing(zone: string): boolean {
  missing ??= new Set(MISSING_TIME_ZONES.trim().split(/\s+/));
  return missing.has(zone);
}

/**
 * POSIX notation, such as EST5EDT4, <+01>-1 or +01:00: PostgreSQL accepts any letters as a name, followed by hours and optionally by the
 * name and the hours of the summer time.
 */
const POSIX_ZONE =
  /^(?:<[A-Za-z0-9+-]{1,20}>|[A-Za-z_/]{0,40})[+-]?[0-9]{1,3}(?::[0-9]{1,2}){0,2}(?:[A-Za-z]{1,20}(?:[+-]?[0-9]{1,3}(?::[0-9]{1,2}){0,2})?)?$/;
const HOURS = /^[+-]?[0-9]{1,3}(?:\.[0-9]{1,6})?$/;
/** The POSIX maximum: a week less one hour. */
const MOST_HOURS = 167;

function isPosixZone(value: string): boolean {
  const hours = /[0-9]{1,3}/.exec(value.replace(/^<[^>]*>/, ''))?.[0];
  return POSIX_ZONE.test(value) && Number(hours) <= MOST_HOURS;
}

const timeZone: Check = (value) => {
  if (HOURS.test(value) && Math.abs(Number(value)) <= MOST_HOURS) return undefined;
  const known = isTimeZone(value) ? value : closestTimeZone(value);
  const same = known?.toLowerCase() === value.toLowerCase() ? known : undefined;
  if (same !== undefined && !isMissing(same)) return undefined;
  if (!HOURS.test(value) && isPosixZone(value)) return undefined;
  const problem = 'must be a time zone that the image has: the server would not start';
  if (same !== undefined) {
    return { problem, remedy: `${same} is an old name; write a region and city, such as America/New_York` };
  }
  const meant = known !== undefined && !isMissing(known) ? known : undefined;
  const remedy = meant
    ? `did you mean ${quoteValue(meant)}?`
    : 'write the name of an IANA time zone, such as Europe/Berlin';
  return { problem, remedy };
};

const FIXED_LOCALES = /^(?:C|POSIX|C\.(?:UTF|utf)-?8)$/;

const locale: Check = (value) =>
  FIXED_LOCALES.test(value)
    ? undefined
    : {
        problem: 'must be a locale that the image has: the server would not start',
        remedy: 'write C.UTF-8, or remove it; collations of languages come from ICU and need no locale of the system',
      };

/** Empty stands for the locale of the environment, except for messages. */
const otherLocale: Check = (value, major) => (value === '' ? undefined : locale(value, major));

const ENCODINGS = new Set(
  `abc alt big5 euccn eucjis2004 eucjp euckr euctw gb18030 gbk iso88591 iso885910 iso885913 iso885914 iso885915
  iso885916 iso88592 iso88593 iso88594 iso88595 iso88596 iso88597 iso88598 iso88599 johab koi8 koi8r koi8u latin1
  latin10 latin2 latin3 latin4 latin5 latin6 latin7 latin8 latin9 mskanji muleinternal shiftjis shiftjis2004 sjis
  sqlascii tcvn tcvn5712 uhc unicode utf8 vscii win win1250 win1251 win1252 win1253 win1254 win1255 win1256 win1257
  win1258 win866 win874 win932 win936 win949 win950 windows1250 windows1251 windows1252 windows1253 windows1254
  windows1255 windows1256 windows1257 windows1258 windows866 windows874 windows932 windows936 windows949
  windows950`.split(/\s+/),
);

const encoding: Check = (value) =>
  ENCODINGS.has(value.replace(/[^A-Za-z0-9]/g, '').toLowerCase())
    ? undefined
    : { problem: 'must be an encoding that PostgreSQL knows', remedy: 'write UTF8, or another of its encodings' };

const STYLES: readonly (readonly [form: RegExp, group: 'style' | 'order', value: string])[] = [
  [/^iso$/, 'style', 'iso'],
  [/^sql$/, 'style', 'sql'],
  [/^postgres/, 'style', 'postgres'],
  [/^german$/, 'style', 'german'],
  [/^ymd$/, 'order', 'ymd'],
  [/^(?:dmy|euro.*)$/, 'order', 'dmy'],
  [/^(?:mdy|us|noneuro.*)$/, 'order', 'mdy'],
  [/^default$/, 'style', ''],
];

const dateStyle: Check = (value) => {
  const said = (items(value) ?? ['?']).map((item) => STYLES.find(([form]) => form.test(item.toLowerCase())));
  const meanings = (group: string): Set<string> =>
    new Set(said.filter((one) => one?.[1] === group).map((one) => one?.[2] ?? ''));
  const clear = meanings('style').size <= 1 && meanings('order').size <= 1;
  if (said.every((one) => one !== undefined) && clear) return undefined;
  return {
    problem: 'must name one style (ISO, SQL, Postgres, German) and one order (DMY, MDY, YMD)',
    remedy: 'write for example ISO, DMY',
  };
};

function matching(form: RegExp, problem: string, remedy: string): Check {
  return (value) => (form.test(value) ? undefined : { problem, remedy });
}

const slots: Check = (value) => {
  const found = items(value);
  return found?.every((item) => /^[A-Za-z0-9_]{1,63}$/.test(item))
    ? undefined
    : {
        problem: 'must be a list of names of replication slots',
        remedy: 'write letters, digits and underscores, with commas between names',
      };
};

const LOG_CONNECTIONS = ['receipt', 'authentication', 'authorization', 'setup_durations', 'all'];
const isYesOrNo = (value: string): boolean => /^(?:on|off|true|false|yes|no|1|0)$/i.test(value);

const logConnections: Check = (value, major) => {
  if (isYesOrNo(value)) return undefined;
  return oneOf(LOG_CONNECTIONS, 'on, off or a list')(value, major);
};

const EXTRA_CHECKS = ['shadowed_variables', 'too_many_rows', 'strict_multi_assignment'];

const extraChecks: Check = (value, major) =>
  /^(?:all|none)$/i.test(value) ? undefined : oneOf(EXTRA_CHECKS, 'all, none or a list')(value, major);

const logDestination: Check = (value, major) =>
  oneOf(['stderr', 'csvlog', 'syslog', ...(major >= 15 ? ['jsonlog'] : [])], 'a list')(value, major);

/** Text settings whose form the server checks when it reads its file. */
export const TEXT_CHECKS: Readonly<Record<string, Check>> = {
  backtrace_functions: matching(
    /^[A-Za-z0-9_, \t\n]*$/,
    'must be names of functions of C',
    'write names with commas between them',
  ),
  client_encoding: encoding,
  createrole_self_grant: oneOf(['set', 'inherit'], 'a list'),
  datestyle: dateStyle,
  debug_io_direct: oneOf(['data', 'wal', 'wal_init'], 'a list'),
  default_table_access_method: matching(
    /^.{1,63}$/,
    'must be the name of a table access method',
    'write heap, or remove it',
  ),
  lc_messages: locale,
  lc_monetary: otherLocale,
  lc_numeric: otherLocale,
  lc_time: otherLocale,
  log_connections: logConnections,
  log_destination: logDestination,
  log_timezone: timeZone,
  // PostgreSQL 18 checks the form when a slot is created.
  output_plugin_libraries: (value, major) => (major < 18 ? list(value, major) : undefined),
  'plpgsql.extra_errors': extraChecks,
  'plpgsql.extra_warnings': extraChecks,
  restrict_nonsystem_relation_kind: oneOf(['view', 'foreign-table'], 'a list'),
  search_path: list,
  synchronized_standby_slots: slots,
  temp_tablespaces: list,
  timezone: timeZone,
  timezone_abbreviations: matching(
    /^(?:Default|Australia|India)$/,
    'must be Default, Australia or India',
    'write Default, or remove it',
  ),
  wal_consistency_checking: oneOf(
    ['all', 'heap', 'heap2', 'btree', 'hash', 'gin', 'gist', 'sequence', 'spgist', 'brin', 'generic'],
    'a list',
  ),
};
