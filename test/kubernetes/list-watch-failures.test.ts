import { expect } from 'chai';
import type { WatchHandlers } from '../../kubernetes/api.ts';
import { World, failure, listsOf, started, watchesOf } from './watched-kinds.ts';

const MINUTE_MS = 60_000;

/** A list-watch whose watches are the test's. */
function withWatches(begin: (handlers: WatchHandlers, count: number) => void): World {
  return new World(1, ({ api, clock }) => ({
    api: {
      list: api.list,
      watch: (_, { resourceVersion }, handlers) => {
        api.calls.push(`WATCH configmaps from ${resourceVersion}`);
        const count = watchesOf({ api }).length;
        clock.after(0, () => {
          begin(handlers, count);
        });
        return { stop: () => undefined };
      },
    },
  }));
}

const errorEvent = (code: number): { type: 'ERROR'; object: object } => ({
  type: 'ERROR',
  object: { code, reason: 'Odd' },
});

describe('A list-watch whose watches fail', () => {
  it('begins a watch again that is silent, after asking how far the API server is', async () => {
    const metadata = { resourceVersion: '1000' };
    const world = await started(
      withWatches(({ onEvent }, count) => {
        if (count === 1) onEvent({ type: 'BOOKMARK', object: { metadata } });
      }),
    );
    await world.clock.advance(101_000);
    expect(world.counts.ends).eql(['idle']);
    expect(world.api.calls.slice(-2)).eql(['GET configmaps', 'WATCH configmaps from 1000']);
    expect([listsOf(world).length, world.counts.lists, world.watch.staleness() < 2]).eql([2, 1, true]);
  });

  it('lists when the API server is not as far as it was', async () => {
    const metadata = { resourceVersion: '4711' };
    const world = await started(
      withWatches(({ onEvent }, count) => {
        if (count === 1) onEvent({ type: 'BOOKMARK', object: { metadata } });
      }),
    );
    await world.clock.advance(101_000);
    expect(world.api.calls.slice(-3)).eql(['GET configmaps', 'GET configmaps', 'WATCH configmaps from 1000']);
    expect(world.counts.lists).equal(2);
  });

  it('is stale while it cannot ask', async () => {
    const world = await started(withWatches(() => undefined));
    world.api.weather.call = () => ({ status: 500 });
    await world.clock.advance(3 * MINUTE_MS);
    expect(world.watch.staleness()).above(175);
    world.api.weather.call = () => undefined;
    await world.clock.advance(15_000);
    expect([world.watch.staleness() < 15, world.counts.lists]).eql([true, 1]);
  });

  it('waits longer and longer while watches end at once', async () => {
    const world = await started(
      withWatches(({ onEnd }) => {
        onEnd();
      }),
    );
    await world.clock.advance(MINUTE_MS);
    expect(watchesOf(world).length).within(9, 16);
    expect(listsOf(world)).length(1);
  });

  for (const { code, lists } of [
    { code: 0, lists: 1 },
    { code: 429, lists: 1 },
    { code: 500, lists: 2 },
    { code: 403, lists: 4 },
    { code: 410, lists: 4 },
  ]) {
    it(`lists ${lists} times while four watches end with ${code}`, async () => {
      const world = await started(
        withWatches(({ onEnd, onEvent }, count) => {
          if (count > 4) return;
          if (count % 2 === 0 || code === 0) onEnd(failure(code));
          else onEvent({ ...errorEvent(code), object: { ...errorEvent(code).object } });
        }),
      );
      await world.clock.advance(20_000);
      expect(watchesOf(world)).length(5);
      expect(listsOf(world).length - (code === 403 || code === 410 ? 1 : 0)).equal(lists);
    });
  }

  it('stays away as long as the API server asks it to', async () => {
    const world = new World();
    world.api.weather.call = () => ({ status: 429, retryAfterSeconds: 45 });
    await started(world);
    await world.clock.advance(44_000);
    expect(listsOf(world)).length(1);
    world.api.weather.call = () => undefined;
    await world.clock.advance(2000);
    expect(world.watch.isSynced).equal(true);
  });

  it('keeps what it knew while lists fail, and says that it is stale', async () => {
    const world = new World();
    world.put('a', 'x');
    await started(world);
    world.api.weather.call = () => ({ status: 500 });
    world.api.endWatches(failure(410));
    await world.clock.advance(5 * MINUTE_MS);
    expect(world.watch.store.get('shop/a')?.value).equal('x');
    expect(world.watch.isSynced).equal(true);
    expect(world.watch.staleness()).above(290);
    expect(world.log.all.every((line) => line.startsWith('warn'))).equal(true);
  });

  it('asks for nothing any more once it was stopped', async () => {
    const world = await started(new World());
    world.watch.stop();
    const { length } = world.api.calls;
    world.put('a', 'x');
    await world.clock.advance(5 * MINUTE_MS);
    expect([world.api.calls.length, world.mirror.told.length]).eql([length, 0]);
  });
});
