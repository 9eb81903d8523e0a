import { NO_SETTINGS } from '../../database/settings.ts';
import type { Keys } from '../../certificates/keys.ts';
import { makeKeys } from '../../certificates/keys.ts';
import type { Servers } from '../../controller/engines/servers.ts';
import { decide } from '../../controller/databases/concerns/decide.ts';
import type { Step } from '../../controller/databases/decision.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { Log } from '../../kubernetes/log.ts';
import { Controller } from '../../controller/serve.ts';
import { isVerifierAtOnce } from '../credentials/takes.ts';
import type { RecordedWrite } from './fake-api/record.ts';
import type { Snapshot } from './fake-api/storage.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { Cluster } from './cluster.ts';
import type { ServersState } from './servers.ts';
import type { PatroniState } from './patroni.ts';
import { FakeServers } from './servers.ts';
import type { Weather } from './world-api.ts';
import { WorldApi } from './world-api.ts';

/** The initial state of a scene. */
export interface SceneState {
  readonly now: number;
  readonly storage: Snapshot;
  readonly patroni: PatroniState;
  readonly servers: ServersState;
}

/** Deviations of a scene. */
export interface SceneOptions {
  readonly state?: SceneState;
  readonly seed?: number;
  readonly onWrite?: (write: RecordedWrite) => void;
  readonly wrapServers?: (servers: Servers, clock: Clock) => Servers;
}

const LEASE = { namespace: 'ballast-system', name: 'ballast-controller' };
const LEASE_KEY = `${LEASE.namespace}/${LEASE.name}`;
const RESTART_MS = 1000;
const SETTLED_SECONDS = 3;
/** Every wait has ended by then. */
const DEADLINE_MS = 1_800_000;
const LIMITS = { relistMs: 300_000 };
const QUIET: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** One key for all: making keys takes real time, which a simulation does not advance. */
const keys: Promise<Keys> = makeKeys();

/** The real controller against a fake API server with a simulated cluster behind it, in simulated time. */
export class Scene {
  readonly fake = new FakeApiServer({ collectsGarbage: true });
  readonly clock: SimulatedClock;
  readonly cluster: Cluster;
  readonly servers: FakeServers;
  /** The writes of all controllers of this scene. */
  readonly writes: RecordedWrite[] = [];
  /** The number of calls and of lives of controllers. */
  readonly lived = { calls: 0, lives: 0 };
  /** The steps of controllers in this scene, in order. */
  readonly steps: Step[] = [];
  readonly #options: SceneOptions;
  #step: Step | undefined;
  #controller: Controller | undefined;
  #api: WorldApi | undefined;

  private constructor(options: SceneOptions) {
    const { state, seed = 1 } = options;
    this.#options = options;
    this.clock = new SimulatedClock(seed);
    this.fake.storage.date = this.clock.date;
    if (state) this.fake.storage.restore(state.storage);
    this.cluster = new Cluster(this.fake, this.clock, state?.patroni);
    this.servers = new FakeServers(this, state?.servers);
  }

  static async open(options: SceneOptions = {}): Promise<Scene> {
    await keys;
    const scene = new Scene(options);
    await scene.clock.advance(options.state?.now ?? 0);
    scene.cluster.start();
    return scene;
  }

  readonly #decide: typeof decide = (seen, now) => {
    const decision = decide(seen, now);
    this.#step = decision.step;
    return decision;
  };

  /** The controller logs each step before acting: the step is that of its last decision. */
  readonly #log: Log = {
    ...QUIET,
    info: (_, text) => {
      if (text === 'acting' && this.#step) this.steps.push(this.#step);
    },
  };

  /** The API of the present controller. */
  get api(): WorldApi {
    if (!this.#api) throw new Error('no controller was started');
    return this.#api;
  }

  /** Starts a controller without memory; a former leader loses its Lease. */
  start(weather?: Weather): void {
    if (this.fake.get('Lease', LEASE_KEY)) this.fake.remove('Lease', LEASE_KEY);
    const api = new WorldApi(this.fake.storage, this.clock);
    if (weather) api.weather = weather;
    const { onWrite, wrapServers = (servers: Servers): Servers => servers } = this.#options;
    if (onWrite) api.onWrite = onWrite;
    this.#api = api;
    this.#controller = new Controller({
      ...{ api, decide: this.#decide, log: this.#log, clock: this.clock, lease: LEASE, limits: LIMITS },
      ...{ settings: NO_SETTINGS, namespaces: [], appliesAll: false, applyAllowed: true },
      servers: wrapServers(this.servers, this.clock),
      makeKeys: () => keys,
      isVerifierOf: isVerifierAtOnce,
      // A process that lost the Lease ends, and the kubelet restarts it.
      onLost: () => {
        api.die();
        this.clock.after(RESTART_MS, () => {
          if (this.#api === api) this.restart(api.weather);
        });
      },
    });
    void this.#controller.start();
  }

  /** Kills the process, if it is alive, and starts another. */
  restart(weather?: Weather): void {
    this.end();
    this.start(weather);
  }

  /** Kills the process. */
  end(): void {
    if (!this.#api) return;
    this.#api.die();
    this.writes.push(...this.#api.writes);
    this.lived.calls += this.#api.requests.length;
    this.lived.lives += 1;
    void this.#controller?.stop();
    this.#api = undefined;
    this.#controller = undefined;
  }

  /** Lets time pass until a condition on the storage holds; throws with a description when it does not. */
  async until(holds: () => boolean, otherwise: () => string): Promise<void> {
    const { clock, fake } = this;
    const end = clock.now() + DEADLINE_MS;
    let version = -1;
    // The condition cannot change without a write.
    while (fake.storage.version === version || !holds()) {
      ({ version } = fake.storage);
      if (clock.now() > end) throw new Error(otherwise());
      await clock.step();
    }
  }

  /** Waits until the controller leads and has had the time to start its work. */
  async settle(): Promise<void> {
    await this.until(
      () => this.fake.get('Lease', LEASE_KEY) !== undefined,
      () => 'the controller was never elected',
    );
    await this.quiet(SETTLED_SECONDS);
  }

  /** Lets time pass until the controller has written nothing for this many seconds. */
  async quiet(seconds = 10): Promise<void> {
    const end = this.clock.now() + DEADLINE_MS;
    let count = -1;
    while (this.api.writes.length !== count) {
      if (this.clock.now() > end) throw new Error('it goes on writing');
      ({ length: count } = this.api.writes);
      await this.clock.advance(seconds * 1000);
    }
  }

  /** The complete state, as the start of another scene. */
  state(): SceneState {
    const { fake, cluster, servers, clock } = this;
    return {
      now: clock.now(),
      storage: fake.storage.snapshot(),
      patroni: cluster.patroni.state(),
      servers: servers.state(),
    };
  }

  close(): void {
    this.end();
    this.cluster.stop();
  }
}
