import { NO_SETTINGS } from '../../../database/settings.ts';
import { expect } from 'chai';
import { Metrics } from '../../../kubernetes/metrics.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { Memory } from '../../../controller/databases/observe/memory.ts';
import { look } from '../../../controller/databases/observe/observe.ts';
import { Watches } from '../../../controller/cluster/watches.ts';
import { FakeApiServer } from '../../../lab/world/fake-api-server.ts';
import { SimulatedClock } from '../../../lab/world/simulated-clock.ts';
import { SimulatedApi } from '../../../lab/world/simulated-api.ts';

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const LABELS = { 'app.kubernetes.io/component': 'database', 'app.kubernetes.io/name': 'postgresql' };

function owned(kind: string, key: string, database: string, more: object = {}): KubernetesObject {
  const [namespace = '', name = ''] = key.split('/');
  const labels = { ...LABELS, 'db.example.com/database': database };
  return { kind, metadata: { name, namespace, labels, ...more } };
}

function database(key: string, annotations: object = {}): KubernetesObject {
  const [namespace = '', name = ''] = key.split('/');
  const spec = { engine: 'postgresql', version: '17', storage: { size: '1Gi' } };
  return { kind: 'Database', metadata: { name, namespace, annotations } as never, spec };
}

/** Follows a fake API server. */
class World {
  readonly fake = new FakeApiServer();
  readonly clock = new SimulatedClock();
  readonly api = new SimulatedApi(this.fake.storage, this.clock);
  readonly told: string[] = [];
  readonly watches: Watches;

  constructor(mostBytes = 1_000_000) {
    const { api, clock } = this;
    this.watches = new Watches({ api, clock, log: QUIET, metrics: new Metrics(), namespaces: [], mostBytes });
    for (const name of ['shop', 'tenant', 'other']) this.fake.put({ kind: 'Namespace', metadata: { name } });
  }

  async start(): Promise<this> {
    this.watches.start((owner) => this.told.push(owner));
    await this.clock.advance(100);
    return this;
  }

  /** How many objects are kept. */
  get kept(): number {
    const { pods, claims, configMaps, cronJobs, statefulSets } = this.watches;
    return [pods, claims, configMaps, cronJobs, statefulSets].reduce((sum, { size }) => sum + size, 0);
  }

  lists(): number {
    return this.api.calls.filter((call) => call.startsWith('GET')).length;
  }

  look(owner: string): ReturnType<typeof look> {
    const looking = {
      watches: this.watches,
      memory: new Memory(this.clock),
      settings: NO_SETTINGS,
      appliesAll: false,
      applyAllowed: true,
    };
    return look(owner, looking, this.clock.date());
  }
}

describe('Objects of the cluster', () => {
  it('are not kept while their Database does not exist', async () => {
    const world = new World();
    world.fake.put(owned('Pod', 'shop/orders-0', 'orders'));
    await world.start();
    world.fake.put(owned('ConfigMap', 'shop/orders-leader', 'orders', { annotations: { leader: 'orders-0' } }));
    await world.clock.advance(100);
    expect(world.kept).equal(0);
    expect(world.watches.holdings.shares.total).equal(0);
  });

  it('are all found when it appears, before any decision about it', async () => {
    const world = new World();
    world.fake.put(
      owned('PersistentVolumeClaim', 'shop/data-orders-0', 'orders', {
        annotations: { 'db.example.com/owner': 'another' },
      }),
    );
    world.fake.put(owned('Pod', 'shop/orders-0', 'orders'));
    await world.start();
    const listed = world.lists();
    world.fake.put(database('shop/orders'));
    await world.clock.advance(1);
    while (world.look('shop/orders').is === 'gone') await world.clock.advance(1);
    expect(world.look('shop/orders').is).equal('not known yet');
    await world.clock.advance(100);
    const looked = world.look('shop/orders');
    if (looked.is !== 'seen') throw new Error(looked.is);
    expect(looked.look.seen.claims.map(({ owner }) => owner)).eql(['another']);
    expect(looked.look.seen.pods.map(({ name }) => name)).eql(['orders-0']);
    expect(world.told).include('shop/orders');
    // Only the two kinds of which something was passed over are read again.
    expect(world.lists()).equal(listed + 2);
  });

  it('of a Database that comes first are seen as they come, and nothing is read again', async () => {
    const world = await new World().start();
    const listed = world.lists();
    world.fake.put(database('shop/orders'));
    await world.clock.advance(10);
    world.fake.put(owned('Pod', 'shop/orders-0', 'orders'));
    await world.clock.advance(100);
    expect([world.kept, world.lists()]).eql([1, listed]);
  });

  it('are let go with their Database, and found again with one of the same name', async () => {
    const world = new World();
    world.fake.put(database('shop/orders'));
    world.fake.put(owned('PersistentVolumeClaim', 'shop/data-orders-0', 'orders'));
    await world.start();
    expect(world.kept).equal(1);
    world.fake.remove('Database', 'shop/orders');
    await world.clock.advance(100);
    expect([world.kept, world.watches.holdings.shares.total]).eql([0, 0]);
    world.fake.put(database('shop/orders'));
    await world.clock.advance(100);
    expect(world.kept).equal(1);
  });

  it('that went while they were read again stay gone', async () => {
    const world = await new World().start();
    world.fake.put(owned('Pod', 'shop/orders-0', 'orders'));
    await world.clock.advance(10);
    world.fake.put(database('shop/orders'));
    // The list is under way when the pod goes, and its answer comes after the event.
    world.api.weather.latencyMs = () => 50;
    await world.clock.advance(2);
    world.fake.remove('Pod', 'shop/orders-0');
    await world.clock.advance(500);
    expect(world.kept).equal(0);
  });

  it('are read again until that succeeds', async () => {
    const world = await new World().start();
    world.fake.put(owned('Pod', 'shop/orders-0', 'orders'));
    await world.clock.advance(10);
    world.api.weather.call = () => ({ status: 500 });
    world.fake.put(database('shop/orders'));
    await world.clock.advance(3000);
    expect(world.look('shop/orders').is).equal('not known yet');
    world.api.weather.call = () => undefined;
    await world.clock.advance(11_000);
    expect([world.kept, typeof world.look('shop/orders')]).eql([1, 'object']);
  });

  it('that have no name of Ballast are not kept, however many there are', async () => {
    const world = await new World().start();
    world.fake.put(database('shop/orders'));
    await world.clock.advance(10);
    for (let number = 0; number < 300; number += 1) {
      world.fake.put(owned('ConfigMap', `shop/orders-${number}-x`, 'orders'));
      world.fake.put(owned('Pod', `shop/orders-${number}`, 'orders'));
    }
    await world.clock.advance(100);
    expect(world.kept).equal(99);
  });
});

