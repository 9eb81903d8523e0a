import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { systemClock } from '../../kubernetes/clock.ts';
import type { Limits } from '../../kubernetes/list-watch.ts';
import { ListWatch } from '../../kubernetes/list-watch.ts';
import { RESOURCES } from '../../controller/resources.ts';
import type { EventMishap } from '../../lab/world/fake-api/faults.ts';
import { FakeApiServer } from '../../lab/world/fake-api-server.ts';
import type { Kept } from './watched-kinds.ts';
import { Counts, Lines, Mirror, project } from './watched-kinds.ts';

const QUICK: Partial<Limits> = { pageSize: 10, backoff: { firstMs: 10, mostMs: 50 } };
const MUCH_MS = 10_000;

function configMap(name: string, value: string): { metadata: { name: string; namespace: string } } {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data: { value } } as never;
}

describe('A list-watch over HTTP', function () {
  this.timeout(30_000);
  let fake: FakeApiServer;
  let mirror: Mirror;
  let counts: Counts;
  let running: ListWatch<Kept>[];

  beforeEach(async () => {
    fake = await FakeApiServer.start({ timeoutMs: 1000, bookmarkMs: 100 });
    mirror = new Mirror();
    counts = new Counts();
    running = [];
  });

  afterEach(async () => {
    for (const watch of running) watch.stop();
    expect(mirror.broken).eql([]);
    await fake.stop();
  });

  async function follow(limits: Partial<Limits> = {}): Promise<ListWatch<Kept>> {
    const made = { api: fake.connect(), clock: systemClock, log: new Lines(), metrics: counts, project };
    const watch = new ListWatch({ ...made, resource: RESOURCES.ConfigMap, limits: { ...QUICK, ...limits } });
    watch.onChange(mirror.take);
    running.push(watch);
    watch.start();
    await watch.synced;
    return watch;
  }

  function truth(): Record<string, string> {
    return Object.fromEntries(
      fake.all('ConfigMap').map(({ metadata, ...rest }) => [metadata.name, (rest['data'] as { value: string }).value]),
    );
  }

  async function until(holds: () => boolean): Promise<void> {
    const end = performance.now() + MUCH_MS;
    while (performance.now() < end && !holds()) await sleep(5);
  }

  function known(): Record<string, string> {
    const names = [...mirror.values].map(([key, { value }]): [string, string] => [key.replace('shop/', ''), value]);
    return Object.fromEntries(names.sort());
  }

  async function equal(watch: ListWatch<Kept>): Promise<void> {
    await until(() => JSON.stringify(known()) === JSON.stringify(truth()));
    expect(known()).eql(truth());
    expect(watch.store.size).equal(fake.all('ConfigMap').length);
  }

  it('holds thousands of objects that come by pages', async () => {
    for (let index = 0; index < 3000; index += 1) fake.put(configMap(`m-${index}`, String(index)));
    await equal(await follow({ pageSize: 250 }));
    expect(fake.requests.filter(({ isWatch, method }) => method === 'GET' && !isWatch)).length(12);
  });

  it('carries text of every kind through its lines', async () => {
    const watch = await follow();
    fake.put(configMap('odd', 'a\nb\r\nc\u2028d\u2029e\u0000"\\ü😀'));
    await equal(watch);
    expect(counts.lists).equal(1);
  });

  for (const how of ['broken', 'in-order'] as const) {
    it(`goes on after its watches were ended (${how})`, async () => {
      const watch = await follow();
      for (let index = 0; index < 20; index += 1) {
        fake.put(configMap(`m-${index % 7}`, String(index)));
        fake.endWatches(how);
        fake.put(configMap(`n-${index % 5}`, String(index)));
        await sleep(5);
      }
      await equal(watch);
      expect(counts.lists, 'no list was needed').equal(1);
    });
  }

  it('lists again after a compaction', async () => {
    const watch = await follow();
    fake.fault(({ isWatch }) => isWatch, 'drop-before', 3);
    fake.endWatches();
    fake.put(configMap('a', '1'));
    fake.compact();
    await equal(watch);
    expect(counts.lists).equal(2);
    expect(counts.ends).contain('expired');
  });

  it('goes on after the API server refused, was silent, and broke off lists and watches', async () => {
    fake.fault(({ isWatch }) => !isWatch, { status: 500 }, 1);
    fake.fault(({ isWatch }) => !isWatch, 'never', 1);
    fake.fault(({ isWatch }) => isWatch, { status: 429, retryAfterSeconds: 0 }, 2);
    fake.fault(({ isWatch }) => isWatch, 'drop-before', 2);
    fake.put(configMap('a', '1'));
    const watch = await follow();
    fake.put(configMap('b', '2'));
    await equal(watch);
  });

  it('leaves a watch that is never answered', async () => {
    fake.fault(({ isWatch }) => isWatch, 'never', 1);
    const watch = await follow({ idleMs: 300 });
    fake.put(configMap('a', '1'));
    await equal(watch);
    expect(counts.ends[0]).equal('idle');
  });

  it('is right in the end when events are doubled, replayed and held back by the thousand', async () => {
    const watch = await follow();
    const mishaps: readonly EventMishap[] = ['duplicate', 'replay', 'hold'];
    fake.faults.events = ({ number }) => mishaps[(number + fake.storage.version) % 5];
    for (let index = 0; index < 2000; index += 1) {
      const name = `m-${index % 11}`;
      if (index % 5 === 3 && fake.get('ConfigMap', `shop/${name}`)) fake.remove('ConfigMap', `shop/${name}`);
      else fake.put(configMap(name, String(index)));
      if (index % 100 === 0) await sleep(1);
    }
    fake.faults.clear();
    fake.put(configMap('last', 'x'));
    fake.bookmark();
    await equal(watch);
    expect(counts.lists).equal(1);
  });

  it('keeps no connection once it was stopped', async () => {
    const watch = await follow();
    await until(() => fake.watches === 1);
    const [stream] = fake.requests.filter(({ isWatch }) => isWatch);
    expect(stream?.query.get('allowWatchBookmarks')).equal('true');
    expect(fake.watches).equal(1);
    watch.stop();
    await until(() => fake.watches === 0);
    expect(fake.watches).equal(0);
  });
});
