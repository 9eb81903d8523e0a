import { quoteValue } from '../../database/finding.ts';
import { closestTimeZone, isSetTimeZone } from '../../database/values/time-zone.ts';
import { typeRule } from '../type-rule.ts';

/** The time zone is one that Kubernetes knows, and that somebody has set. */
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
    const meant = closestTimeZone(value);
    const problem = 'must be the name of an IANA time zone';
    return [
      {
        path,
        value,
        problem,
        ...(meant !== undefined && isSetTimeZone(meant) && { remedy: `did you mean ${quoteValue(meant)}?` }),
      },
    ];
  },
});
