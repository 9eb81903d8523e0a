import type { Rehearsed } from './rehearsal.ts';
import { rehearse } from './rehearsal.ts';
import { SCENARIOS } from './scenarios.ts';

/** Describes something of each scenario in each of its modes, which is rehearsed before. */
export function inEachScenario(
  define: (rehearsed: () => Rehearsed) => void,
  onRehearsed: (rehearsed: Rehearsed) => void = () => undefined,
): void {
  for (const scenario of SCENARIOS) {
    for (const mode of scenario.modes) {
      describe(`while ${scenario.name} (${mode})`, () => {
        let rehearsed: Rehearsed;

        before(async () => {
          rehearsed = await rehearse(scenario, mode);
          onRehearsed(rehearsed);
        });

        define(() => rehearsed);
      });
    }
  }
}
