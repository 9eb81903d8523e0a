import { expect } from 'chai';
import type { Attempt } from '../../lab/failover/attempt.ts';
import { attempt, failed } from './attempts.ts';
import { longestGap } from '../../lab/failover/gaps.ts';
import { settle } from '../../lab/failover/ledger.ts';
import { measure } from '../../lab/failover/measure.ts';
import { acknowledgingReigns, mostAtOnce, primaryReigns } from '../../lab/failover/reigns.ts';
import { median, worst } from '../../lab/failover/statistics.ts';

const second = { server: '10.0.0.2', timeline: 2 };

describe('the longest write gap', () => {
  const cases = [
    {
      name: 'lasts from one acknowledgement to the next, whatever failed between',
      attempts: [attempt(10), attempt(60), failed(100), failed(900), attempt(1060), attempt(1110)],
      gap: { from: 60, to: 1060, ended: true },
    },
    {
      name: 'is open when no write ended it',
      attempts: [attempt(10), attempt(60), failed(100)],
      gap: { from: 60, to: 2000, ended: false },
    },
    {
      name: 'counts as a whole when the fault came in the middle of it',
      attempts: [attempt(10), attempt(900), attempt(950)],
      window: { from: 100, to: 1000 },
      gap: { from: 10, to: 900, ended: true },
    },
    {
      name: 'is not one that was over before the fault',
      attempts: [attempt(5), attempt(490), attempt(510), attempt(700), attempt(1990)],
      window: { from: 500, to: 2000 },
      gap: { from: 700, to: 1990, ended: true },
    },
    {
      name: 'is found in attempts that are told out of order',
      attempts: [attempt(1060), attempt(10), attempt(60), attempt(1900)],
      gap: { from: 60, to: 1060, ended: true },
    },
    {
      name: 'leaves out what was acknowledged after the end',
      attempts: [attempt(10), attempt(2500)],
      gap: { from: 10, to: 2000, ended: false },
    },
    { name: 'is unknown when nothing was ever acknowledged', attempts: [failed(10)], gap: undefined },
  ];
  for (const { name, attempts, gap, window } of cases) {
    it(name, () => {
      expect(longestGap(attempts, window ?? { from: 100, to: 2000 })).to.deep.equal(gap);
    });
  }
});

describe('servers at once', () => {
  const cases: { name: string; attempts: Attempt[]; most: number }[] = [
    {
      name: 'are one when the second acknowledges only after the first',
      attempts: [attempt(10), attempt(20), attempt(30, second), attempt(40, second)],
      most: 1,
    },
    {
      name: 'are two when their acknowledgements take turns',
      attempts: [attempt(10), attempt(20, second), attempt(30), attempt(40, second)],
      most: 2,
    },
    {
      name: 'are two when one acknowledges a single write between two of the other',
      attempts: [attempt(10), attempt(20, second), attempt(30)],
      most: 2,
    },
    {
      name: 'are one when a server is primary again on a later timeline',
      attempts: [attempt(10), attempt(20, second), attempt(30, { timeline: 3 })],
      most: 1,
    },
    {
      name: 'are not counted by what failed',
      attempts: [attempt(10), failed(20, second), attempt(30)],
      most: 1,
    },
    { name: 'are none when nothing was acknowledged', attempts: [failed(10)], most: 0 },
  ];
  for (const { name, attempts, most } of cases) {
    it(name, () => {
      expect(mostAtOnce(acknowledgingReigns(attempts))).to.equal(most);
    });
  }
});

describe('members that call themselves primary', () => {
  const looks = (client: string, ...said: [end: number, recovering: boolean | undefined][]): Attempt[] =>
    said.map(([end, recovering]) => failed(end, { client, ...(recovering !== undefined && { recovering }) }));
  const cases = [
    {
      name: 'are two while both do, though neither acknowledges anything',
      attempts: [...looks('n1', [10, false], [20, false], [30, true]), ...looks('n2', [5, true], [15, false])],
      most: 2,
    },
    {
      name: 'are one when the first could not be asked any more before the second began',
      attempts: [...looks('n1', [10, false], [20, undefined]), ...looks('n2', [5, true], [15, false])],
      most: 1,
    },
    {
      name: 'are two when the first is back before it notices',
      attempts: [...looks('n1', [10, false], [20, undefined], [30, false]), ...looks('n2', [15, false], [40, false])],
      most: 2,
    },
  ];
  for (const { name, attempts, most } of cases) {
    it(name, () => {
      expect(mostAtOnce(primaryReigns(attempts))).to.equal(most);
    });
  }
});

describe('the ledger', () => {
  it('tells lost writes through the Service from those that went straight to a member', () => {
    const attempts = [attempt(1), attempt(2), attempt(3, { client: 'n1' }), failed(4), failed(5)];
    const rows = new Set(['fresh/1', 'fresh/4']);
    expect(settle(attempts, rows)).to.deep.equal({
      acknowledged: 2,
      lost: ['fresh/2'],
      lostDirectly: ['n1/3'],
      unacknowledged: 1,
    });
  });

  it('knows attempts of different clients apart that have the same number', () => {
    const { lost } = settle([attempt(1), attempt(1, { client: 'session' })], new Set(['session/1']));
    expect(lost).to.deep.equal(['fresh/1']);
  });
});

describe('a run', () => {
  const session = { client: 'session' };
  const attempts = [
    ...[10, 60, 110].flatMap((end) => [attempt(end), attempt(end + 1, session)]),
    // The fault is at 120; the old primary acknowledges once more to a client that goes straight to it.
    attempt(180, { client: 'n1' }),
    failed(200),
    failed(201, session),
    ...[1110, 1160].map((end) => attempt(end, second)),
    attempt(2111, { ...session, ...second }),
  ];
  const rows = new Set(attempts.filter(({ client }) => client !== 'n1').map(({ client, end }) => `${client}/${end}`));
  const others = { begun: 0, fault: 120, undone: 1000, end: 2200 };
  const moments = { ...others, whole: 3500 };

  it('comes to figures in seconds', () => {
    expect(measure({ moments, attempts, rows, victim: '10.0.0.1' })).to.deep.equal({
      gaps: { fresh: { seconds: 1.04, open: true }, session: { seconds: 2, open: false } },
      quiet: { fresh: 0.05, session: 0.05 },
      acknowledged: 9,
      unacknowledged: 2,
      lost: 0,
      lostDirectly: 1,
      acknowledging: 1,
      primaries: 0,
      victimWroteFor: 0.06,
      wholeAfter: 2.5,
    });
  });

  it('says neither when the members were healthy nor what the old primary wrote when there was no such thing', () => {
    const measured = measure({ moments: others, attempts, rows });
    expect(measured).not.to.have.any.keys('wholeAfter', 'victimWroteFor');
  });

  it('is one long gap for a client that never wrote', () => {
    const { gaps } = measure({ moments, attempts: attempts.filter(({ client }) => client !== 'session'), rows });
    expect(gaps.session).to.deep.equal({ seconds: 2.08, open: true });
  });
});

describe('statistics', () => {
  const cases = [
    { name: 'an odd number of values', values: [9, 1, 5], middle: 5, most: 9 },
    { name: 'an even number of values', values: [4, 1, 10, 2], middle: 3, most: 10 },
    { name: 'one value', values: [7], middle: 7, most: 7 },
    { name: 'no value', values: [], middle: undefined, most: undefined },
  ];
  for (const { name, values, middle, most } of cases) {
    it(`of ${name}`, () => {
      expect([median(values), worst(values)]).to.deep.equal([middle, most]);
    });
  }
});
