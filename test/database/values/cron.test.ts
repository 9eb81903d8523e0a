import { expect } from 'chai';
import { parseSchedule } from '../../../database/values/cron.ts';

const TAKEN: readonly string[] = [
  ...[
    '0 2 * * *',
    '*/10 * * * *',
    '? ? ? ? ?',
    '0 0 * JAN mon-FRI',
    '5/15 * * * *',
    ' 0\t2 * * * ',
    '0 0 , * 1',
    '+5 * * * *',
  ],
  ...[
    '@daily',
    '@midnight',
    '@hourly',
    '@weekly',
    '@monthly',
    '@yearly',
    '@annually',
    '@every 1h',
    '@every 1h30m',
    '@every -5m',
  ],
  ...['*/1000 * * * *', '*-x-y * * * *', '0 2 31 2 *'],
];

const REFUSED: Readonly<Record<string, string>> = {
  '': 'must have 5 fields (minute hour day-of-month month day-of-week), not 0',
  '0 0 2 * * *': 'must have 5 fields (minute hour day-of-month month day-of-week), not 6',
  '60 * * * *': 'must have values from 0 to 59 in the minute field, not "60"',
  '0 24 * * *': 'must have values from 0 to 23 in the hour field, not "24"',
  '0 0 0 * *': 'must have values from 1 to 31 in the day-of-month field, not "0"',
  '0 0 * 13 *': 'must have values from 1 to 12 in the month field, not "13"',
  '0 0 * * 7': 'must have values from 0 to 6 in the day-of-week field, not "7"',
  '0 0 * * monday': 'must have numbers from 0 to 6, or sun to sat in the day-of-week field, not "monday"',
  '0 0 L * *': 'must have numbers from 1 to 31 in the day-of-month field, not "L"',
  '0 0 * * 5#2': 'must have numbers from 0 to 6, or sun to sat in the day-of-week field, not "5#2"',
  '0 0 * * FRI-MON': 'must not end before it begins in the day-of-week field: "FRI-MON"',
  '*/0 * * * *': 'must have a step of at least 1 in the minute field, not "0"',
  '1/2/3 * * * *': 'must have one / at most in the minute field, not "1/2/3"',
  '1-2-3 * * * *': 'must have one - at most in the minute field, not "1-2-3"',
  'H 2 * * *': 'must have numbers from 0 to 59 in the minute field, not "H"',
  'TZ=UTC 0 2 * * *': 'must not name a time zone',
  'CRON_TZ=Europe/Berlin @daily': 'must not name a time zone',
  'TZ=': 'must not name a time zone',
  '@every 1d': 'must have a duration such as 1h30m, of at most 292 years, after @every, not "1d"',
  '@reboot':
    'must be one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, or @every and a duration, when it begins with @',
  '@Daily':
    'must be one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, or @every and a duration, when it begins with @',
};

describe('A schedule', () => {
  for (const text of TAKEN) {
    it(`can be ${JSON.stringify(text)}`, () => expect(parseSchedule(text)).to.have.property('ok', true));
  }

  for (const [text, problem] of Object.entries(REFUSED)) {
    it(`cannot be ${JSON.stringify(text)}: ${problem}`, () => {
      expect(parseSchedule(text)).to.deep.equal({ ok: false, problem });
    });
  }

  it('of @every counts whole seconds, one at least', () => {
    const seconds = (text: string): unknown => parseSchedule(text);
    expect(seconds('@every 1.9s')).to.deep.equal({ ok: true, schedule: { everySeconds: 1 } });
    expect(seconds('@every 1ns')).to.deep.equal({ ok: true, schedule: { everySeconds: 1 } });
    expect(seconds('@every 1.1s0.9s')).to.deep.equal({ ok: true, schedule: { everySeconds: 2 } });
  });
});
