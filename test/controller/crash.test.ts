import { expect } from 'chai';
import type { Rehearsed, Trouble } from './world/rehearsal.ts';
import { play, rehearse } from './world/rehearsal.ts';
import { SCENARIOS } from './world/scenarios.ts';

/** The process dies by the write of this number after the change; counts how often it did. */
function dyingAt(write: number, deaths: { count: number }): Trouble {
  return async (stage, isOver) => {
    const { scene } = stage;
    scene.api.dieAfter(write);
    stage.change();
    await scene.until(
      () => scene.api.isDead || isOver(),
      () => 'it was never over',
    );
    if (!scene.api.isDead) await scene.quiet();
    if (!scene.api.isDead) return;
    deaths.count += 1;
    scene.restart();
  };
}

/** Every process dies by its first write. */
const dyingEachTime: Trouble = async (stage, isOver) => {
  const { scene } = stage;
  let deaths = 0;
  scene.api.dieAfter(1);
  stage.change();
  for (;;) {
    await scene.until(
      () => scene.api.isDead || isOver(),
      () => 'it was never over',
    );
    if (!scene.api.isDead) break;
    deaths += 1;
    scene.restart();
    scene.api.dieAfter(1);
  }
  expect(deaths).greaterThan(0);
  scene.restart();
};

describe('A controller that dies', function () {
  this.timeout(600_000);

  for (const scenario of SCENARIOS) {
    for (const mode of scenario.modes) {
      describe(`while ${scenario.name} (${mode})`, () => {
        let rehearsed: Rehearsed;

        before(async () => {
          rehearsed = await rehearse(scenario, mode);
        });

        it('by any one of its writes leaves a state from which the next goes on to the same end', async () => {
          const deaths = { count: 0 };
          for (let write = 1; deaths.count === write - 1; write += 1) await play(rehearsed, dyingAt(write, deaths));
          expect(deaths.count).greaterThan(0);
        });

        it('by each of its writes comes to the same end', () => play(rehearsed, dyingEachTime));
      });
    }
  }
});
