import { quoteValue } from '../../database/finding.ts';
import { closestTimeZone, isSetTimeZone, isTimeZone } from '../../database/values/time-zone.ts';
import { typeRule } from '../type-rule.ts';

/** Requires a time zone that Kubernetes knows, and that belongs to a place or counts from UTC. */
export const timeZoneKnown = typeRule({
  id: 'time-zone-known',
  holds: 'time-zone',
  severity: 'error',
  why: 'Kubernetes reads a schedule in an IANA time zone, with its exact upper and lower case; abbreviations mean different places, and Factory is the zone of a clock that nobody has set.',
  remedy: 'write the name of an IANA time zone, for example Europe/Berlin or Etc/UTC',
  allowed: ['Europe/Berlin', 'UTC'],
  denied: ['europe/berlin', 'Local', 'Factory', '+01:00', ''],
  judge: (value, path) => {
    if (isSetTimeZone(value)) return [];
    if (isTimeZone(value)) return [{ path, value, problem: 'must not be the zone of a clock that nobody has set' }];
    const meant = closestTimeZone(value);
    const remedy = meant !== undefined && isSetTimeZone(meant) ? { remedy: `did you mean ${quoteValue(meant)}?` } : {};
    return [{ path, value, problem: 'must be the name of an IANA time zone', ...remedy }];
  },
});
