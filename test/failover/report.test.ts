import { expect } from 'chai';
import type { FaultName } from '../../lab/failover/faults.ts';
import { goalsOf } from '../../lab/failover/goals.ts';
import type { Measured } from '../../lab/failover/measure.ts';
import { writeReport } from '../../lab/failover/report.ts';
import type { FaultResult, Result, StartResult } from '../../lab/failover/results.ts';
import { newest, summarize } from '../../lab/failover/summary.ts';
import type { VariantName } from '../../lab/failover/variants.ts';

const NEVER_WHOLE: Measured = {
  gaps: { fresh: { seconds: 1, open: false }, session: { seconds: 1.5, open: false } },
  quiet: { fresh: 0.06, session: 0.06 },
  acknowledged: 100,
  unacknowledged: 1,
  lost: 0,
  lostDirectly: 0,
  acknowledging: 1,
  primaries: 1,
};
const MEASURED: Measured = { ...NEVER_WHOLE, wholeAfter: 10 };

const about = (variant: VariantName, build = 'one'): Omit<StartResult, 'kind'> => ({
  ...{ id: `${variant}-${build}`, at: '2026-11-21T10:00:00.000Z', variant, commit: 'abc', build, controller: false },
  ...{ settings: { ttl: 20 }, versions: { PostgreSQL: '15.20' }, machine: { processors: 2, load: 0.5 } },
});

function run(fault: FaultName, other: Partial<Measured> = {}, variant: VariantName = 'required'): FaultResult {
  const measured = other === NEVER_WHOLE ? NEVER_WHOLE : { ...MEASURED, ...other };
  return { ...about(variant), kind: 'fault', fault, measured };
}

const gap = (fresh: number, session = fresh, open = false): Partial<Measured> => ({
  gaps: { fresh: { seconds: fresh, open }, session: { seconds: session, open: false } },
});
const unmeasured: FaultResult = { ...about('required'), kind: 'fault', fault: 'node-cut', problem: 'no primary' };

describe('a summary', () => {
  it('has medians, worst cases and sums over the runs of a fault on a variant', () => {
    const runs = [1, 2, 30].map((seconds) =>
      run('node-cut', { ...gap(seconds, 4), lost: 2, acknowledging: seconds > 2 ? 2 : 1 }),
    );
    const [summary] = summarize(runs);
    expect(summary).to.deep.include({ begun: 3, measured: 3, lost: 6, acknowledging: 2, neverWhole: 0 });
    expect(summary?.fresh).to.deep.equal({ median: 2, worst: 30, open: false });
    expect(summary?.gap).to.deep.equal({ median: 4, worst: 30, open: false });
  });

  it('keeps count of runs that could not be measured', () => {
    const [summary] = summarize([run('node-cut'), unmeasured]);
    expect(summary).to.deep.include({ begun: 2, measured: 1 });
  });

  it('names the run with the longest gap of either client', () => {
    const slow = { ...run('node-cut', gap(1, 9)), id: 'slow' };
    expect(summarize([run('node-cut', gap(5)), slow, run('node-cut', gap(2))])[0]?.worstRun).to.equal('slow');
  });

  it('does not call a member healthy that never was', () => {
    expect(summarize([run('node-cut', NEVER_WHOLE)])[0]).to.deep.include({ whole: undefined, neverWhole: 1 });
  });
});

describe('results', () => {
  it('of a fault on a variant come from the build that it was measured with last, whatever others came from', () => {
    const results: Result[] = [
      { ...about('required', 'old'), kind: 'start', seconds: 1 },
      { ...about('baseline', 'other'), kind: 'start', seconds: 2 },
      { ...about('required', 'new'), kind: 'start', seconds: 3 },
    ];
    expect(newest(results).map((result) => result.build)).to.deep.equal(['other', 'new']);
  });

  it('of a fault stay when only another fault was measured with a newer build, and the report says so', () => {
    const older = { ...run('node-cut'), build: 'old' };
    const results = [{ ...run('disk-full'), build: 'old' }, older, { ...run('disk-full'), build: 'new' }];
    expect(newest(results).map((result) => result.build)).to.deep.equal(['old', 'new']);
    const report = writeReport(results, () => undefined);
    expect(report).to.match(/\(build old\): .*, of which: node cut off\n.*\(build new\): .*, of which: disk full\n/);
  });
});

