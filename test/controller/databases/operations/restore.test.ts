import { expect } from 'chai';
import { decide } from '../../../../controller/databases/concerns/decide.ts';
import { restoreStatus } from '../../../../controller/restores/status.ts';
import { NOW } from '../../observations.ts';
import { BEFORE, CASES, FIRST, asked, held, request, seenWith, toldOf } from './restore-cases.ts';

describe('A restore in place', () => {
  for (const [name, { seen, does, says: told }] of Object.entries(CASES)) {
    it(name, () => {
      const { step } = decide(seen, NOW);
      if (!does) expect(step).to.equal(undefined);
      else expect(step).to.include({ do: does.do });
      const fields = Object.entries(does ?? {}).filter(([field]) => field !== 'object');
      if (step) expect(step).to.include(Object.fromEntries(fields));
      if (seen.restores[0]) expect(toldOf(seen)).to.match(told);
    });
  }

  it('has the Database to itself, whose phase says so', () => {
    const { status } = decide(seenWith({ restoreRequest: request(), pods: [held(0), held(1)] }), NOW);
    expect(status.phase).to.equal('Restoring');
    expect(status.operation).to.include({ name: 'restore', step: 'all members wait' });
    const ready = status.conditions?.find(({ type }) => type === 'Ready');
    expect([ready?.status, ready?.reason]).to.deep.equal(['False', 'Restoring']);
  });

  it('is Stalled where only a person can help, and the Database is not', () => {
    const seen = seenWith({ restores: [asked({ spec: { databaseRef: { name: 'orders' }, backup: 'never-made' } })] });
    const stalled = (conditions: readonly { readonly type: string; readonly status: string }[] = []): unknown =>
      conditions.find(({ type }) => type === 'Stalled')?.status;
    expect(stalled(restoreStatus(seen.restores[0]!, seen, NOW).conditions)).to.equal('True');
    expect(stalled(decide(seen, NOW).status.conditions)).to.equal('False');
  });

  it('waits while another goes on, which it names', () => {
    const other = asked({ name: 'to-sunday', uid: 'r2', id: 'b2' });
    const seen = seenWith({ restores: [asked(), other], backups: [FIRST, { ...BEFORE, phase: 'Running' }] });
    expect(toldOf(seen, other)).to.equal('Pending: one restore is made at a time: to-monday');
  });
});
