import type { Clock } from '../../kubernetes/clock.ts';
import type { ElectionTimes } from '../../kubernetes/leader-election.ts';
import { Election } from '../../kubernetes/leader-election.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { kindOf } from '../../lab/world/fake-api/kinds.ts';
import { Storage } from '../../lab/world/fake-api/storage.ts';
import { SimulatedApi } from '../../lab/world/simulated-api.ts';
import { SimulatedClock } from '../../lab/world/simulated-clock.ts';
import { Lines } from './watched-kinds.ts';

const LEASE = { namespace: 'ballast-system', name: 'ballast-controller' };
const KIND = kindOf(RESOURCES.Lease);
const HOUR_MS = 3_600_000;

/** A clock whose owner can be made to stand still, as a process that is stopped: nothing is called, but time goes on. */
class ProcessClock implements Clock {
  readonly #world: SimulatedClock;
  readonly #skewMs: number;
  #missed: (() => void)[] | undefined;

  constructor(world: SimulatedClock, skewMs: number) {
    this.#world = world;
    this.#skewMs = skewMs;
  }

  readonly now = (): number => this.#world.now();
  readonly date = (): Date => new Date(this.#world.date().getTime() + this.#skewMs);
  readonly turn = (): Promise<void> => this.#world.turn();
  readonly random = (): number => this.#world.random();

  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    let isCancelled = false;
    const run = (): void => {
      if (!isCancelled) call();
    };
    const cancel = this.#world.after(milliseconds, () => {
      if (this.#missed) this.#missed.push(run);
      else run();
    });
    return () => {
      isCancelled = true;
      cancel();
    };
  };

  freeze(): void {
    this.#missed ??= [];
  }

  /** Resumes; the missed events run in any order. */
  thaw(): void {
    const missed = this.#missed ?? [];
    this.#missed = undefined;
    while (missed.length > 0) {
      // One by one, so that the consequences of the first run before the next.
      for (const call of missed.splice(Math.floor(this.#world.random() * missed.length), 1)) this.#world.after(0, call);
    }
  }
}

/** A process that stands for election. */
export interface Candidate {
  readonly identity: string;
  readonly clock: ProcessClock;
  readonly api: SimulatedApi;
  readonly election: Election;
  /** The calls that it received. */
  readonly told: string[];
  isGone: boolean;
}

/** Candidates for one Lease, in simulated time, each with a clock that shows another date. */
export class Candidates {
  readonly clock: SimulatedClock;
  readonly storage = new Storage();
  readonly log = new Lines();
  readonly all: Candidate[] = [];
  readonly #times: Partial<ElectionTimes>;
  /** How often two led at once. */
  broken = 0;

  constructor(seed = 1, times: Partial<ElectionTimes> = {}) {
    this.clock = new SimulatedClock(seed);
    this.#times = times;
    this.clock.onStep = () => {
      if (this.leaders.length > 1) this.broken += 1;
    };
  }

  get leaders(): readonly Candidate[] {
    return this.all.filter(({ election }) => election.leads());
  }

  get living(): readonly Candidate[] {
    return this.all.filter(({ isGone }) => !isGone);
  }

  get lease(): KubernetesObject | undefined {
    return this.storage.find(KIND, 'ballast-system/ballast-controller');
  }

  add(): Candidate {
    const identity = `candidate-${this.all.length + 1}`;
    const clock = new ProcessClock(this.clock, (this.all.length - 1) * HOUR_MS);
    const api = new SimulatedApi(this.storage, this.clock, clock);
    api.weather.latencyMs = () => 5 + this.clock.random() * 20;
    const told: string[] = [];
    const election = new Election({
      ...{ api, clock, log: this.log, lease: LEASE, identity, times: this.#times },
      onElected: () => told.push('elected'),
      onLost: () => {
        told.push('lost');
        candidate.isGone = true;
      },
    });
    const candidate: Candidate = { identity, clock, api, election, told, isGone: false };
    this.all.push(candidate);
    election.start();
    return candidate;
  }

  /** Dies without a word. */
  crash(candidate: Candidate): void {
    candidate.clock.freeze();
    candidate.isGone = true;
  }

  /** Ends as it should. */
  async stop(candidate: Candidate): Promise<void> {
    candidate.isGone = true;
    await candidate.election.stop();
  }

  /** Edits the Lease as a user would. */
  touch(by: (old: KubernetesObject) => KubernetesObject): void {
    if (this.lease)
      this.storage.update(KIND, 'ballast-system/ballast-controller', by, { part: 'main', manager: 'hand' });
  }

  deleteLease(): void {
    if (this.lease) this.storage.delete(KIND, 'ballast-system/ballast-controller', {});
  }
}