describe('A namespace that holds more than its share', () => {
  const LARGE = { 'db.example.com/switchover': 'x'.repeat(1000) };

  async function crowded(): Promise<World> {
    const world = new World(300_000);
    world.fake.put(database('shop/orders'));
    world.fake.put(owned('Pod', 'shop/orders-0', 'orders'));
    await world.start();
    for (let number = 0; number < 200; number += 1) {
      const name = `flood-${String(number).padStart(3, '0')}`;
      world.fake.put(database(`tenant/${name}`, LARGE));
      world.fake.put(owned('Pod', `tenant/${name}-0`, name));
      await world.clock.advance(5);
    }
    await world.clock.advance(1000);
    return world;
  }

  it('loses its latest arrivals, and others keep theirs', async () => {
    const world = await crowded();
    const { shares, aside } = world.watches.holdings;
    expect(shares.total).most(300_000);
    expect([...aside.counts.keys()]).eql(['tenant']);
    expect(world.watches.databases.get('tenant/flood-000')?.aside).equal(undefined);
    expect(world.watches.databases.get('shop/orders')?.aside).equal(undefined);
    expect(world.watches.pods.get('shop/orders-0')).not.equal(undefined);
    const stub = [...world.watches.databases.values()].find((kept) => kept.aside !== undefined);
    expect([stub?.spec, stub?.annotations]).eql([undefined, {}]);
  });

  it('leaves room for later arrivals', async () => {
    const world = await crowded();
    for (let number = 0; number < 10; number += 1) world.fake.put(database(`other/late-${number}`, LARGE));
    await world.clock.advance(100);
    const late = [...world.watches.databases.values()].filter(({ namespace }) => namespace === 'other');
    expect(late.map(({ aside }) => aside)).eql(Array.from({ length: 10 }, () => undefined));
    expect(world.watches.holdings.shares.total).most(300_000);
  });

  it('is looked after again when there is room', async () => {
    const world = await crowded();
    for (let number = 0; number < 180; number += 1) {
      world.fake.remove('Database', `tenant/flood-${String(number).padStart(3, '0')}`);
    }
    await world.clock.advance(301_000);
    const set = [...world.watches.databases.values()].filter(({ aside }) => aside !== undefined);
    expect(set.length).above(0);
    for (const { owner } of set) world.watches.holdings.readmit(owner);
    await world.clock.advance(1000);
    for (const { owner, name } of set) {
      expect(world.watches.databases.get(owner)?.aside, owner).equal(undefined);
      expect(world.watches.databases.get(owner)?.spec, owner).not.equal(undefined);
      expect(world.watches.pods.get(`tenant/${name}-0`), owner).not.equal(undefined);
    }
  });

  it('keeps the protection of its namespace', async () => {
    const world = new World(3000);
    const { spec, ...rest } = database('tenant/kept', LARGE);
    world.fake.put({ ...rest, spec: { ...(spec as object), deletionPolicy: 'Protect' } });
    await world.start();
    world.fake.put(database('tenant/more', { 'db.example.com/switchover': 'x'.repeat(1024) }));
    await world.clock.advance(100);
    expect(world.watches.databases.indexed('tenant').map(({ name }) => name)).eql(['kept']);
  });
});
