import fc from 'fast-check';
import { expect } from 'chai';
import type { Database } from '../../../../../database/object.ts';
import { wantedBytes } from './kubernetes.ts';
import type { Happening } from './run.ts';
import { Simulation, happening } from './run.ts';
import type { World } from './world.ts';
import { SETTINGS, bump, emptyWorld, wanted } from './world.ts';

/** How many worlds a property is tried in. */
const RUNS = Number(process.env['RUNS'] ?? 25);
const TIMEOUT_MS = 120_000;

/** Changes what the user asked for. */
export function ask(world: World, spec: Partial<Database['spec']>, annotations: Record<string, string> = {}): void {
  const { own } = world;
  Object.assign(own, {
    spec: { ...own.spec, ...spec },
    annotations: { ...own.annotations, ...annotations },
    generation: own.generation + 1,
    version: bump(world),
  });
}

/** Whether a condition holds, as the status says. */
export function condition({ own }: World, type: string): string | undefined {
  const found = own.status?.conditions?.find((one) => one.type === type);
  return found && (found.status === 'True' ? found.reason : found.status);
}

/** Asserts that every claim of a member is this Database's, and as large as asked for. */
function expectVolumes(world: World): void {
  for (const claim of world.claims.filter(({ ordinal }) => ordinal < wanted(world))) {
    expect(claim.owner).to.equal('uid-of-orders');
    expect(claim.systemIdentifier).to.equal(world.config?.systemIdentifier);
    expect(claim.capacity >= wantedBytes(world), 'size').to.equal(true);
  }
}

/** Asserts that the Database is all that was asked for. */
export function expectDone({ world }: Simulation): void {
  const { own, pods, leader, workload, template } = world;
  const count = wanted(world);
  expect(own.status).to.include({ phase: 'Running', ready: `${count}/${count}`, primary: leader?.member });
  expect(condition(world, 'Ready')).to.equal('Serving');
  expect([condition(world, 'Reconciling'), condition(world, 'Stalled')]).to.deep.equal(['False', 'False']);
  expect(pods.map(({ name }) => name)).to.deep.equal(Array.from({ length: count }, (_, n) => `orders-${n}`));
  expect(workload).to.include({ replicas: count, template });
  expect(pods.map((pod) => pod.template)).to.deep.equal(pods.map(() => template));
  const { max_connections = 100, max_files_per_process = 1000 } = own.spec.parameters ?? {};
  for (const { runs, taken } of pods) {
    expect(SETTINGS.map((name) => runs[name])).to.deep.equal([Number(max_connections), Number(max_files_per_process)]);
    expect(runs).to.deep.equal(taken);
  }
  expect(leader?.slots.length, 'slots').to.equal(count - 1);
  expect(world.config?.config).to.not.have.any.keys('synchronous_node_count', 'member_slots_ttl');
  expectVolumes(world);
}

/** A Database that was made and has come to rest. */
export function settled(options: Parameters<typeof emptyWorld>[0], before?: (world: World) => void): Simulation {
  const world = emptyWorld(options);
  before?.(world);
  const simulation = new Simulation(world);
  simulation.settle();
  return simulation;
}

/** A change, and what is to come of it whatever happens meanwhile. */
export interface Scenario {
  readonly name: string;
  readonly spec?: Partial<Database['spec']>;
  readonly expandable?: boolean;
  readonly before?: (world: World) => void;
  readonly change: (world: World) => void;
  /** In GitOps mode a member that dies while a sync takes members away may be the one that was in step with the primary. */
  readonly shrinks?: true;
  readonly expects?: (simulation: Simulation) => void;
}

interface How {
  readonly direct: boolean;
  readonly synchronous: 'off' | 'preferred' | 'required';
}

const mode: fc.Arbitrary<How> = fc.record({
  direct: fc.boolean(),
  synchronous: fc.constantFrom('off', 'preferred', 'required'),
});

/** Tries a scenario with anything happening before and after the change, in both modes. */
export function itConverges({
  name,
  spec = {},
  expandable = true,
  before,
  change,
  shrinks,
  expects = expectDone,
}: Scenario): void {
  const many = fc.array(happening, { maxLength: 80 });
  it(name, () => {
    const converges = (how: How, early: readonly Happening[], late: readonly Happening[]): void => {
      const { direct, synchronous } = how;
      const highAvailability = { synchronous, maximumLagBytes: 1_048_576 };
      const simulation = settled({ direct, expandable, spec: { highAvailability, ...spec } }, before);
      for (const one of early) simulation.happen(one);
      change(simulation.world);
      const calm = late.filter(({ who }) => who !== 'kill' && who !== 'evict');
      for (const one of shrinks && !direct ? calm : late) simulation.happen(one);
      simulation.settle();
      expects(simulation);
    };
    fc.assert(fc.property(mode, many, many, converges), { numRuns: RUNS });
  }).timeout(TIMEOUT_MS);
}

/** Tries that a Database comes up in a world that is not empty. */
export function itComesUp(name: string, before: (world: World) => void, expects = expectDone): void {
  it(name, () => {
    const comesUp = (direct: boolean, replicas: number, happenings: readonly Happening[]): void => {
      const world = emptyWorld({ direct, spec: { replicas } });
      before(world);
      const simulation = new Simulation(world);
      for (const one of happenings) simulation.happen(one);
      simulation.settle();
      expects(simulation);
    };
    const many = fc.array(happening, { maxLength: 120 });
    fc.assert(fc.property(fc.boolean(), fc.integer({ min: 1, max: 5 }), many, comesUp), { numRuns: RUNS });
  }).timeout(TIMEOUT_MS);
}
