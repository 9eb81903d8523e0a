import fc from 'fast-check';
import { expect } from 'chai';
import type { SceneState } from '../../../lab/world/scene.ts';
import { Scene } from '../../../lab/world/scene.ts';
import { Argo } from '../../../lab/world/argo.ts';
import type { Plain } from '../../../lab/world/objects.ts';
import type { Mode, Stage } from '../../../lab/world/stage.ts';
import { write } from '../../../lab/world/stage.ts';
import { FAIR } from '../../../lab/world/world-api.ts';
import { prepared } from '../scenarios/rehearsal.ts';
import { harmsOf } from './harm.ts';
import type { Happening } from './happenings.ts';
import { happen, happening, lateEvents } from './happenings.ts';
import { expectDone } from './outcome.ts';

/** How many worlds a property is tried in. */
const RUNS = Number(process.env['RUNS'] ?? 5);
const TIMEOUT_MS = 120_000;
/** Every stall has ended by then, and every watch has delivered its held-back events. */
const CALM_MS = 70_000;

/** A change, with the outcome that must come whatever happens meanwhile. */
export interface Change {
  readonly name: string;
  /** Spec before the change, beside three members unless it says another number. */
  readonly before?: Plain;
  /** Makes the world another before a controller starts. */
  readonly arrange?: (scene: Scene) => void;
  /** Changes to the Database that have settled before the actual change. */
  readonly begin?: (stage: Stage) => void;
  /** Fields of the spec that become others, and annotations that are set. */
  readonly spec?: Plain;
  readonly annotations?: Plain;
  /** Replaces the write of the Database. */
  readonly change?: (stage: Stage) => void;
  /** In GitOps mode a member that dies while a sync takes members away may be the one that was in step with the primary. */
  readonly shrinks?: true;
  readonly expects?: (stage: Stage) => void | Promise<void>;
}

/** In which Database a change is made, and what happens before and after it. */
export interface Circumstances {
  readonly mode: Mode;
  readonly synchronous: 'off' | 'preferred' | 'required';
  readonly seed: number;
  /** How many of a hundred events come late. */
  readonly late: number;
  readonly early: readonly Happening[];
  readonly meanwhile: readonly Happening[];
}

/** All that may be the case. */
const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  mode: fc.constantFrom<Mode[]>('direct', 'gitops'),
  synchronous: fc.constantFrom('off', 'preferred', 'required'),
  seed: fc.nat(1_000_000),
  late: fc.constantFrom(0, 40),
  early: fc.array(happening, { maxLength: 10 }),
  meanwhile: fc.array(happening, { maxLength: 20 }),
});

/** A change that says how it is made. */
type Course = Omit<Change, 'name' | 'spec' | 'annotations'> & Required<Pick<Change, 'change'>>;

/** A world in which a controller runs, and the harm that it has done. */
export async function openStage(
  mode: Mode,
  state: SceneState,
  seed = 1,
): Promise<Stage & { readonly harms: string[] }> {
  const harms: string[] = [];
  const scene: Scene = await Scene.open({
    ...{ state, seed },
    onWrite: (done) => harms.push(...harmsOf({ write: done, scene, mode })),
  });
  return { scene, mode, argo: new Argo(scene.fake, scene.cluster.stalls), harms };
}

/** Lets all consequences settle, until there are no more writes. */
export async function calm({ scene }: Stage): Promise<void> {
  scene.api.weather = FAIR;
  await scene.clock.advance(CALM_MS);
  await scene.quiet(20);
}

const expectAllDone: NonNullable<Change['expects']> = ({ scene }) => {
  expectDone(scene);
};

function isGentle({ what }: Happening): boolean {
  return what !== 'kill' && what !== 'evict';
}

/** Opens a world, makes a change with random faults before and after it, and asserts the outcome. */
async function play(course: Course, { mode, seed, late, early, meanwhile }: Circumstances): Promise<void> {
  const { before, arrange, begin, change, shrinks = false, expects = expectAllDone } = course;
  const stage = await openStage(mode, await prepared(before ? { before } : {}, mode), seed);
  const { scene, harms } = stage;
  try {
    arrange?.(scene);
    scene.start();
    await scene.settle();
    // Argo CD prunes the objects that were in Git before.
    if (before) write(stage, before);
    if (begin) {
      begin(stage);
      await calm(stage);
    }
    scene.api.weather = lateEvents(scene, late);
    for (const one of early) await happen(scene, one);
    change(stage);
    for (const one of shrinks && mode === 'gitops' ? meanwhile.filter(isGentle) : meanwhile) await happen(scene, one);
    await calm(stage);
    await expects(stage);
    expect(harms.join('\n')).to.equal('');
  } finally {
    stage.argo.stop();
    scene.close();
  }
}

/** The spec of a Database, by default with three members; a single member has no standby to be synchronous with. */
function specWith(synchronous: Circumstances['synchronous'], ...specs: readonly Plain[]): Plain {
  const isSingle = specs.some(({ replicas }) => replicas === 1);
  const possible = isSingle && synchronous === 'required' ? 'preferred' : synchronous;
  return {
    replicas: 3,
    highAvailability: { synchronous: possible, maximumLagBytes: 1_048_576 },
    storage: { size: '1Gi', storageClassName: 'standard' },
  };
}

/** Makes a change with random faults before and after it, in both modes, and asserts the outcome. */
export function itConverges({ name, before = {}, spec = {}, annotations, ...rest }: Change): void {
  const converges = (how: Circumstances): Promise<void> => {
    const former = { ...specWith(how.synchronous, before, spec), ...before };
    const change = (stage: Stage): void => {
      write(stage, { ...former, ...spec }, annotations);
    };
    return play({ before: former, change, ...rest }, how);
  };
  it(name, () => fc.assert(fc.asyncProperty(circumstances, converges), { numRuns: RUNS })).timeout(TIMEOUT_MS);
}

/** Makes a Database of one to five members where there is none yet, with anything happening after it. */
export function itComesUp({ name, spec, annotations, ...rest }: Omit<Change, 'before'>): void {
  const comesUp = (how: Circumstances, replicas: number): Promise<void> => {
    const change = (stage: Stage): void => {
      write(stage, { replicas, ...spec }, annotations);
    };
    return play({ change, ...rest }, { ...how, early: [] });
  };
  const members = fc.integer({ min: 1, max: 5 });
  it(name, () => fc.assert(fc.asyncProperty(circumstances, members, comesUp), { numRuns: RUNS })).timeout(TIMEOUT_MS);
}
