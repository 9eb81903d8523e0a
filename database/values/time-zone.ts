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

/** The zone that a misspelt name most likely stands for. */
export function closestTimeZone(name: string): string | undefined {
  const lower = name.toLowerCase().replaceAll(' ', '_');
  const zones = [...all()];
  return (
    zones.find((zone) => zone.toLowerCase() === lower) ??
    zones.find((zone) => zone.toLowerCase().endsWith(`/${lower}`)) ??
    suggest(name, zones)
  );
}
