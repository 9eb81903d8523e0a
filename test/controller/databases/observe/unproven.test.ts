import { expect } from 'chai';
import type { Verification } from '../../../../controller/cluster/verification.ts';
import { unprovenDeletion } from '../../../../controller/databases/observe/unproven.ts';
import { lastVerified } from '../../../../controller/databases/status/verification.ts';
import type { Database } from '../../../../database/object.ts';
import type { DatabaseStatus } from '../../../../database/types.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import { NOW, healthy } from '../../observations.ts';

type Gate = NonNullable<NonNullable<NonNullable<Database['spec']['backup']>['verify']>['gate']>;

const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const text = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

interface Deletion {
  readonly gate?: Gate;
  readonly policy?: Database['spec']['deletionPolicy'];
  readonly verification?: Partial<Verification>;
  readonly status?: DatabaseStatus;
}

const GATE: Gate = { before: ['Deletion'], maxAge: '7d' };

/** A Database with a requested deletion, and a verification of its repository, unless that says another. */
function deleted({ gate = GATE, policy = 'Delete', verification, status }: Deletion): Observation {
  const backup: Database['spec']['backup'] = {
    ...{ enabled: true, schedule: '0 2 * * *', timeZone: 'Etc/UTC', destination: 's3://backups/orders' },
    verify: { schedule: '@weekly', gate },
  };
  const own = { deletionRequestedAt: NOW, ...(status && { status }) };
  const seen = healthy(1, { spec: { deletionPolicy: policy, backup }, own });
  const report = { repository: 'here', at: daysAgo(1).getTime(), succeeded: true, label: '20261120-020000F' };
  return { ...seen, repository: 'here', ...(verification && { verification: { ...report, ...verification } }) };
}

const TEARDOWN: DatabaseStatus = {
  operation: { name: 'teardown', startTime: text(daysAgo(2)), step: 'members run', since: text(daysAgo(2)) },
};
const proof = (time: Date): NonNullable<DatabaseStatus['lastVerified']> => ({
  name: '20261120-020000F',
  time: text(time),
  result: 'Succeeded',
});

const OPEN: Readonly<Record<string, Deletion>> = {
  'a young verification has succeeded': { verification: {} },
  'it ended as long ago as is allowed': { verification: { at: daysAgo(7).getTime() } },
  'the data stay': { policy: 'Retain' },
  'the gate stands before something else': { gate: { before: ['DestinationChange'], maxAge: '7d' } },
  'it was young enough when the teardown began': { verification: { at: daysAgo(8).getTime() }, status: TEARDOWN },
  'the teardown has taken its report away': { status: { ...TEARDOWN, lastVerified: proof(daysAgo(8)) } },
};

const SHUT: Readonly<Record<string, readonly [Deletion, RegExp]>> = {
  'there is none': [{}, /no verification of them is known$/],
  'it is of another repository': [{ verification: { repository: 'there' } }, /no verification of them is known$/],
  'it failed': [
    { verification: { succeeded: false } },
    /: the verification of 20261120-020000F failed at 2026-11-20T12:00:00Z$/,
  ],
  'it is too old': [
    { verification: { at: daysAgo(9).getTime() } },
    /in the last 7 days: the verification of 20261120-020000F ended at 2026-11-12T12:00:00Z, 9 days ago$/,
  ],
  'it claims to end tomorrow': [{ verification: { at: daysAgo(-1).getTime() } }, /ended at 2026-11-22T12:00:00Z$/],
  'it was too old when the teardown began': [
    { verification: { at: daysAgo(10).getTime() }, status: TEARDOWN },
    /8 days ago$/,
  ],
  'the status says that it succeeded, and its report does not stand': [
    { status: { lastVerified: proof(daysAgo(1)) } },
    /no verification of them is known$/,
  ],
};

describe('The gate before a deletion', () => {
  for (const [name, deletion] of Object.entries(OPEN)) {
    it(`is open where ${name}`, () => {
      expect(unprovenDeletion(deleted(deletion), NOW)).to.deep.equal({});
    });
  }

  for (const [name, [deletion, problem]] of Object.entries(SHUT)) {
    it(`is shut where ${name}`, () => {
      const { unproven } = unprovenDeletion(deleted(deletion), NOW);
      expect(unproven?.problem).to.match(problem);
      expect(unproven?.remedy).to.include('kubectl -n shop create job --from=cronjob/orders-verify orders-verify-now');
    });
  }

  it('is not asked before a deletion is requested', () => {
    const seen = deleted({});
    const { deletionRequestedAt, ...own } = seen.own;
    expect(deletionRequestedAt).to.equal(NOW);
    expect(unprovenDeletion({ ...seen, own }, NOW)).to.deep.equal({});
  });

  it('keeps what the report said in the status while the teardown takes it away, and only then', () => {
    const before = proof(daysAgo(1));
    expect(lastVerified(deleted({ status: { ...TEARDOWN, lastVerified: before } }))).to.deep.equal({
      lastVerified: before,
    });
    expect(lastVerified(deleted({ status: { lastVerified: before } }))).to.deep.equal({});
  });
});
