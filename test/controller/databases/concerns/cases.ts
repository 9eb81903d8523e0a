import { expect } from 'chai';
import { choose } from '../../../../controller/databases/concerns/decide.ts';
import type { ObjectToDelete, Step } from '../../../../controller/databases/decision.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import { NOW } from '../../observations.ts';

/** The fields of a step that say which object it is about; a case names them all. */
interface Identities {
  readonly 'create-secret': 'secret';
  readonly 'rotate-credentials': 'of';
  readonly 'guard-namespace': 'guard';
  readonly 'mark-claim': 'claim';
  readonly 'grow-claim': 'claim';
  readonly apply: 'kind' | 'name';
  readonly delete: 'object';
  readonly orphan: 'object';
  readonly 'delete-pod': 'pod';
  readonly 'restart-server': 'pod';
  readonly switchover: 'from' | 'to';
  readonly 'release-leader-lock': 'member';
  readonly relabel: 'pod';
  readonly 'request-backup': 'name';
  readonly 'record-backup': 'name' | 'label';
  readonly 'forget-backup': 'object';
}

type Fields<Do extends Step['do']> = Omit<Extract<Step, { do: Do }>, 'do' | 'object'> &
  (Extract<Step, { do: Do }> extends { readonly object: ObjectToDelete }
    ? { readonly object: Pick<ObjectToDelete, 'kind' | 'name'> & Partial<ObjectToDelete> }
    : unknown);

type Identity<Do extends Step['do']> = Do extends keyof Identities ? Identities[Do] : never;

/** The expected step: its kind, its object, and as many other fields as the case is about. */
export type ExpectedStep = {
  readonly [Do in Step['do']]: { readonly do: Do } & Partial<Fields<Do>> &
    Required<Pick<Fields<Do>, Identity<Do> & keyof Fields<Do>>>;
}[Step['do']];

/** An observation and its expected choice: a step, a wait, or none. */
export interface Case {
  readonly name: string;
  readonly seen: Observation;
  readonly step?: ExpectedStep;
  readonly waits?: string;
}

/** Asserts that a step is the one that was expected, about the very object. */
function expectStep(step: Step | undefined, expected: ExpectedStep): void {
  if (expected.do !== 'delete' && expected.do !== 'orphan' && expected.do !== 'forget-backup') {
    expect(step).to.deep.include(expected);
    return;
  }
  expect(step?.do).to.equal(expected.do);
  expect(step && 'object' in step && step.object).to.include(expected.object);
}

/** Describes each case as a test. */
export function itDecides(cases: readonly Case[]): void {
  for (const { name, seen, step, waits } of cases) {
    it(name, () => {
      const choice = choose(seen, NOW);
      if (step) expectStep(choice?.step, step);
      else expect(choice?.step, choice?.because).to.equal(undefined);
      if (waits !== undefined) expect(choice?.because).to.contain(waits);
      else if (!step) expect(choice?.because).to.equal(undefined);
    });
  }
}
