import { expect } from 'chai';
import type { DatabaseStatus } from '../../../database/types.ts';
import type { Servers } from '../../../controller/engines/servers.ts';
import { ServerError } from '../../../controller/engines/servers.ts';
import type { Decision, Step } from '../../../controller/databases/decision.ts';
import type { Occurrence } from '../../../kubernetes/events.ts';
import type { Outcome } from '../../../kubernetes/work-queue.ts';
import type { DatabaseLook } from '../../../controller/databases/observe/observe.ts';
import type { DatabaseReconcilerOptions } from '../../../controller/databases/reconciler.ts';
import { databaseReconciler } from '../../../controller/databases/reconciler.ts';
import { Loop } from '../../../controller/runtime/loop.ts';
import type { Observation } from '../../../controller/databases/observation.ts';
import { Stand, owned } from '../databases/acts/stand.ts';
import { rehearse } from '../scenarios/rehearsal.ts';
import { SCENARIOS } from '../scenarios/scenarios.ts';
import { Scene } from '../../../lab/world/scene.ts';

const KEY = 'shop/orders';
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A loop over a Database, with decisions that the test makes. */
class Bench {
  readonly stand: Stand;
  readonly looks: Observation[] = [];
  readonly events: Occurrence[] = [];
  readonly told: unknown[] = [];
  decision: Decision = { status: {} };
  /** Thrown in the place of a decision. */
  bug: Error | undefined;
  leads = true;
  readonly #loop: Loop<DatabaseLook, Step, DatabaseStatus>;

  constructor(
    stand: Stand,
    means: Pick<DatabaseReconcilerOptions, 'looking' | 'makeKeys' | 'isVerifierOf' | 'servers'>,
  ) {
    this.stand = stand;
    const { api, clock } = stand;
    const reconciler = databaseReconciler({
      ...{ api, clock, ...means },
      metrics: {
        failedOver: (...of) => this.told.push(['failed over', ...of]),
        setUp: () => undefined,
        setBackup: () => undefined,
        forget: (...of) => this.told.push(['forgotten', ...of]),
      },
      decide: (seen) => {
        this.looks.push(seen);
        if (this.bug) throw this.bug;
        return this.decision;
      },
    });
    this.#loop = new Loop(reconciler, {
      ...{ api, clock, log: QUIET },
      metrics: { reconciled: (_, outcome) => this.told.push(outcome) },
      recorder: { record: (_, occurrence) => this.events.push(occurrence) },
      leads: () => this.leads,
    });
  }

  /** How many Databases are due. */
  get due(): number {
    return this.#loop.figures().depth;
  }

  static async over(objects: Parameters<typeof Stand.with>[0] = [], changes: Partial<Servers> = {}): Promise<Bench> {
    const stand = await Stand.with(objects);
    const { looking, makeKeys, isVerifierOf, servers } = await stand.acting();
    return new Bench(stand, { looking, makeKeys, isVerifierOf, servers: { ...servers, ...changes } });
  }

  pass(key = KEY): Promise<Outcome | undefined> {
    return this.stand.done(this.#loop.reconcile(key));
  }

  async failure(): Promise<string> {
    return this.pass().then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
  }
}

const FINALIZER: Step = { do: 'add-finalizer' };
const TLS = owned('Secret', 'orders-tls', { data: { 'ca.crt': 'YQ==', 'tls.crt': 'Yg==', 'tls.key': 'Yw==' } });
const RESTART: Step = { do: 'restart-server', pod: 'orders-0', uid: 'u', role: 'primary' };
const DOWN: Partial<Servers> = {
  restart: () => Promise.reject(new ServerError('orders-0 was not reached', 'ECONNREFUSED')),
};

