import { expect } from 'chai';
import { nextFireIn } from '../../../controller/status/zoned-fire.ts';

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
    name: 'at a time that is not known, in a zone that Kubernetes knows and this machine does not',
    schedule: '0 2 * * *',
    zone: 'Factory',
    after: '2026-11-21T12:00:00Z',
    fire: undefined,
  },
];

describe('A schedule fires next', () => {
  for (const { name, schedule, zone, after, fire } of CASES) {
    it(name, () => {
      expect(nextFireIn(schedule, zone, new Date(after))?.toISOString()).to.equal(fire);
    });
  }
});
