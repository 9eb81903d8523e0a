import { coerce, major } from 'semver';
import type { EngineName } from '../database/engines/index.ts';
import { ENGINES, ENGINE_NAMES } from '../database/engines/index.ts';
import type { DatabaseSpec } from '../database/object.ts';
import { memoize } from '../database/memoize.ts';

/** A version in the catalog: its series, the position of the series, and the minor version if named. */
export interface KnownVersion {
  readonly text: string;
  readonly series: string;
  readonly index: number;
  readonly endOfLife: string;
  /** The number after the series, for example 3 in 16.3. */
  readonly minor?: number;
}

const PART = '(?:0|[1-9][0-9]{0,4})';

/** The form of the engine's versions, as a regular expression for JavaScript and CEL alike. */
export function versionPattern(engine: EngineName): string {
  const series = ENGINES[engine].series.map((known) => known.series.replaceAll('.', '[.]'));
  return `^(${series.join('|')})([.]${PART})?$`;
}

function readVersion(engine: EngineName, text: string): KnownVersion | undefined {
  const match = new RegExp(versionPattern(engine)).exec(text);
  const index = ENGINES[engine].series.findIndex(({ series }) => series === match?.[1]);
  const known = ENGINES[engine].series[index];
  if (!match || !known) return undefined;
  const minor = match[2] ? { minor: Number(match[2].slice(1)) } : {};
  return { text, series: known.series, index, endOfLife: known.endOfLife, ...minor };
}

type VersionReader = (text: string) => { readonly known?: KnownVersion };

function reader(engine: EngineName): VersionReader {
  return memoize((text) => {
    const known = readVersion(engine, text);
    return known ? { known } : {};
  });
}

const READERS: ReadonlyMap<EngineName, VersionReader> = new Map(ENGINE_NAMES.map((name) => [name, reader(name)]));

/** Finds a version: a series of the catalog, with or without a minor version; undefined when unknown. */
export function findVersion(engine: EngineName, version: string | number): KnownVersion | undefined {
  return READERS.get(engine)?.(String(version)).known;
}

/** The version of a Database; undefined when it is not in the catalog. */
export function versionOf(spec: DatabaseSpec): KnownVersion | undefined {
  return findVersion(spec.engine, spec.version);
}

/** Whether a version lies below another of its engine; without a minor number it means the newest minor. */
export function isLower(to: KnownVersion, from: KnownVersion): boolean {
  if (to.index !== from.index) return to.index < from.index;
  return (to.minor ?? Infinity) < (from.minor ?? 0);
}

/** The series of an engine, as a list for people: `14, 15, 16, 17, 18`. */
export function seriesList(engine: EngineName): string {
  return ENGINES[engine].series.map(({ series }) => series).join(', ');
}

/** The series that an unknown version most likely means, for example `16` for `16.3.1`. */
export function nearestSeries(engine: EngineName, version: string): string | undefined {
  const read = coerce(version);
  return read
    ? ENGINES[engine].series.find(({ series }) => Number(series.split('.')[0]) === major(read))?.series
    : undefined;
}
