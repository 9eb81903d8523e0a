import { ENGINES } from '../../database/engines/index.ts';
import { memoize } from '../../database/memoize.ts';
import { POSTGRESQL_SETTINGS } from './postgresql-table.ts';

/** A setting as the servers of some majors describe it. */
export interface Setting {
  /** In the server's spelling: `DateStyle`. */
  readonly name: string;
  readonly type: 'bool' | 'enum' | 'integer' | 'real' | 'string';
  /** When a new value takes effect, in PostgreSQL's terms; or that it never does: see the table. */
  readonly context: string;
  readonly least?: number;
  readonly most?: number;
  /** The unit of a number without one. */
  readonly unit?: string;
  /** Values of an enumeration. */
  readonly values?: readonly string[];
}

interface Line extends Setting {
  readonly majors: readonly string[];
}

const MAJORS = ENGINES.postgresql.series.map(({ series }) => series);

/** The majors in a range such as `14-16`, `18` or `14,16`. */
function majorsOf(range: string): string[] {
  return range.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-');
    return MAJORS.slice(MAJORS.indexOf(first), MAJORS.indexOf(last) + 1);
  });
}

function detailsOf(type: string, details: readonly string[]): Partial<Setting> {
  const [detail, unit] = details;
  if (detail === undefined) return {};
  // Some values contain a space: repeatable read.
  if (type === 'enum') return { values: details.join(' ').split(',') };
  const [least, most] = detail.split('..').map(Number);
  return { ...(least !== undefined && { least }), ...(most !== undefined && { most }), ...(unit && { unit }) };
}

function readLine(line: string): Line {
  const [name = '', range = '', type = '', context = '', ...details] = line.split(' ');
  return { name, majors: majorsOf(range), type: type as Setting['type'], context, ...detailsOf(type, details) };
}

let byName: ReadonlyMap<string, readonly Line[]> | undefined;

/** The lines of the table by lower-case name, parsed on first use. */
function lines(): ReadonlyMap<string, readonly Line[]> {
  if (byName) return byName;
  const found = new Map<string, Line[]>();
  for (const line of POSTGRESQL_SETTINGS.trim().split('\n').map(readLine)) {
    const name = line.name.toLowerCase();
    found.set(name, [...(found.get(name) ?? []), line]);
  }
  return (byName = found);
}

/** The setting of that name in a major version, in any case; undefined when the server has none. */
export function settingOf(major: string, name: string): Setting | undefined {
  return lines()
    .get(name.toLowerCase())
    ?.find(({ majors }) => majors.includes(major));
}

/** The majors that have a setting, oldest first. */
export function majorsWith(name: string): string[] {
  const having = new Set((lines().get(name.toLowerCase()) ?? []).flatMap(({ majors }) => majors));
  return MAJORS.filter((major) => having.has(major));
}

/** Every setting of a major version, including those that cannot be set. */
export function settingsOf(major: string): Setting[] {
  return [...lines().values()].flatMap((versions) => versions.filter(({ majors }) => majors.includes(major)));
}

/** Whether a configuration file can hold a setting and Patroni passes it on. */
function isSettable({ context }: Setting): boolean {
  return context !== 'never' && context !== 'dropped';
}

const namesOfMajor = memoize((major) =>
  settingsOf(major)
    .filter(isSettable)
    .map(({ name }) => name),
);

/** Names of the settings of a major version that can be set, in the server's spelling. */
export function settingNames(major: string): readonly string[] {
  return namesOfMajor(major);
}

const prefixesOfMajor = memoize((major) => {
  const dotted = namesOfMajor(major).filter((name) => name.includes('.'));
  return new Set(dotted.map((name) => name.slice(0, name.indexOf('.'))));
});

/** Prefixes of modules whose settings are all known: `auto_explain`. */
export function modulePrefixes(major: string): ReadonlySet<string> {
  return prefixesOfMajor(major);
}
