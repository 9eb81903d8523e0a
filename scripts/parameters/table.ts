import type { Question } from './patroni.ts';
import type { Described, Server } from './server.ts';
import { takes } from './server.ts';

/** Spellings that servers accept but do not list; found by asking. */
const HIDDEN = ['true', 'false', 'yes', 'no', '1', '0', 'on', 'off', 'debug', 'info', 'fatal', 'panic', 'hot_standby'];

/**
 * Values that 14 and 16 have in Debian's builds, which the image uses, and not in the builds that were asked, which lack lz4 and zstd.
 * 15, 17 and 18 were asked in Debian's builds, and have both.
 */
const OF_DEBIAN: Readonly<Record<string, readonly string[]>> = {
  '14 default_toast_compression': ['lz4'],
  '16 default_toast_compression': ['lz4'],
  '16 wal_compression': ['lz4', 'zstd'],
};

/** Whether a server's answer depends only on its build. */
export function isOfBuild(major: string, name: string, value: string): boolean {
  return OF_DEBIAN[`${major} ${name}`]?.includes(value.toLowerCase()) ?? false;
}

/** A value that the setting's own description allows. */
function sound({ type, values, least }: Described): string {
  if (type === 'bool') return 'off';
  return type === 'enum' ? (values[0] ?? '') : type === 'string' ? 'C' : least;
}

function valuesOf(server: Server, { name, type, values }: Described): string[] {
  if (type !== 'enum') return [];
  // Without its module, the server accepts any value for a module's setting.
  if (name.includes('.')) return [...values];
  const listed = values.filter((value) => takes(server, [[name, value]]));
  const hidden = HIDDEN.filter((value) => !values.includes(value) && takes(server, [[name, value]]));
  return [...listed, ...hidden, ...(OF_DEBIAN[`${server.major} ${name}`] ?? [])];
}

/** The questions for Patroni about a setting: each value of a list, the limits of a number, and a valid value. */
export function questionsOf(major: string, setting: Described, values: readonly string[]): Question[] {
  const limits = setting.type === 'integer' || setting.type === 'real' ? [setting.least, setting.most] : [];
  return [...values, ...limits, sound(setting)].map((value) => [Number(major), setting.name, value]);
}

/** A setting of one major with the answers about it. */
export interface Row {
  readonly setting: Described;
  readonly values: readonly string[];
  /** Whether a configuration file may hold the setting at all. */
  readonly settable: boolean;
}

/** Asks about the points that the server's own description leaves open. */
export function rowOf(server: Server, setting: Described): Row {
  const { name, context, type } = setting;
  const values = valuesOf(server, setting);
  const trials = type === 'enum' ? values : [sound(setting), setting.most, '', '0/0', 'UTF8', 'Default'];
  const settable = context !== 'internal' && trials.some((value) => takes(server, [[name, value]]));
  return { setting, values, settable };
}

/** One line of the table without its majors. */
export function lineOf({ setting, values, settable }: Row, keeps: (value: string) => boolean): string {
  const { type, context, unit, least, most } = setting;
  const kept = keeps(sound(setting));
  if (!settable) return `${type} never`;
  if (type === 'enum') {
    const both = values.filter(keeps);
    return both.length === 0 ? 'enum dropped' : `enum ${context} ${both.join(',')}`;
  }
  if (type === 'integer' || type === 'real') {
    if (!kept && !keeps(most)) return `${type} dropped`;
    return `${type} ${context} ${least}..${most}${unit === '' ? '' : ` ${unit}`}`;
  }
  return `${type} ${kept ? context : 'dropped'}`;
}

/** Modules that PostgreSQL 14 loads only at its start; their settings are those of 15, which was asked. */
const AT_START = /^(pg_stat_statements|pg_prewarm)[.]/;

/** Completes the lines of 14 with the settings that single-user mode does not list. */
export function completed(of14: ReadonlyMap<string, string>, of15: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...of14, ...[...of15].filter(([name]) => AT_START.test(name))]);
}

/** Merges the lines of all majors: a setting that is equal in several majors stands once. */
export function mergeLines(byMajor: ReadonlyMap<string, ReadonlyMap<string, string>>): string[] {
  const majors = [...byMajor.keys()].sort();
  const names = new Set([...byMajor.values()].flatMap((lines) => [...lines.keys()]));
  const sorted = [...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return sorted.flatMap((name) => {
    const ofName = majors.map((major) => byMajor.get(major)?.get(name));
    const different = [...new Set(ofName.filter((line) => line !== undefined))];
    return different.map((line) => {
      const having = majors.filter((_, index) => ofName[index] === line);
      return `${name} ${rangeOf(having, majors)} ${line}`;
    });
  });
}

/** `14-16`, or `18`; majors that do not follow each other keep their commas. */
function rangeOf(having: readonly string[], majors: readonly string[]): string {
  const [first = '', last = ''] = [having[0], having.at(-1)];
  const between = majors.slice(majors.indexOf(first), majors.indexOf(last) + 1);
  if (having.length === 1) return first;
  return between.length === having.length ? `${first}-${last}` : having.join(',');
}
