import { expect } from 'chai';
import { decide } from '../../../../controller/databases/concerns/decide.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import { NOW } from '../../observations.ts';

/** An observation, and the resulting condition: its status and reason, and a part of its message. */
export interface Case {
  readonly name: string;
  readonly seen: Observation;
  readonly says: string;
  readonly message?: string;
}

/** A test for each case of a condition of this type. */
export function itSays(type: string, cases: readonly Case[]): void {
  for (const { name, seen, says, message } of cases) {
    it(`${type} is ${says} when ${name}`, () => {
      const found = decide(seen, NOW).status.conditions?.find((one) => one.type === type);
      expect(`${found?.status ?? ''} ${found?.reason ?? ''}`).to.equal(says);
      if (message !== undefined) expect(found?.message).to.contain(message);
    });
  }
}
