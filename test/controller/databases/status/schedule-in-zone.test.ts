import { expect } from 'chai';
import { nextFireIn } from '../../../../controller/databases/status/schedule-in-zone.ts';
import { isSetTimeZone } from '../../../../database/values/time-zone.ts';
import { TIME_ZONE_NAMES } from '../../../../database/values/time-zone-names.ts';

const CASES = [
  {
    name: 'in UTC',
    schedule: '0 2 * * *',
    zone: 'Etc/UTC',
    after: '2026-11-21T12:00:00Z',
    fire: '2026-11-22T02:00:00.000Z',
  },
  {
    name: 'in a zone east of it',
    schedule: '0 2 * * *',
    zone: 'Europe/Berlin',
    after: '2026-11-21T12:00:00Z',
    fire: '2026-11-22T01:00:00.000Z',
  },
  {
    name: 'in a zone far west of it',
    schedule: '30 22 * * *',
    zone: 'America/Los_Angeles',
    after: '2026-11-21T12:00:00Z',
    fire: '2026-11-22T06:30:00.000Z',
  },
  {
    name: 'in a zone with half an hour',
    schedule: '0 2 * * *',
    zone: 'Asia/Kolkata',
    after: '2026-11-21T12:00:00Z',
    fire: '2026-11-21T20:30:00.000Z',
  },
  {
    name: 'in summer',
    schedule: '0 2 * * *',
    zone: 'Europe/Berlin',
    after: '2026-07-01T12:00:00Z',
    fire: '2026-07-02T00:00:00.000Z',
  },
  {
    name: 'at an hour that is skipped in spring: an hour later',
    schedule: '30 2 * * *',
    zone: 'Europe/Berlin',
    after: '2026-03-28T12:00:00Z',
    fire: '2026-03-29T01:30:00.000Z',
  },
  {
    name: 'at an hour that comes twice in autumn: the first time',
    schedule: '30 2 * * *',
    zone: 'Europe/Berlin',
    after: '2026-10-24T12:00:00Z',
    fire: '2026-10-25T00:30:00.000Z',
  },
  {
    name: 'on the day after an hour that came twice',
    schedule: '30 2 * * *',
    zone: 'Europe/Berlin',
    after: '2026-10-25T00:45:00Z',
    fire: '2026-10-26T01:30:00.000Z',
  },
  {
    name: 'on 29 February',
    schedule: '0 2 29 2 *',
    zone: 'Europe/Berlin',
    after: '2026-11-21T12:00:00Z',
    fire: '2028-02-29T01:00:00.000Z',
  },
  {
    name: 'never, on 31 February',
    schedule: '0 2 31 2 *',
    zone: 'Europe/Berlin',
    after: '2026-11-21T12:00:00Z',
    fire: undefined,
  },
  {
    name: 'never, with a schedule that is none',
    schedule: 'now and then',
    zone: 'Etc/UTC',
    after: '2026-11-21T12:00:00Z',
    fire: undefined,
  },
  {
    name: 'at a time that is not known, in a zone that Kubernetes knows and Node does not',
    schedule: '0 2 * * *',
    zone: 'Factory',
    after: '2026-11-21T12:00:00Z',
    fire: undefined,
  },
];

const NOON = '0 12 * * *';
const DAY_MS = 86_400_000;
/** Around both changes of clocks of a year. */
const DAYS = Array.from({ length: 73 }, (_, index) => new Date(Date.UTC(2027, 0, 1, 7, 13) + index * 5 * DAY_MS));

describe('A daily schedule', function () {
  this.timeout(60_000);

  it('fires at its time of day in every zone that the rules admit, each of which Node knows', () => {
    const zones = TIME_ZONE_NAMES.trim().split(/\s+/).filter(isSetTimeZone);
    expect(zones).to.have.length.above(590);
    const wrong = zones.filter((timeZone) => {
      const clock = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' });
      return DAYS.some((after) => {
        const fire = nextFireIn(NOON, timeZone, after);
        const wait = (fire?.getTime() ?? 0) - after.getTime();
        return fire === undefined || clock.format(fire) !== '12:00' || wait <= 0 || wait > DAY_MS + 7_200_000;
      });
    });
    expect(wrong).to.deep.equal([]);
  });
});

describe('A schedule fires next', () => {
  for (const { name, schedule, zone, after, fire } of CASES) {
    it(name, () => {
      expect(nextFireIn(schedule, zone, new Date(after))?.toISOString()).to.equal(fire);
    });
  }
});
