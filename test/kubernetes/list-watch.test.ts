import { expect } from 'chai';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { ListWatchOptions } from '../../kubernetes/list-watch.ts';
import { isNewer } from '../../kubernetes/objects.ts';
import type { Kept } from './watched-kinds.ts';
import { World, failure, listsOf, project, started, watchesOf } from './watched-kinds.ts';

const MINUTE_MS = 60_000;

describe('A list-watch', () => {
  it('is synced when the last page is in the store and all listeners were called', async () => {
    const world = new World(1, { limits: { pageSize: 2 } });
    for (const name of ['a', 'b', 'c', 'd', 'e']) world.put(name, 'x');
    let toldWhenSynced = 0;
    void world.watch.synced.then(() => (toldWhenSynced = world.mirror.told.length));
    world.watch.start();
    await world.clock.advance(3);
    expect([world.watch.isSynced, world.watch.store.size]).eql([false, 2]);
    await world.clock.advance(100);
    expect([world.watch.isSynced, toldWhenSynced, listsOf(world).length]).eql([true, 5, 3]);
    expect(world.known).eql(world.truth);
  });

  it('reports additions, changes and deletions, with the state before', async () => {
    const world = await started(new World());
    world.put('a', 'x');
    world.put('a', 'y');
    world.delete('a');
    await world.clock.advance(100);
    expect(world.mirror.told).eql(['added shop/a', 'changed shop/a', 'deleted shop/a']);
  });

  it('tells of a name that changed hands as of two objects', async () => {
    const world = await started(new World());
    world.put('a', 'x');
    await world.clock.advance(100);
    world.api.weather.event = () => 'drop';
    world.delete('a');
    world.api.weather.event = () => undefined;
    world.put('a', 'x');
    await world.clock.advance(100);
    expect(world.mirror.told).eql(['added shop/a', 'deleted shop/a', 'added shop/a']);
  });

  it('leaves out what the projection leaves out, from the moment that it does', async () => {
    const world = await started(new World());
    world.put('a', undefined);
    world.put('a', 'x');
    world.put('a', undefined);
    await world.clock.advance(100);
    expect(world.mirror.told).eql(['added shop/a', 'deleted shop/a']);
  });

  it('takes a change that the projection does not show for none', async () => {
    const seen: string[] = [];
    const projected = (raw: KubernetesObject): Kept | undefined => {
      const kept = project(raw);
      return kept && { ...kept, version: 0 };
    };
    const world = new World(1, { project: projected }, false);
    world.watch.onChange(({ type }) => seen.push(type));
    await started(world);
    world.put('a', 'x');
    world.put('a', 'x', { other: 'label' });
    world.put('a', 'y');
    await world.clock.advance(100);
    expect(seen).eql(['added', 'changed']);
  });

  it('shows the projection no managed fields', async () => {
    const seen: KubernetesObject[] = [];
    const world = new World(1, { project: (raw) => void seen.push(raw) });
    world.put('a', 'x');
    await started(world);
    world.put('b', 'x');
    await world.clock.advance(100);
    expect(seen.map(({ metadata }) => ('managedFields' in metadata ? 'with' : 'without'))).eql(['without', 'without']);
  });

  it('goes on when one object cannot be read', async () => {
    const world = new World(1, {
      project: (raw) => {
        if (raw.metadata.name === 'odd') throw new Error('too odd');
        return project(raw);
      },
    });
    world.put('odd', 'x');
    await started(world);
    world.put('odd', 'y');
    world.put('a', 'x');
    await world.clock.advance(100);
    expect([...world.mirror.values.keys()]).eql(['shop/a']);
    expect(world.log.all).length(2);
    expect(world.log.all[0]).match(/^error .*"key":"shop\/odd","error":"too odd","stack":/);
  });

  it('goes on from the last bookmark when a watch ends', async () => {
    const world = await started(new World());
    world.put('a', 'x');
    await world.clock.advance(100);
    // Of others, this watch sees nothing but a bookmark.
    const before = world.storage.version;
    world.api.weather.event = () => 'drop';
    world.put('b', 'x');
    world.put('b', 'y');
    await world.clock.advance(MINUTE_MS);
    world.api.endWatches();
    await world.clock.advance(100);
    expect(watchesOf(world).at(-1)).equal(`WATCH configmaps from ${before + 2}`);
    expect(listsOf(world)).length(1);
  });

  it('lists again when its version is no longer known', async () => {
    const world = await started(new World());
    world.api.weather.event = () => 'drop';
    world.put('a', 'x');
    world.compact();
    world.api.weather.event = () => undefined;
    world.api.endWatches();
    await world.clock.advance(1000);
    expect(world.known).eql(world.truth);
    expect(listsOf(world)).length(2);
    expect(world.counts.ends).eql(['closed', 'expired']);
  });

  it('finds by a list what was deleted and added while it was away', async () => {
    const world = new World();
    for (const name of ['a', 'b']) world.put(name, 'x');
    await started(world);
    world.api.endWatches(failure(410));
    world.delete('a');
    world.put('c', 'x');
    world.compact();
    await world.clock.advance(2000);
    expect([...world.mirror.values.keys()].sort()).eql(['shop/b', 'shop/c']);
  });

  it('lists again from time to time', async () => {
    const world = await started(new World(1, { limits: { relistMs: 10 * MINUTE_MS } }));
    world.api.weather.event = () => 'drop';
    world.put('a', 'x');
    await world.clock.advance(10 * MINUTE_MS);
    expect(world.counts.lists).equal(2);
    expect(world.known).eql(world.truth);
  });

  it('believes a list that is older than what it knew: the API server itself was put back', async () => {
    let version = '5000';
    const given = ({ api }: Pick<World, 'api'>): Partial<ListWatchOptions<Kept>> => ({
      limits: { relistMs: 10 * MINUTE_MS },
      api: {
        list: async (...args) => {
          const { items } = await api.list(...args);
          const dated = items.map((item) => ({ ...item, metadata: { ...item.metadata, resourceVersion: version } }));
          return { items: dated, resourceVersion: version };
        },
        watch: () => ({ stop: () => undefined }),
      },
    });
    const world = new World(1, given, false);
    const values: string[] = [];
    world.watch.onChange((change) => values.push(change.type === 'deleted' ? 'gone' : change.after.value));
    world.put('a', 'new');
    await started(world);
    version = '1500';
    world.put('a', 'old');
    await world.clock.advance(10 * MINUTE_MS);
    expect(values).eql(['new', 'old']);
  });

  it('is as stale as its last sign from the API server is old', async () => {
    const world = new World();
    expect(world.watch.staleness()).equal(Infinity);
    await started(world);
    await world.clock.advance(30_000);
    expect(world.watch.staleness()).within(29, 31);
    await world.clock.advance(35_000);
    expect(world.watch.staleness(), 'after a bookmark').below(10);
    world.api.weather.call = () => 'drop-before';
    world.api.endWatches(failure(410));
    await world.clock.advance(10 * MINUTE_MS);
    expect(world.watch.staleness()).above(590);
  });
});

describe('Versions', () => {
  for (const { one, other, newer } of [
    { one: '1000', other: '999', newer: true },
    { one: '999', other: '1000', newer: false },
    { one: '7', other: '7', newer: false },
    { one: '9007199254740993', other: '9007199254740992', newer: true },
    { one: 'b', other: 'a', newer: true },
    { one: 'a', other: 'b', newer: true },
    { one: 'a', other: 'a', newer: false },
  ]) {
    it(`${one} is ${newer ? '' : 'not '}later than ${other}`, () => {
      expect(isNewer(one, other)).equal(newer);
    });
  }
});
