import { expect } from 'chai';
import type { EventMishap, Mishap } from './fake-api/faults.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { annotate } from './world/objects.ts';
import type { Rehearsed, Trouble } from './world/rehearsal.ts';
import { destroys, play, rehearse } from './world/rehearsal.ts';
import { SCENARIOS } from './world/scenarios.ts';
import { Scene } from './world/scene.ts';
import type { Weather } from './world/world-api.ts';

const CALLS: readonly Mishap[] = [
  { status: 409, reason: 'Conflict' },
  { status: 429, reason: 'TooManyRequests' },
  { status: 500, reason: 'InternalError' },
  'never',
  'drop-before',
  'drop-after',
];
const EVENTS: readonly EventMishap[] = ['drop', 'duplicate', 'replay', 'hold'];
const SEEDS = [1, 2, 3];
const STORM_MS = 120_000;

/** One of several things, in so many of a hundred cases; nothing in the others. */
function now<T>({ random }: SimulatedClock, things: readonly T[], percent: number): T | undefined {
  return random() * 100 < percent ? things[Math.floor(random() * things.length)] : undefined;
}

function storm(clock: SimulatedClock): Weather {
  return { call: () => now(clock, CALLS, 25), event: () => now(clock, EVENTS, 40) };
}

describe('In a storm', function () {
  this.timeout(600_000);

  const throughStorm: Trouble = async ({ scene, change }) => {
    const fair = scene.api.weather;
    scene.api.weather = storm(scene.clock);
    change();
    await scene.clock.advance(STORM_MS);
    scene.api.weather = fair;
  };

  /** Every third process dies in it. */
  const throughStormWithDeaths: Trouble = async ({ scene, change }) => {
    change();
    for (let life = 0; life < 6; life += 1) {
      scene.restart(storm(scene.clock));
      await scene.clock.advance(STORM_MS / 6);
    }
    scene.restart();
  };

  for (const scenario of SCENARIOS) {
    for (const mode of scenario.modes) {
      describe(`while ${scenario.name} (${mode})`, () => {
        let rehearsed: Rehearsed;

        before(async () => {
          rehearsed = await rehearse(scenario, mode);
        });

        for (const seed of SEEDS) {
          it(`of calls that fail and events that come twice, late or never, it ends as it should (${seed})`, () =>
            play(rehearsed, throughStorm, { seed }));

          it(`in which processes die, it ends as it should (${seed})`, () =>
            play(rehearsed, throughStormWithDeaths, { seed }));
        }
      });
    }
  }

  for (const mode of ['direct', 'gitops'] as const) {
    it(`of thousands of old and lost events, nothing is done to a Database that is well (${mode})`, async () => {
      const calm = SCENARIOS.find(({ name }) => name === 'the pods are asked to be others')!;
      const { state } = await rehearse(calm, mode);
      const scene = await Scene.open({ state });
      let events = 0;
      scene.start({
        call: () => undefined,
        event: () => {
          events += 1;
          return now(scene.clock, EVENTS, 90);
        },
      });
      await scene.settle();
      for (let round = 0; round < 1000; round += 1) {
        const pod = `shop/orders-${round % 3}`;
        annotate(scene.fake, 'Pod', pod, { annotations: { noise: round } });
        annotate(scene.fake, 'StatefulSet', 'shop/orders', { annotations: { noise: round } });
        annotate(scene.fake, 'PersistentVolumeClaim', `shop/data-orders-${round % 3}`, {
          annotations: { noise: round },
        });
        if (round % 100 === 50) scene.restart(scene.api.weather);
        await scene.clock.advance(200);
      }
      scene.close();
      expect(events).greaterThan(3000);
      expect(scene.writes.filter(destroys)).eql([]);
    });
  }
});
