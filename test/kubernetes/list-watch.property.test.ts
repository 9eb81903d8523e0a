import { expect } from 'chai';
import fc from 'fast-check';
import type { ApiError } from '../../kubernetes/api.ts';
import type { EventMishap } from '../../lab/world/fake-api/faults.ts';
import type { CallMishap } from '../../lab/world/simulated-api.ts';
import { World, failure } from './watched-kinds.ts';

type Step =
  | { readonly do: 'put'; readonly name: string; readonly value: string | undefined }
  | { readonly do: 'delete'; readonly name: string }
  | { readonly do: 'event'; readonly mishap: EventMishap }
  | { readonly do: 'call'; readonly mishap: CallMishap }
  | { readonly do: 'end'; readonly failure: ApiError | undefined }
  | { readonly do: 'compact' }
  | { readonly do: 'wait'; readonly milliseconds: number };

const RELIST_MS = 3_600_000;
/** Enough for every backoff, for an idle watch to be noticed, and for what follows. */
const CALM_MS = 400_000;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

function stepOf(mishaps: readonly EventMishap[]): fc.Arbitrary<Step> {
  const name = fc.constantFrom(...NAMES);
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant('put'), name, value: fc.constantFrom('x', 'y', 'z', undefined) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('delete'), name }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('event'), mishap: fc.constantFrom(...mishaps) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('call'),
        mishap: fc.constantFrom<CallMishap>('never', 'drop-before', 'drop-after', { status: 500 }, { status: 410 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('end'),
        failure: fc.constantFrom(undefined, failure(0), failure(410), failure(429), failure(500)),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('compact') }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), milliseconds: fc.nat(3000) }) },
  );
}

/** A fault affects the next event or call, and is over then. */
function once<T>(): { readonly next: () => T | undefined; readonly push: (value: T) => void } {
  const values: T[] = [];
  return { next: () => values.shift(), push: (value) => void values.push(value) };
}

async function live(world: World, steps: readonly Step[]): Promise<void> {
  const [events, calls] = [once<EventMishap>(), once<CallMishap>()];
  const { weather } = world.api;
  weather.event = events.next;
  weather.call = calls.next;
  weather.latencyMs = () => world.clock.random() * 50;
  world.watch.start();
  for (const step of steps) {
    switch (step.do) {
      case 'put':
        world.put(step.name, step.value);
        break;
      case 'delete':
        world.delete(step.name);
        break;
      case 'event':
        events.push(step.mishap);
        break;
      case 'call':
        calls.push(step.mishap);
        break;
      case 'end':
        world.api.endWatches(step.failure);
        break;
      case 'compact':
        world.compact();
        break;
      case 'wait':
        await world.clock.advance(step.milliseconds);
    }
  }
  weather.event = () => undefined;
  weather.call = () => undefined;
}

/** The store, the events, and the index agree. */
function isConsistent({ watch, mirror }: World): void {
  expect(mirror.broken).eql([]);
  expect(Object.fromEntries([...mirror.values].sort())).eql(
    Object.fromEntries([...mirror.values].map(([key]) => [key, watch.store.get(key)]).sort()),
  );
  expect(watch.store.size).equal(mirror.values.size);
  for (const value of ['x', 'y', 'z']) {
    const expected = [...watch.store.values()].filter((kept) => kept.value === value);
    expect(watch.store.indexed(value)).members(expected).length(expected.length);
  }
}

describe('A list-watch, through a thousand random lives', function () {
  this.timeout(120_000);
  const index = ({ value }: { readonly value: string }): string => value;
  const limits = { pageSize: 3, relistMs: RELIST_MS };

  it('holds what the API server holds, whatever is repeated, replayed, delayed, cut, compacted or refused', async () => {
    const steps = fc.array(stepOf(['duplicate', 'replay', 'hold']), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (all, seed) => {
        const world = new World(seed, { index, limits });
        await live(world, all);
        await world.clock.advance(CALM_MS);
        expect(world.known).eql(world.truth);
        isConsistent(world);
        world.watch.stop();
      }),
      { numRuns: 1000 },
    );
  });

  it('finds by its next list the changes that no event reported', async () => {
    const steps = fc.array(stepOf(['drop', 'replay', 'hold']), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (all, seed) => {
        const world = new World(seed, { index, limits });
        await live(world, all);
        await world.clock.advance(CALM_MS);
        isConsistent(world);
        await world.clock.advance(RELIST_MS);
        expect(world.known).eql(world.truth);
        isConsistent(world);
        world.watch.stop();
      }),
      { numRuns: 300 },
    );
  });
});
