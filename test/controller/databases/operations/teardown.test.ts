import { expect } from 'chai';
import { decide } from '../../../../controller/databases/concerns/decide.ts';
import { operationUnderWay } from '../../../../controller/databases/operations/index.ts';
import { FINALIZER } from '../../../../database/vocabulary.ts';
import type { DatabaseStatus } from '../../../../database/types.ts';
import type { Database } from '../../../../database/object.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import { NOW, healthy } from '../../observations.ts';

const text = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
const LATER = new Date(NOW.getTime() + 60_000);
const CONFIRMED = { 'db.example.com/confirm-delete': 'orders' };

interface Deletion {
  readonly policy: Database['spec']['deletionPolicy'];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly status?: DatabaseStatus;
  readonly unproven?: Observation['unproven'];
}

/** A healthy Database with a requested deletion. */
function deleted({ policy, annotations = {}, status, unproven }: Deletion): Observation {
  const seen = healthy(3);
  const { database } = seen.own;
  const spec = { ...database.spec, deletionPolicy: policy };
  const own = { ...seen.own, annotations, deletionRequestedAt: NOW, finalizers: [FINALIZER] };
  const stored = { ...own, database: { ...database, spec }, ...(status && { status }) };
  return { ...seen, own: stored, ...(unproven && { unproven }) };
}

const condition = ({ conditions = [] }: DatabaseStatus, type: string): string | undefined =>
  conditions.find((one) => one.type === type)?.message;

describe('The teardown of a Database', () => {
  it('is noted in the status with its step, and since when', () => {
    const { status } = decide(deleted({ policy: 'Retain' }), NOW);
    expect(status.phase).equal('Deleting');
    const [startTime, since] = [text(NOW), text(NOW)];
    expect(status.operation).eql({ name: 'teardown', startTime, step: 'members run', since });
  });

  it('keeps when it began, and since when the same step goes on', () => {
    const first = decide(deleted({ policy: 'Retain' }), NOW).status;
    const second = decide(deleted({ policy: 'Retain', status: first }), LATER).status;
    expect(second.operation).eql(first.operation);
  });

  it('says since when another step goes on', () => {
    const first = decide(deleted({ policy: 'Retain' }), NOW).status;
    const before = { ...first, operation: { ...first.operation, step: 'another' } };
    const { operation } = decide(deleted({ policy: 'Retain', status: before }), LATER).status;
    expect(operation).include({ startTime: first.operation?.startTime, step: first.operation?.step });
    expect(operation?.since).equal(text(LATER));
  });

  it('waits for its gates, says which is shut and what to do, and notes no operation', () => {
    const unproven = { problem: 'must not be deleted unless its backups were verified', remedy: 'verify them' };
    const cases: readonly (readonly [Deletion, RegExp])[] = [
      [{ policy: 'Protect' }, /^the deletion waits: deletionPolicy is Protect; change it/],
      [{ policy: 'Delete' }, /^the deletion waits: .* nobody has confirmed; annotate the Database with .*: orders/],
      [
        { policy: 'Delete', annotations: CONFIRMED, unproven },
        /^the deletion waits: the Database must not be deleted unless its backups were verified; verify them$/,
      ],
    ];
    for (const [deletion, message] of cases) {
      const seen = deleted(deletion);
      const { status } = decide(seen, NOW);
      expect(operationUnderWay(seen)).equal(undefined);
      expect(status).not.have.property('operation');
      expect(condition(status, 'Stalled')).match(message);
    }
  });

  it('begins once it is confirmed, and stops when the policy protects the Database half-way', () => {
    const confirmed = deleted({ policy: 'Delete', annotations: CONFIRMED });
    expect(operationUnderWay(confirmed)?.name).equal('teardown');
    const { status } = decide(confirmed, NOW);
    const halfWay = deleted({ policy: 'Protect', annotations: CONFIRMED, status });
    expect(decide(halfWay, LATER).status).not.have.property('operation');
  });

  it('is not under way without a request', () => {
    expect(operationUnderWay(healthy(3))).equal(undefined);
  });
});
