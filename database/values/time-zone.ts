import { suggest } from '../suggest.ts';
import { TIME_ZONE_NAMES } from './time-zone-names.ts';

let names: ReadonlySet<string> | undefined;

function all(): ReadonlySet<string> {
  names ??= new Set(TIME_ZONE_NAMES.trim().split(/\s+/));
  return names;
}

/**
 * Whether Kubernetes takes a name as the time zone of a CronJob: the exact name of a zone of the IANA database, never
 * empty nor `Local` (pkg/apis/batch/validation of 1.34).
 */
export function isTimeZone(name: string): boolean {
  return name === 'UTC' || all().has(name);
}

/**
 * The zone that the IANA database has for a clock that nobody has set. Kubernetes takes it for UTC; whoever copied it from a
 * computer meant the time of some place.
 */
const UNSET = 'Factory';

/** Whether a zone of Kubernetes' is one of a place, or one that is counted from UTC. */
export function isSetTimeZone(name: string): boolean {
  return name !== UNSET && isTimeZone(name);
}

let byEnding: ReadonlyMap<string, string> | undefined;

/** The zones by their names in lower case, whole and from each slash on: of equal ones the first, whole names before others. */
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

/** The zone that a misspelt name most likely stands for. */
export function closestTimeZone(name: string): string | undefined {
  const lower = name.toLowerCase().replaceAll(' ', '_');
  return endings().get(lower) ?? suggest(name, [...all()]);
}
