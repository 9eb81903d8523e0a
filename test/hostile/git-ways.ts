import { expect } from 'chai';
import type { Comparison } from './git-traps.ts';
import { Trap, sample } from './git-traps.ts';

/** The rule that refuses the pull request of every trap. */
export const SHRINK = 'storage-no-shrink';

/** A way in which the base, or the comparison, could be steered; and what must be said. */
export interface Way {
  /** The act of the pull request, or of the maker of the clone; returns how the two are compared. */
  readonly make: (trap: Trap) => Comparison | undefined;
  /** Rules of the findings; by default the shrink alone. */
  readonly rules?: readonly string[];
  /** The one line on stderr, with exit code 2, instead of findings. */
  readonly says?: RegExp;
  /** Why it cannot be tried here, if it cannot. */
  readonly notHere?: string | undefined;
}

/** Ways by their name. */
export type Ways = Readonly<Record<string, Way>>;

/** Tries each way, or without COMPLETE=true a sample at equal intervals: no program runs, and the verdict is right. */
export function itHolds(ways: Ways, every: number): void {
  for (const [name, { make, rules = [SHRINK], says, notHere }] of sample(Object.entries(ways), every)) {
    it(`with ${name}`, async function () {
      if (notHere !== undefined) {
        process.stderr.write(`not tried: ${name}: ${notHere}\n`);
        this.skip();
      }
      const trap = new Trap();
      const verdict = await trap.compare(make(trap));
      expect(verdict.sprung).to.equal(false);
      if (says) {
        expect(verdict).to.deep.include({ code: 2, stdout: '' });
        expect(verdict.stderr)
          .to.match(/^ballast: .*\n$/)
          .and.match(says);
      } else {
        expect(verdict).to.deep.include({ code: 1, rules });
      }
    });
  }
}