describe('a goal', () => {
  const cases: { name: string; results: Result[]; what: RegExp; met: string }[] = [
    { name: 'is met by the worst run', results: [run('node-cut', gap(22))], what: /node cut/, met: 'yes' },
    {
      name: 'is met by the median only when a run took longer',
      results: [run('node-cut', gap(20)), run('node-cut', gap(20)), run('node-cut', gap(23))],
      what: /node cut/,
      met: 'median only',
    },
    {
      name: 'is missed by the client that kept its session',
      results: [run('node-cut', gap(1, 23))],
      what: /node cut/,
      met: 'no',
    },
    {
      name: 'is missed by a gap that did not end',
      results: [run('node-cut', gap(5, 5, true))],
      what: /node cut/,
      met: 'no',
    },
    { name: 'to lose nothing is met', results: [run('disk-full')], what: /writes lost/, met: 'yes' },
    {
      name: 'to lose nothing is missed by one write',
      results: [run('disk-full', { lost: 1 })],
      what: /writes lost/,
      met: 'no',
    },
    {
      name: 'to lose nothing is missed by a write that went straight to a member',
      results: [run('disk-full', { lostDirectly: 1 })],
      what: /writes lost/,
      met: 'no',
    },
    {
      name: 'for an isolated primary is missed by one that writes too long',
      results: [run('node-cut', { victimWroteFor: 20.1 })],
      what: /isolated/,
      met: 'no',
    },
    {
      name: 'for an isolated primary is met by one that never wrote',
      results: [run('node-cut')],
      what: /isolated/,
      met: 'yes',
    },
    {
      name: 'for a start is missed by one that is too slow',
      results: [{ ...about('required'), kind: 'start', seconds: 16 }],
      what: /three members ready/,
      met: 'no',
    },
  ];
  for (const { name, results, what, met } of cases) {
    it(name, () => {
      const goal = goalsOf(results, summarize(results)).find((one) => what.test(one.what));
      expect(goal?.met).to.equal(met);
    });
  }

  it('is not asked of the baseline', () => {
    const results: Result[] = [
      run('node-cut', gap(50), 'baseline'),
      { ...about('baseline'), kind: 'start', seconds: 50 },
    ];
    expect(goalsOf(results, summarize(results))).to.deep.equal([]);
  });
});

describe('the report', () => {
  const results = [
    run('node-cut', gap(21)),
    unmeasured,
    { ...run('graceful-delete', gap(3.5, 4, true)), id: 'slow' },
    run('forced-delete', { lost: 3 }, 'baseline'),
  ];
  const timeline = {
    span: { fault: 0, to: 10 },
    happenings: [{ wall: 5, source: 'lock', text: 'held by nobody' }],
  };
  const report = writeReport(results, (id) => (id === 'slow' ? timeline : undefined));

  it('tells how many of the runs could be measured, and why the others could not', () => {
    expect(report).to.include('| node cut off | `synchronous: required` | 1 of 2 | 21.0 / 21.0 s |');
    expect(report).to.include('node cut off, `synchronous: required`: no primary');
  });

  it('tells the baseline’s losses', () => {
    expect(report).to.include('| forced pod delete | stock Patroni | 1 | 1.0 / 1.0 s | 1.5 / 1.5 s | 3 | 1 | 10.0 s |');
  });

  it('shows the slowest run’s course where a goal is not met, and only there', () => {
    expect(report.match(/^### .*$/gm)).to.deep.equal([
      '### longest write gap, graceful pod delete, `synchronous: required`: 4.0 / > 4.0 s, wanted ≤ 2 s',
    ]);
    expect(report).to.include('0.01 s  lock  held by nobody');
  });

  it('can be written before anything was measured', () => {
    expect(writeReport([], () => undefined)).to.include('Nothing was measured yet.');
  });
});
