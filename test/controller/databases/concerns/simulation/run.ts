import fc from 'fast-check';
import { expect } from 'chai';
import type { Decision, Step } from '../../../../../controller/databases/decision.ts';
import type { Controller } from './controller.ts';
import { freshController, pass } from './controller.ts';
import { argo, collect, endServer, kubelet, setController, storage } from './kubernetes.ts';
import type { Views } from './observe.ts';
import { patroni, renew } from './patroni.ts';
import type { SimPod, World } from './world.ts';
import { bump } from './world.ts';

/** Something that happens next: who acts, on which pod, and how old each part is that the controller then sees. */
export interface Happening {
  readonly who: 'controller' | 'argo' | 'set' | 'kubelet' | 'patroni' | 'storage' | 'kill' | 'evict' | 'crash' | 'time';
  readonly which: number;
  readonly ages: readonly number[];
}

const MOST_AGE = 6;

/** Everybody in any order, mostly those that carry on. */
export const happening: fc.Arbitrary<Happening> = fc.record({
  who: fc.oneof<fc.WeightedArbitrary<Happening['who']>[]>(
    { weight: 8, arbitrary: fc.constantFrom('controller', 'patroni', 'kubelet', 'set', 'argo', 'storage', 'time') },
    { weight: 1, arbitrary: fc.constantFrom('kill', 'evict', 'crash') },
  ),
  which: fc.nat(8),
  ages: fc.oneof(fc.constant([]), fc.array(fc.nat(MOST_AGE), { minLength: 6, maxLength: 6 })),
});

const ON_POD: Readonly<Partial<Record<Happening['who'], (world: World, pod: SimPod) => void>>> = {
  kubelet,
  patroni,
  kill: (world, pod) => {
    if (pod.server === 'running') endServer(world, pod, 'killed');
  },
  evict: (world, pod) => {
    Object.assign(pod, { deleting: true, version: bump(world) });
  },
};

const ON_WORLD: Readonly<Partial<Record<Happening['who'], (world: World) => void>>> = {
  argo,
  storage,
  set: setController,
  time: (world) => {
    world.now += 9000;
  },
};

const text = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one), indent);

/** A world with those who act in it, and how it was a little while ago. */
export class Simulation {
  readonly world: World;
  /** What the controller has chosen to do so far. */
  readonly steps: Step[] = [];
  controller: Controller = freshController();
  #past: World[] = [];
  #key = '';

  constructor(world: World) {
    this.world = world;
    this.#remember();
  }

  /** Keeps how the world is now, unless it is as it was. */
  #remember(): void {
    const { version, template, pods, objects, claims, workload, leader, config, failover, gone } = this.world;
    const counts = [pods, objects, claims].map(({ length }) => length);
    const versions = [workload, leader, config, failover].map((one) => one?.version);
    const key = [version, template, gone, ...counts, ...versions].join();
    if (key === this.#key) return;
    this.#key = key;
    this.#past = [structuredClone(this.world), ...this.#past].slice(0, MOST_AGE + 1);
  }

  #views(ages: readonly number[]): Views {
    const at = (index: number): World => this.#past[Math.min(ages[index] ?? 0, this.#past.length - 1)]!;
    return { own: at(0), pods: at(1), workload: at(2), claims: at(3), patroni: at(4), objects: at(5) };
  }

  /** One thing happens; 0.7 s pass. */
  happen({ who, which, ages }: Happening): Decision | undefined {
    const { world } = this;
    world.now += 700;
    if (world.gone) return undefined;
    const pod = world.pods[which % Math.max(1, world.pods.length)];
    if (pod) ON_POD[who]?.(world, pod);
    ON_WORLD[who]?.(world);
    const decision = this.#controls(who, ages);
    renew(world);
    collect(world);
    this.#remember();
    return decision;
  }

  #controls(who: Happening['who'], ages: readonly number[]): Decision | undefined {
    if (who !== 'controller' && who !== 'crash') return undefined;
    const dies = who === 'crash' ? 'before the step' : undefined;
    const decision = pass(this.world, this.#views(ages), this.controller, dies);
    if (dies) this.controller = freshController();
    else if (decision.step) this.steps.push(decision.step);
    return decision;
  }

  /** Everybody acts in turn, and the controller sees everything as it is, until nothing changes any more. */
  settle(): void {
    for (let round = 0, quiet = 0; quiet < 6; round += 1) {
      if (round > 400) throw new Error(`never settles: ${this.describe()}`);
      const before = text(this.#substance());
      const turn = (who: Happening['who'], which = 0): Decision | undefined => this.happen({ who, which, ages: [] });
      turn('argo');
      turn('set');
      for (let which = 0; which < 9; which += 1) {
        turn('kubelet', which);
        turn('patroni', which);
      }
      turn('storage');
      const decision = turn('controller');
      const after = text(this.#substance());
      quiet = before === after && !decision?.step ? quiet + 1 : 0;
    }
    expect(this.world.damage).to.deep.equal([]);
  }

  /** All but clocks and versions, which never stand still. */
  #substance(): unknown {
    const { own, pods, claims, leader, config, failover, sync, workload, objects, gone } = this.world;
    const version = 0;
    return {
      ...{ gone, sync, own: { ...own, version }, workload: workload && { ...workload, version } },
      pods: pods.map((pod) => ({ ...pod, version })),
      claims: claims.map((claim) => ({ ...claim, version })),
      leader: leader && { ...leader, version, renewedAt: 0 },
      config: config && { ...config, version },
      failover: failover && { ...failover, version },
      objects: objects.map((object) => ({ ...object, version })),
    };
  }

  /** What a person would look at. */
  describe(): string {
    const decision = pass(structuredClone(this.world), this.#views([]), this.controller);
    return `${JSON.stringify(decision, null, 1)}\n${text(this.#substance(), 1)}`;
  }
}
