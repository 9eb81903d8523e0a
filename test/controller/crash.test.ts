import { expect } from 'chai';
import { inEachScenario } from './scenarios/each-scenario.ts';
import type { Rehearsed, Trouble } from './scenarios/rehearsal.ts';
import { play } from './scenarios/rehearsal.ts';
import { sampleOf } from './scenarios/sample.ts';

/** Of the writes of a scenario, by how many a controller dies where not by all. */
const SAMPLE = 5;

/** The process dies by the write of this number after the change. */
function dyingAt(write: number): Trouble {
  return async (stage, isOver) => {
    const { scene } = stage;
    const { api } = scene;
    api.dieAfter(write);
    stage.change();
    await scene.until(
      () => api.isDead || isOver(),
      () => 'it was never over',
    );
    // The last writes report the step that was done.
    if (!api.isDead) await scene.quiet();
    expect(api.isDead).equal(true);
    scene.restart();
  };
}

/** Every process dies by its first write; gives how many did. */
function dyingEachTime(tally: { deaths: number }): Trouble {
  return async (stage, isOver) => {
    const { scene } = stage;
    const { deaths } = tally;
    scene.api.dieAfter(1);
    stage.change();
    for (;;) {
      await scene.until(
        () => scene.api.isDead || isOver(),
        () => 'it was never over',
      );
      if (!scene.api.isDead) break;
      tally.deaths += 1;
      scene.restart();
      scene.api.dieAfter(1);
    }
    expect(tally.deaths).greaterThan(deaths);
    scene.restart();
  };
}

describe('A controller that dies', function () {
  this.timeout(600_000);

  const tally = { scenarios: 0, points: 0, runs: 0, deaths: 0, longestMs: 0 };

  after(() => {
    const { scenarios, points, runs, deaths, longestMs } = tally;
    const counts = `${scenarios} scenarios, ${points} writes to die by, ${runs} runs, ${deaths} deaths: all came to the same end`;
    console.log(`    ${counts}, the slowest after ${Math.round(longestMs / 1000)} s`);
  });

  async function playOnce(rehearsed: Rehearsed, trouble: Trouble): Promise<void> {
    tally.longestMs = Math.max(tally.longestMs, await play(rehearsed, trouble));
    tally.runs += 1;
  }

  inEachScenario(
    (rehearsed) => {
      it('by any one of its writes leaves a state from which the next goes on to the same end', async () => {
        const writes = Array.from({ length: rehearsed().writes }, (_, index) => index + 1);
        for (const write of sampleOf(writes, SAMPLE, tally.scenarios)) {
          await playOnce(rehearsed(), dyingAt(write));
          tally.deaths += 1;
        }
      });

      it('by each of its writes comes to the same end', () => playOnce(rehearsed(), dyingEachTime(tally)));
    },
    ({ writes }) => {
      tally.scenarios += 1;
      tally.points += writes;
    },
  );
});
