import { suggest } from '../suggest.ts';
import { TIME_ZONE_NAMES } from './time-zone-names.ts';

let names: ReadonlySet<string> | undefined;

function all(): ReadonlySet<string> {
  names ??= new Set(TIME_ZONE_NAMES.trim().split(/\s+/));
  return names;
}

/**
 * Whether Kubernetes accepts a name as the time zone of a CronJob: the exact name of a zone of the IANA database, neither empty nor
 * `Local` (pkg/apis/batch/validation of 1.34).
 */
export function isTimeZone(name: string): boolean {
  return name === 'UTC' || all().has(name);
}

/**
 * The IANA database's zone for an unset clock. Kubernetes reads it as UTC; a user who copied it from a computer meant the time of some
 * place.
 */
const UNSET = 'Factory';

/** Whether one of Kubernetes' zones belongs to a place or counts from UTC. */
export function isSetTimeZone(name: string): boolean {
  return name !== UNSET && isTimeZone(name);
}

let byEnding: ReadonlyMap<string, string> | undefined;

/** The zones by lower-case name, whole and from each slash on: of equal ones the first, whole names before others. */
function endings(): ReadonlyMap<string, string> {
  if (byEnding) return byEnding;
  const names = [...all()].map((zone) => [zone, zone.toLowerCase().split('/')] as const);
  const found = new Map(names.map(([zone, parts]) => [parts.join('/'), zone]));
  for (const [zone, parts] of names) {
    for (let depth = 1; depth < parts.length; depth += 1) {
      const ending = parts.slice(depth).join('/');
      if (!found.has(ending)) found.set(ending, zone);
    }
  }
  return (byEnding = found);
}

/** The zone that a misspelt name most likely means. */
export function closestTimeZone(name: string): string | undefined {
  const lower = name.toLowerCase().replaceAll(' ', '_');
  return endings().get(lower) ?? suggest(name, [...all()]);
}