describe('A pass over a Database', () => {
  it('asks nothing and writes nothing when there is nothing new', async () => {
    const bench = await Bench.over();
    bench.decision = { status: { phase: 'Running' } };
    await bench.pass();
    await bench.stand.clock.advance(10);
    const before = bench.stand.api.requests.length;
    expect(await bench.pass()).eql({});
    expect(bench.stand.api.requests.length).equal(before);
    expect(bench.stand.written()).eql(['patch Database shop/orders status']);
  });

  it('looks again when decisions say so', async () => {
    const bench = await Bench.over();
    bench.decision = { status: {}, lookAgainAfterSeconds: 30 };
    expect(await bench.pass()).eql({ againMs: 30_000 });
  });

  it('tells the status before it acts, and acts on the Database as it then is', async () => {
    const bench = await Bench.over();
    bench.decision = { status: { phase: 'Creating' }, step: FINALIZER };
    await bench.pass();
    expect(bench.stand.written()).eql(['patch Database shop/orders status', 'patch Database shop/orders']);
  });

  it('reads before it tells', async () => {
    const bench = await Bench.over();
    bench.decision = { status: { phase: 'Creating' }, step: { do: 'read-credentials' } };
    await bench.pass();
    expect(bench.stand.written()).eql([]);
  });

  it('tells the owner of a bug and nothing of where it was, keeps what the status said, and goes on once it is mended', async () => {
    const bench = await Bench.over();
    bench.decision = { status: { phase: 'Running', primary: 'orders-0' } };
    await bench.pass();
    await bench.stand.clock.advance(10);
    bench.bug = new TypeError('no property of undefined');
    expect(await bench.failure()).equal('no property of undefined');
    await bench.stand.clock.advance(10);
    const status = bench.stand.fake.get('Database', KEY)?.['status'] as DatabaseStatus;
    expect(status).deep.include({ phase: 'Running', primary: 'orders-0' });
    const stalled = status.conditions?.find(({ type }) => type === 'Stalled');
    expect(stalled).deep.include({ status: 'True', reason: 'InternalError' });
    expect(stalled?.message).match(/^the controller failed .* names shop\/orders: report that/);
    expect(JSON.stringify(status)).not.match(/TypeError|undefined|\.ts/);
    bench.bug = undefined;
    await bench.pass();
    await bench.stand.clock.advance(10);
    expect(JSON.stringify(bench.stand.fake.get('Database', KEY)?.['status'])).not.include('InternalError');
  });

  it('does not look again before the watches show what it wrote', async () => {
    const bench = await Bench.over();
    bench.stand.api.weather = { call: () => undefined, event: () => 'hold' };
    bench.decision = { status: {}, step: FINALIZER };
    expect(await bench.pass()).eql({ againMs: 1000 });
    expect(await bench.pass()).eql({ againMs: 1000 });
    expect(bench.looks.length).equal(1);
    await bench.stand.clock.advance(6000);
    await bench.pass();
    expect(bench.looks.length).equal(2);
  });

  it('looks again, without a report, when another writer was first', async () => {
    const bench = await Bench.over();
    bench.stand.api.weather = { call: () => ({ status: 409 }), event: () => undefined };
    bench.decision = { status: { phase: 'Creating' }, step: FINALIZER };
    expect(await bench.pass()).eql({ retry: true });
    expect([bench.events, bench.told]).eql([[], ['done']]);
  });

  it('tells why a step came to nothing, until one is done', async () => {
    const bench = await Bench.over([TLS], DOWN);
    bench.decision = { status: {}, step: RESTART };
    expect(await bench.failure()).equal('orders-0 was not reached');
    await bench.stand.clock.advance(60_000);
    expect(bench.events.map(({ type, reason, note }) => [type, reason, note])).eql([
      ['Warning', 'ActionFailed', 'restart-server: orders-0 was not reached'],
    ]);
    bench.decision = { status: {}, step: FINALIZER };
    await bench.pass();
    await bench.stand.clock.advance(10);
    await bench.pass();
    expect(bench.looks.map(({ failure }) => failure)).eql([undefined, 'orders-0 was not reached', undefined]);
  });

  it('does not try a step that failed again before its time, however often it is asked', async () => {
    let tries = 0;
    const restart: Servers['restart'] = () => {
      tries += 1;
      return Promise.reject(new ServerError('down', ''));
    };
    const bench = await Bench.over([TLS], { restart });
    bench.decision = { status: {}, step: RESTART };
    for (let pass = 0; pass < 50; pass += 1) await bench.failure();
    expect(tries).equal(1);
    for (let second = 0; second < 600; second += 1) {
      await bench.stand.clock.advance(1000);
      await bench.failure();
    }
    expect(tries).greaterThan(10).and.lessThan(30);
  });

  it('does not repeat a step that changes nothing without pause', async () => {
    const bench = await Bench.over([TLS], { restart: () => Promise.resolve() });
    bench.decision = { status: {}, step: RESTART };
    const pauses: number[] = [];
    for (let pass = 0; pass < 6; pass += 1) {
      const { againMs = 0 } = (await bench.pass()) ?? {};
      pauses.push(againMs);
      await bench.stand.clock.advance(againMs);
    }
    expect(pauses.slice(0, 3)).eql([0, 0, 0]);
    expect(pauses.slice(3).every((pause) => pause > 1000)).equal(true);
  });

  it('goes on without pause after a step that failed often and was done at last', async () => {
    let tries = 0;
    const restart: Servers['restart'] = () => {
      tries += 1;
      return tries < 8 ? Promise.reject(new ServerError('down', '')) : Promise.resolve();
    };
    const bench = await Bench.over([TLS], { restart });
    bench.decision = { status: {}, step: RESTART };
    while (tries < 7) {
      await bench.failure();
      await bench.stand.clock.advance(1000);
    }
    await bench.stand.clock.advance(60_000);
    expect(await bench.pass()).eql({ againMs: 0 });
  });

  it('lets a restart that takes long go on by itself, and looks again when it has ended', async () => {
    const restarted = Promise.withResolvers<undefined>();
    const bench = await Bench.over([TLS], { restart: () => restarted.promise });
    bench.decision = { status: {}, step: RESTART };
    const before = bench.stand.clock.now();
    expect(await bench.pass()).eql({});
    expect(bench.stand.clock.now() - before).lessThan(1100);
    bench.decision = { status: {} };
    await bench.pass();
    expect(bench.looks.map(({ underWay }) => [...(underWay ?? [])])).eql([[], ['restart-server orders-0']]);
    restarted.resolve(undefined);
    await bench.stand.clock.advance(1);
    await bench.pass();
    expect(bench.looks.at(-1)?.underWay).equal(undefined);
    expect(bench.due).equal(1);
    expect(bench.events.map(({ reason }) => reason)).eql(['MemberRestarted']);
  });

  it('tells of a restart that takes long why it came to nothing', async () => {
    const restarted = Promise.withResolvers<undefined>();
    const bench = await Bench.over([TLS], { restart: () => restarted.promise });
    bench.decision = { status: {}, step: RESTART };
    await bench.pass();
    restarted.reject(new ServerError('orders-0 did not restart', '500'));
    await bench.stand.clock.advance(1);
    await bench.pass();
    expect(bench.looks.at(-1)).include({ failure: 'orders-0 did not restart' }).and.not.have.property('underWay');
    expect(bench.events.map(({ reason }) => reason)).eql(['ActionFailed']);
  });

  it('does nothing while another leads', async () => {
    const bench = await Bench.over();
    bench.leads = false;
    const before = bench.stand.api.requests.length;
    expect(await bench.pass()).equal(undefined);
    expect([bench.looks.length, bench.stand.api.requests.length]).eql([0, before]);
  });

  it('forgets a Database that is gone', async () => {
    const bench = await Bench.over();
    bench.stand.fake.remove('Database', KEY);
    await bench.stand.clock.advance(10);
    expect(await bench.pass()).eql({ isGone: true });
    expect(bench.told).eql([['forgotten', 'shop', 'orders'], 'done']);
  });

  it('counts and tells a change of the primary', async () => {
    const bench = await Bench.over();
    bench.decision = { status: { handled: { primary: 'orders-0' } } };
    await bench.pass();
    await bench.stand.clock.advance(10);
    bench.decision = { status: { handled: { primary: 'orders-1' } } };
    await bench.pass();
    expect(bench.told).deep.include(['failed over', 'shop', 'orders']);
    expect(bench.events.map(({ reason, note }) => [reason, note])).eql([
      ['PrimaryChanged', 'orders-1 is primary instead of orders-0'],
    ]);
  });
});

describe('A controller that starts', () => {
  for (const mode of ['direct', 'gitops'] as const) {
    it(`writes nothing where all is well, and asks nothing after it (${mode})`, async () => {
      const calm = SCENARIOS.find(({ before, modes }) => before !== undefined && modes.length === 2)!;
      const { state } = await rehearse(calm, mode);
      const scene = await Scene.open({ state });
      scene.start();
      await scene.settle();
      expect(scene.api.writes).eql([]);
      const before = scene.api.requests.length;
      await scene.clock.advance(250_000);
      const asked = scene.api.requests.slice(before).filter(({ kind }) => kind !== 'Lease');
      expect(asked.filter(({ method, name }) => method !== 'GET' || name !== undefined)).eql([]);
      scene.close();
    });
  }
});
