import { expect } from 'chai';
import { closestTimeZone, isTimeZone } from '../../../database/values/time-zone.ts';

const TAKEN = [
  'UTC',
  'Etc/UTC',
  'Europe/Berlin',
  'Europe/Kiev',
  'Europe/Kyiv',
  'America/Argentina/ComodRivadavia',
  'GMT+0',
  'EST5EDT',
  'Zulu',
];
const REFUSED = [
  '',
  'Local',
  'local',
  'utc',
  'europe/berlin',
  'Europe',
  'Europe/',
  '/UTC',
  '../UTC',
  'CEST',
  'PST',
  '+01:00',
  'posix/UTC',
  'UTC+1',
];

const CLOSEST: Readonly<Record<string, string | undefined>> = {
  'europe/berlin': 'Europe/Berlin',
  Berlin: 'Europe/Berlin',
  'Europe/Berln': 'Europe/Berlin',
  'America/New York': 'America/New_York',
  utc: 'UTC',
  'xyzzy plugh': undefined,
};

describe('A time zone', () => {
  for (const name of TAKEN) it(`is ${name}`, () => expect(isTimeZone(name)).to.equal(true));
  for (const name of REFUSED) it(`is not ${JSON.stringify(name)}`, () => expect(isTimeZone(name)).to.equal(false));
  for (const [name, meant] of Object.entries(CLOSEST)) {
    it(`closest to ${name} is ${meant ?? 'none'}`, () => expect(closestTimeZone(name)).to.equal(meant));
  }
});
