import { expect } from 'chai';
import { attempt, failed } from './attempts.ts';
import { inOrder, readEndpoints, readLeader, readLogLine } from '../../lab/failover/happenings.ts';
import { clientHappenings, writeTimeline } from '../../lab/failover/timeline.ts';

describe('a line of a log', () => {
  const line = (text: string): string => `2026-11-21T13:44:40.500000000+00:00 stderr F ${text}`;
  const cases = [
    {
      name: 'of PostgreSQL loses its date and process',
      line: line('2026-11-21 13:44:40.167 GMT [34] LOG:  received promote request'),
      text: 'LOG:  received promote request',
    },
    {
      name: 'of Patroni loses its date',
      line: line('2026-11-21 13:44:40,167 INFO: promoted self to leader by acquiring session lock'),
      text: 'INFO: promoted self to leader by acquiring session lock',
    },
    { name: 'that says nothing about a failover is left out', line: line('LOG:  listening on port 5432') },
    {
      name: 'that comes every few seconds is left out',
      line: line('2026-11-21 13:44:40,167 INFO: no action. I am (probed-0), the leader with the lock'),
    },
    { name: 'that is none is left out', line: '' },
  ];
  for (const { name, line: read, text } of cases) {
    it(name, () => {
      const wall = Date.parse('2026-11-21T13:44:40.500Z');
      expect(readLogLine('probed-0', read)).to.deep.equal(text && { wall, source: 'log of probed-0', text });
    });
  }
});

describe('what the cluster says', () => {
  it('names the addresses that a Service has, in order, without those that are not ready', () => {
    const endpoints = [
      { addresses: ['10.0.0.3'], conditions: { ready: true } },
      { addresses: ['10.0.0.2'] },
      { addresses: ['10.0.0.1'], conditions: { ready: false } },
    ];
    expect(readEndpoints({ endpoints })).to.equal('10.0.0.2, 10.0.0.3');
    expect(readEndpoints({})).to.equal('nobody');
  });

  it('names the holder of the lock', () => {
    expect(readLeader({ metadata: { annotations: { leader: 'probed-1' } } })).to.equal('probed-1');
    expect(readLeader({ metadata: { annotations: { leader: '' } } })).to.equal('nobody');
    expect(readLeader({ metadata: {} })).to.equal('nobody');
  });
});

describe('a timeline', () => {
  it('is in order, without what a log repeats', () => {
    const said = [
      { wall: 30, source: 'log of a', text: 'ERROR: could not extend file 7' },
      { wall: 10, source: 'log of a', text: 'ERROR: could not extend file 5' },
      { wall: 20, source: 'log of b', text: 'ERROR: could not extend file 5' },
      { wall: 40, source: 'Service', text: 'sends clients to nobody' },
      { wall: 50, source: 'Service', text: 'sends clients to nobody' },
      { wall: 20_000, source: 'log of a', text: 'ERROR: could not extend file 9' },
    ];
    expect(inOrder(said).map(({ wall }) => wall)).to.deep.equal([10, 20, 40, 50, 20_000]);
  });

  it('tells of a client the last write, each new kind of failure, and the first write after', () => {
    const attempts = [
      ...[attempt(50), attempt(100), failed(200), failed(300), failed(400, { problem: 'timeout' })],
      ...[attempt(1500, { server: '10.0.0.2', timeline: 2 }), attempt(1550, { server: '10.0.0.2', timeline: 2 })],
    ];
    const moments = { begun: 0, fault: 110, undone: 110, end: 2000 };
    const told = clientHappenings({ moments, attempts, rows: new Set() });
    expect(told.filter(({ source }) => source === 'client fresh').map(({ text }) => text)).to.deep.equal([
      'acknowledged by 10.0.0.1 (timeline 1)',
      'fails: ECONNREFUSED',
      'fails: timeout',
      'acknowledged by 10.0.0.2 (timeline 2)',
    ]);
  });

  it('is written in seconds after the fault, from just before it to just after the gap', () => {
    const happenings = [
      { wall: 1000, source: 'test', text: 'long before' },
      { wall: 9500, source: 'pods', text: 'just before' },
      { wall: 12_345, source: 'log of probed-0', text: 'after' },
      { wall: 60_000, source: 'test', text: 'long after' },
    ];
    const span = { fault: 10_000, to: 13_000 };
    expect(writeTimeline({ span, happenings })).to.equal(
      '  -0.50 s  pods             just before\n   2.35 s  log of probed-0  after',
    );
  });
});
