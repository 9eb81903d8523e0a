import { expect } from 'chai';
import { choose } from '../../../../controller/databases/concerns/decide.ts';
import type { Step } from '../../../../controller/databases/decision.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import { NOW } from '../../observations.ts';

/** One thing that is seen, and what is to come of it: a step, what is waited for, or nothing at all. */
export interface Case {
  readonly name: string;
  readonly seen: Observation;
  readonly step?: Partial<Step>;
  readonly waits?: string;
}

/** Describes each case as a test. */
export function itDecides(cases: readonly Case[]): void {
  for (const { name, seen, step, waits } of cases) {
    it(name, () => {
      const choice = choose(seen, NOW);
      if (step) expect(choice?.step).to.deep.include(step);
      else expect(choice?.step, choice?.because).to.equal(undefined);
      if (waits !== undefined) expect(choice?.because).to.contain(waits);
      else if (!step) expect(choice?.because).to.equal(undefined);
    });
  }
}
