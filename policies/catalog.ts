import { coerce, major } from 'semver';
import type { DatabaseSpec } from '../database/object.ts';
import { memoize } from '../database/memoize.ts';

type Engine = NonNullable<DatabaseSpec['engine']>;

/** One release series of an engine: what follows it is a major upgrade. */
interface Series {
  /** As users write it: `16`, `8.0`. */
  readonly series: string;
  /** Last day of its support, ISO date. */
  readonly endOfLife: string;
}

/** What Ballast knows about an engine. */
interface EngineFacts {
  readonly name: string;
  /** Oldest first; an upgrade goes from one to the next. */
  readonly series: readonly Series[];
  /** Where the dates are published. */
  readonly source: string;
}

/** The engines and the release series that Ballast runs. */
export const CATALOG: Readonly<Record<Engine, EngineFacts>> = {
  postgresql: {
    name: 'PostgreSQL',
    source: 'https://www.postgresql.org/support/versioning/',
    series: [
      { series: '14', endOfLife: '2026-11-12' },
      { series: '15', endOfLife: '2027-11-11' },
      { series: '16', endOfLife: '2028-11-09' },
      { series: '17', endOfLife: '2029-11-08' },
      { series: '18', endOfLife: '2030-11-14' },
    ],
  },
  mysql: {
    name: 'MySQL',
    source: 'https://www.mysql.com/support/supportedplatforms/database.html',
    series: [
      { series: '8.0', endOfLife: '2026-04-30' },
      { series: '8.4', endOfLife: '2032-04-30' },
    ],
  },
  mongodb: {
    name: 'MongoDB',
    source: 'https://www.mongodb.com/legal/support-policy/lifecycles',
    series: [
      { series: '6.0', endOfLife: '2025-07-31' },
      { series: '7.0', endOfLife: '2027-08-31' },
      { series: '8.0', endOfLife: '2029-10-31' },
    ],
  },
};

/** A version that the catalog has: its series, the place of that in the catalog, and the patch level if one was named. */
export interface KnownVersion {
  readonly text: string;
  readonly series: string;
  readonly index: number;
  readonly endOfLife: string;
  /** The number after the series, for example 3 in 16.3. */
  readonly minor?: number;
}

const PART = '(?:0|[1-9][0-9]{0,4})';

/** The form of a version of the engine, as a regular expression for JavaScript and CEL alike. */
export function versionPattern(engine: Engine): string {
  const series = CATALOG[engine].series.map((known) => known.series.replaceAll('.', '[.]'));
  return `^(${series.join('|')})([.]${PART})?$`;
}

function readVersion(engine: Engine, text: string): KnownVersion | undefined {
  const match = new RegExp(versionPattern(engine)).exec(text);
  const index = CATALOG[engine].series.findIndex(({ series }) => series === match?.[1]);
  const known = CATALOG[engine].series[index];
  if (!match || !known) return undefined;
  const minor = match[2] ? { minor: Number(match[2].slice(1)) } : {};
  return { text, series: known.series, index, endOfLife: known.endOfLife, ...minor };
}

const READERS: Readonly<Record<Engine, (text: string) => { readonly known?: KnownVersion }>> = {
  postgresql: reader('postgresql'),
  mysql: reader('mysql'),
  mongodb: reader('mongodb'),
};

function reader(engine: Engine): (text: string) => { readonly known?: KnownVersion } {
  return memoize((text) => {
    const known = readVersion(engine, text);
    return known ? { known } : {};
  });
}

/** Finds a version in the catalog: a series, or a series and a minor number; undefined when it is not there. */
export function findVersion(engine: Engine, version: string | number): KnownVersion | undefined {
  return READERS[engine](String(version)).known;
}

/** The version of a Database, when the catalog has it. */
export function versionOf(spec: DatabaseSpec): KnownVersion | undefined {
  return findVersion(spec.engine, spec.version);
}

/** The series of an engine, as a list for people: `14, 15, 16, 17, 18`. */
export function seriesList(engine: Engine): string {
  return CATALOG[engine].series.map(({ series }) => series).join(', ');
}

/** The series that a version which is not in the catalog most likely meant, for example `16` for `16.3.1`. */
export function nearestSeries(engine: Engine, version: string): string | undefined {
  const read = coerce(version);
  return read
    ? CATALOG[engine].series.find(({ series }) => Number(series.split('.')[0]) === major(read))?.series
    : undefined;
}
