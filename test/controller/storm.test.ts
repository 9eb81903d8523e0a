import { expect } from 'chai';
import type { EventMishap } from '../../lab/world/fake-api/faults.ts';
import type { SimulatedClock } from '../../lab/world/simulated-clock.ts';
import { inEachScenario } from './scenarios/each-scenario.ts';
import { annotate } from '../../lab/world/objects.ts';
import type { Rehearsed, Trouble } from './scenarios/rehearsal.ts';
import { destroys, play, rehearse } from './scenarios/rehearsal.ts';
import { isComplete } from '../complete.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';
import { Scene } from '../../lab/world/scene.ts';
import type { CallMishap, Weather } from '../../lab/world/world-api.ts';

const CALLS: readonly CallMishap[] = [
  { status: 409, reason: 'Conflict' },
  { status: 429, reason: 'TooManyRequests' },
  { status: 500, reason: 'InternalError' },
  ...(['never', 'late', 'done-never', 'done-after', 'drop-before', 'drop-after'] as const),
];
const EVENTS: readonly EventMishap[] = ['drop', 'duplicate', 'replay', 'hold'];
/** How many storms there are in each scenario, and how long a Database that is well is left in one. */
const [STORMS, ROUNDS] = isComplete ? [Number(process.env['STORMS'] ?? 5), 2000] : [1, 400];
const STORM_MS = 120_000;

const tally = { runs: 0, longestMs: 0, calls: 0, drop: 0, duplicate: 0, replay: 0, hold: 0 };

/** One of several things, in so many of a hundred cases; nothing in the others. */
function now<T>({ random }: SimulatedClock, things: readonly T[], percent: number): T | undefined {
  return random() * 100 < percent ? things[Math.floor(random() * things.length)] : undefined;
}

/** So many of a hundred calls and events go wrong. */
function storm(clock: SimulatedClock, calls: number, events: number): Weather {
  return {
    call: () => {
      const mishap = now(clock, CALLS, calls);
      if (mishap !== undefined) tally.calls += 1;
      return mishap;
    },
    event: () => {
      const mishap = now(clock, EVENTS, events);
      if (mishap !== undefined) tally[mishap] += 1;
      return mishap;
    },
  };
}

const throughStorm: Trouble = async ({ scene, change }) => {
  const fair = scene.api.weather;
  scene.api.weather = storm(scene.clock, 25, 40);
  change();
  await scene.clock.advance(STORM_MS);
  scene.api.weather = fair;
};

/** Six processes live in it, one after the other. */
const throughStormWithDeaths: Trouble = async ({ scene, change }) => {
  change();
  for (let life = 0; life < 6; life += 1) {
    scene.restart(storm(scene.clock, 25, 40));
    await scene.clock.advance(STORM_MS / 6);
  }
  scene.restart();
};

describe('In a storm', function () {
  this.timeout(600_000);

  after(() => {
    const { runs, longestMs, calls, drop, duplicate, replay, hold } = tally;
    const events = `${drop} events lost, ${duplicate} twice, ${replay} old ones again, ${hold} late`;
    const counts = `${runs} storms with ${calls} calls that failed, ${events}: all came to the same end`;
    console.log(`    ${counts}, the slowest after ${Math.round(longestMs / 1000)} s`);
  });

  async function playOnce(rehearsed: Rehearsed, trouble: Trouble, seed: number): Promise<void> {
    tally.longestMs = Math.max(tally.longestMs, await play(rehearsed, trouble, { seed }));
    tally.runs += 1;
  }

  inEachScenario((rehearsed) => {
    for (let seed = 1; seed <= STORMS; seed += 1) {
      it(`of calls that fail and events that come twice, late or never, it ends as it should (${seed})`, () =>
        playOnce(rehearsed(), throughStorm, seed));

      it(`in which processes die, it ends as it should (${seed})`, () =>
        playOnce(rehearsed(), throughStormWithDeaths, seed));
    }
  });

  for (const mode of ['direct', 'gitops'] as const) {
    it(`of thousands of old and lost events, nothing is done to a Database that is well (${mode})`, async () => {
      const calm = SCENARIOS.find(({ name }) => name === 'the pods are asked to be others')!;
      const { state } = await rehearse(calm, mode);
      const scene = await Scene.open({ state });
      const { drop, replay } = tally;
      scene.start(storm(scene.clock, 0, 90));
      await scene.settle();
      for (let round = 0; round < ROUNDS; round += 1) {
        const annotations = { noise: round };
        annotate(scene.fake, 'Pod', `shop/orders-${round % 3}`, { annotations });
        annotate(scene.fake, 'StatefulSet', 'shop/orders', { annotations });
        annotate(scene.fake, 'PersistentVolumeClaim', `shop/data-orders-${round % 3}`, { annotations });
        if (round % 100 === 50) scene.restart(scene.api.weather);
        await scene.clock.advance(200);
      }
      scene.close();
      expect(tally.drop + tally.replay - drop - replay).greaterThan(ROUNDS);
      expect(scene.writes.filter(destroys)).eql([]);
    });
  }
});
