import { expect } from 'chai';
import { Replica, World } from './world.ts';
import { weakKeys } from '../../certificates/keys.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOSTS = ['web.ballast.svc', 'web.ballast.svc.cluster.local'];
const WANTED = {
  subject: { authority: 'Web authority', server: 'Web' },
  hosts: HOSTS,
  lifetimes: { authorityMs: 120 * DAY, serverMs: 30 * DAY, propagationMs: 12 * HOUR },
};
/** More make it surer and slower. */
const SEEDS = Number(process.env['SEEDS'] ?? 1);

/** Numbers from 0 to 1 that only depend on the seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Life {
  readonly years: number;
  readonly crash: number;
  /** That a replica stands still for days in the middle of a pass. */
  readonly stall: number;
}

/** Steps through the years; calls `check` after everything that happens. */
async function live(world: World, next: () => number, { years, crash, stall }: Life, check: (all: Replica[]) => void) {
  const replicas = [1, 2, 3].map(() => new Replica(world));
  const stalled = new Map<Replica, number>();
  const late = ({ lastPass }: Replica): boolean => world.now.getTime() - lastPass.getTime() > 2 * DAY;
  const end = world.now.getTime() + years * 365 * DAY;
  while (world.now.getTime() < end) {
    for (const one of replicas) {
      if (one.isIdle && (late(one) || next() < 0.6)) one.startPass();
    }
    const runs = replicas.filter((one) => !one.isIdle && (stalled.get(one) ?? 0) <= world.now.getTime());
    const chosen = runs[Math.floor(next() * runs.length)];
    if (!chosen) world.advance(next() * DAY);
    else if (next() < crash) replicas[replicas.indexOf(chosen)] = new Replica(world);
    else if (!late(chosen) && next() < stall) stalled.set(chosen, world.now.getTime() + next() * 4 * DAY);
    else await chosen.goOn();
    if (next() < 0.2) world.advance(next() * HOUR);
    check(replicas);
  }
  return replicas;
}

function expectServed(world: World, replicas: readonly Replica[], lagMs: number): void {
  for (const { serving, failure } of replicas) {
    expect(failure, String(failure)).to.equal(undefined);
    if (serving)
      expect(world.faultOf(serving, lagMs), `${world.now.toISOString()} ${world.steps.slice(-9).join()}`).to.equal('');
  }
}

describe('Three replicas through the years', function () {
  this.timeout(600_000);

  for (let seed = 1; seed <= SEEDS; seed += 1) {
    it(`are always trusted and never expired, whatever dies or stands still in between (seed ${seed})`, async () => {
      const world = new World(WANTED, weakKeys());
      // API servers may learn of a bundle only just before the propagation time is over.
      const lagMs = WANTED.lifetimes.propagationMs - 1;
      const life = { years: 2, crash: 0.03, stall: 0.02 };
      const all = await live(world, random(seed), life, (replicas) => {
        expectServed(world, replicas, lagMs);
      });
      expect(all.filter(({ serving }) => serving).length).to.be.greaterThan(0);
      // A step is not counted when its replica died before it heard of it.
      expect(world.steps.filter((step) => step === 'create').length).to.be.lessThan(2);
      expect(world.steps.filter((step) => step === 'promote').length).to.be.greaterThan(6);
      expect(world.steps.filter((step) => step === 'stage').length).to.be.lessThan(10);
    });
  }

  it('stay trusted when values of the Secret are lost or garbled', async () => {
    const world = new World(WANTED, weakKeys());
    const next = random(7);
    let damages = 0;
    await live(world, next, { years: 0.25, crash: 0.03, stall: 0 }, (replicas) => {
      expectServed(world, replicas, 0);
      if (next() > 0.002) return;
      const names = Object.keys(world.secret.data);
      const name = names[Math.floor(next() * names.length)] ?? '';
      const was = world.secret.data[name] ?? '';
      const text = next() < 0.5 ? undefined : next() < 0.5 ? was.slice(0, was.length / 2) : 'garbled';
      world.write({ ...world.secret.data, [name]: text });
      damages += 1;
    });
    expect(damages).to.be.greaterThan(10);
  });

  it('recover in one pass when the bundle is taken out of the configurations', async () => {
    const world = new World(WANTED, weakKeys());
    const next = random(11);
    for (let days = 0; days < 400; days += 1) {
      const replica = new Replica(world);
      if (next() < 0.2) world.configure('ValidatingWebhookConfiguration', '');
      if (next() < 0.2) world.configure('MutatingWebhookConfiguration', 'garbled');
      await replica.pass();
      expectServed(world, [replica], 0);
      world.advance(next() * 2 * DAY);
    }
  });

  it('do not put back an old bundle after standing still for months just before publishing it', async () => {
    const world = new World(WANTED, weakKeys());
    const [slow, quick] = [new Replica(world), new Replica(world)];
    slow.startPass();
    while (!world.steps.includes('create')) await slow.goOn();
    // Two calls read, each waits twice.
    for (let gates = 0; gates < 4; gates += 1) await slow.goOn();
    for (let days = 0; days < 100; days += 1) {
      await quick.pass();
      world.advance(DAY);
    }
    expect(world.steps).to.include('promote');
    while (!slow.isIdle) {
      await slow.goOn();
      expectServed(world, [quick], 0);
    }
  });
});
