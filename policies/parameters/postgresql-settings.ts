import { ENGINES } from '../../database/engines/index.ts';
import { memoize } from '../../database/memoize.ts';
import { POSTGRESQL_SETTINGS } from './postgresql-table.ts';

/** A setting as the servers of some majors describe it. */
export interface Setting {
  /** As the server writes it: `DateStyle`. */
  readonly name: string;
  readonly type: 'bool' | 'enum' | 'integer' | 'real' | 'string';
  /** When a new value takes effect, as PostgreSQL calls it; or that it never does: see the table. */
  readonly context: string;
  readonly least?: number;
  readonly most?: number;
  /** What a number without a unit is counted in. */
  readonly unit?: string;
  /** Values of an enumeration. */
  readonly values?: readonly string[];
}

interface Line extends Setting {
  readonly majors: readonly string[];
}

const MAJORS = ENGINES.postgresql.series.map(({ series }) => series);

/** The majors that `14-16`, `18` or `14,16` stands for. */
function majorsOf(range: string): string[] {
  return range.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-');
    return MAJORS.slice(MAJORS.indexOf(first), MAJORS.indexOf(last) + 1);
  });
}

function detailsOf(type: string, details: readonly string[]): Partial<Setting> {
  const [detail, unit] = details;
  if (detail === undefined) return {};
  // Some values have a space in them: repeatable read.
  if (type === 'enum') return { values: details.join(' ').split(',') };
  const [least, most] = detail.split('..').map(Number);
  return { ...(least !== undefined && { least }), ...(most !== undefined && { most }), ...(unit && { unit }) };
}

function readLine(line: string): Line {
  const [name = '', range = '', type = '', context = '', ...details] = line.split(' ');
  return { name, majors: majorsOf(range), type: type as Setting['type'], context, ...detailsOf(type, details) };
}

let byName: ReadonlyMap<string, readonly Line[]> | undefined;

/** The lines of the table by their names in lower case, read when the first Database with parameters comes. */
function lines(): ReadonlyMap<string, readonly Line[]> {
  if (byName) return byName;
  const found = new Map<string, Line[]>();
  for (const line of POSTGRESQL_SETTINGS.trim().split('\n').map(readLine)) {
    const name = line.name.toLowerCase();
    found.set(name, [...(found.get(name) ?? []), line]);
  }
  return (byName = found);
}

/** The setting of that name in a major version, in whichever case it is written; undefined when the server has none. */
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

/** Every setting of a major version, those included that nobody can set. */
export function settingsOf(major: string): Setting[] {
  return [...lines().values()].flatMap((versions) => versions.filter(({ majors }) => majors.includes(major)));
}

/** Whether a file can hold a setting, and Patroni hands it to the server. */
function isSettable({ context }: Setting): boolean {
  return context !== 'never' && context !== 'dropped';
}

const namesOfMajor = memoize((major) =>
  settingsOf(major)
    .filter(isSettable)
    .map(({ name }) => name),
);

/** Names of the settings of a major version that can be set, as the server writes them. */
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
