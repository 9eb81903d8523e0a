import { quoteValue } from '../../database/finding.ts';
import { closestTimeZone, isTimeZone } from '../../database/values/time-zone.ts';
import { objectRule } from '../rule.ts';
import { timeZoneOf } from '../schedules.ts';

/** The time zone is one that Kubernetes knows. */
export const timeZoneKnown = objectRule({
  id: 'time-zone-known',
  kinds: ['Database', 'DatabaseBackup'],
  path: 'spec.backup.timeZone',
  severity: 'error',
  on: 'write',
  why: 'Kubernetes reads a schedule in an IANA time zone, with its exact upper and lower case; abbreviations mean different places.',
  remedy: 'write the name of an IANA time zone, for example Europe/Berlin or Etc/UTC',
  allowed: [
    { spec: { backup: { timeZone: 'Europe/Berlin', destination: 's3://backups/orders' } } },
    { spec: { backup: { timeZone: 'UTC', destination: 's3://backups/orders' } } },
  ],
  denied: [
    { spec: { backup: { timeZone: 'europe/berlin', destination: 's3://backups/orders' } } },
    { spec: { backup: { timeZone: 'Local', destination: 's3://backups/orders' } } },
    { spec: { backup: { timeZone: '+01:00', destination: 's3://backups/orders' } } },
    { spec: { backup: { timeZone: '', destination: 's3://backups/orders' } } },
  ],
  check: (object) => {
    const timeZone = timeZoneOf(object);
    if (!timeZone || isTimeZone(timeZone.text)) return [];
    const { path, text: value } = timeZone;
    const meant = closestTimeZone(value);
    const problem = 'must be the name of an IANA time zone';
    return [{ path, value, problem, ...(meant && { remedy: `did you mean ${quoteValue(meant)}?` }) }];
  },
});
