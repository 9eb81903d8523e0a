import { expect } from 'chai';
import type { RecordedWrite } from '../../../lab/world/fake-api/record.ts';
import { Argo } from '../../../lab/world/argo.ts';
import { part } from '../../../lab/world/objects.ts';
import type { Scenario } from './scenario.ts';
import type { SceneOptions, SceneState } from '../../../lab/world/scene.ts';
import { Scene } from '../../../lab/world/scene.ts';
import { requestedRights } from '../../../lab/world/requested-rights.ts';
import type { Mode, Stage } from '../../../lab/world/stage.ts';
import { NAMESPACE, isRunning, leaderOf, write } from '../../../lab/world/stage.ts';
import { difference, summaryOf, withFirstLeading } from './summary.ts';

/** How a scenario ended once, when nothing went wrong: how it has to end always. */
export interface Rehearsed {
  readonly scenario: Scenario;
  readonly mode: Mode;
  readonly state: SceneState;
  readonly end: readonly string[];
  /** The number of writes of the controller so far, and its calls. */
  readonly writes: number;
  /** Its writes, each once, in order. */
  readonly written: readonly WriteTarget[];
  readonly calls: readonly ('read' | 'write')[];
  /** What its rights had to be from its start on, as `verb resource.group`. */
  readonly rights: ReadonlySet<string>;
}

/** The subject of a write: objects by name, pods and claims by kind alone, since any of them may be affected. */
export interface WriteTarget {
  readonly verb: RecordedWrite['verb'];
  readonly kind: string;
  readonly key: string;
  readonly subresource?: string | undefined;
}

/** The targets of writes, each once. */
export function targetsOf(writes: readonly RecordedWrite[]): WriteTarget[] {
  const targets = writes
    .filter(({ kind }) => kind !== 'Event')
    .map(({ verb, kind, key, subresource }) => ({ verb, kind, key, subresource }));
  return [...new Map(targets.map((target) => [JSON.stringify(target), target])).values()];
}

/** The calls of a process at its start and for its work, and their maximum while time passes. */
const CALLS_OF_A_LIFE = 200;
const CALLS_PER_SECOND = 3;

const states = new Map<string, Promise<SceneState>>();

function stageOf(scene: Scene, mode: Mode): Stage {
  return { scene, mode, argo: new Argo(scene.fake) };
}

/** What there is before anything happens. */
type Beginning = Pick<Scenario, 'before'>;

/** The state before a scenario, in which all is well. */
async function prepare({ before }: Beginning, mode: Mode): Promise<SceneState> {
  const scene = await Scene.open();
  const stage = stageOf(scene, mode);
  scene.fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  scene.fake.put({
    ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'standard' } },
    allowVolumeExpansion: true,
  });
  scene.start();
  await scene.settle();
  if (before) {
    write(stage, before);
    const { replicas = 1 } = before as { replicas?: number };
    await scene.until(
      () => isRunning(scene, replicas),
      () => `it never ran: ${summaryOf(scene.fake).join('\n')}`,
    );
    await scene.quiet();
  }
  stage.argo.stop();
  const state = scene.state();
  scene.close();
  return state;
}

/** The same for all scenarios that begin alike. */
export function prepared(scenario: Beginning, mode: Mode): Promise<SceneState> {
  const key = JSON.stringify([mode, scenario.before]);
  const known = states.get(key) ?? prepare(scenario, mode);
  states.set(key, known);
  return known;
}

/** Takes something away, or makes it less. */
export function destroys({ kind, verb, before, after }: RecordedWrite): boolean {
  if (kind === 'Event' || kind === 'Lease') return false;
  if (verb === 'delete' || verb === 'evict') return true;
  const [was, is] = [before, after].map((object) => part(object, 'spec') as { replicas?: number });
  if (kind === 'StatefulSet' && Number(is?.replicas) < Number(was?.replicas)) return true;
  const [held, holds] = [before, after].map((object) => object?.metadata.annotations?.['leader']);
  return kind === 'ConfigMap' && held !== undefined && holds === undefined;
}

/** The objects that were destroyed wrongly. */
function wronglyDestroyed({ mayDestroy = () => false }: Scenario, writes: readonly RecordedWrite[]): string[] {
  return writes
    .filter((one) => destroys(one) && !mayDestroy(one))
    .map(({ verb, kind, key }) => `${verb} ${kind} ${key}`);
}

/** Passwords and keys that were written over, where none should have been. */
function wronglyRewritten({ rotates = false }: Scenario, writes: readonly RecordedWrite[]): string[] {
  return writes
    .filter(({ kind, before, after }) => kind === 'Secret' && before && after && !rotates)
    .map(({ key }) => key);
}

/** How things are, as far as a scenario prescribes it. */
function outcomeOf(scene: Scene, { anyMayLead = false }: Scenario): readonly string[] {
  const [lines, leader] = [summaryOf(scene.fake), leaderOf(scene)];
  return anyMayLead && leader !== undefined ? withFirstLeading(lines, leader) : lines;
}

/** A controller that remembers nothing finds all as it should be, and writes nothing. */
async function demandRest(scene: Scene, { scenario, end }: Rehearsed): Promise<void> {
  await scene.quiet();
  scene.restart();
  await scene.settle();
  expect(scene.api.writes.map(({ verb, kind, key, after }) => ({ verb, kind, key, after }))).eql([]);
  expect(difference(end, outcomeOf(scene, scenario))).equal('');
}

/** The API server is not called repeatedly without pause: neither while all is well, nor while something fails. */
function demandPatience({ lived: { calls, lives } }: Scene, seconds: number): void {
  expect(calls, 'calls').lessThan(lives * CALLS_OF_A_LIFE + seconds * CALLS_PER_SECOND);
}

/** What goes wrong: makes the change, and leaves a controller that runs. */
export type Trouble = (
  stage: { readonly scene: Scene; readonly change: () => void },
  isOver: () => boolean,
) => Promise<void>;

/**
 * Plays a scenario with whatever goes wrong, and demands that it ends as it does undisturbed, for good, and destroys nothing
 * else. Gives how long it took, in simulated milliseconds.
 */
export async function play(
  rehearsed: Rehearsed,
  trouble: Trouble,
  options: Omit<SceneOptions, 'state'> = {},
): Promise<number> {
  const { scenario, mode, state, end } = rehearsed;
  const scene = await Scene.open({ ...options, state });
  const stage = stageOf(scene, mode);
  try {
    scene.start();
    await scene.settle();
    const begun = scene.clock.now();
    const change = (): void => {
      scenario.change(stage);
    };
    await trouble({ scene, change }, () => scenario.isOver(scene));
    const differs = (): string => difference(end, outcomeOf(scene, scenario));
    const isSame = (): boolean => scenario.isOver(scene) && differs() === '';
    await scene.until(isSame, () => `it ended otherwise:\n${differs()}`);
    const took = scene.clock.now() - begun;
    await demandRest(scene, rehearsed);
    return took;
  } finally {
    stage.argo.stop();
    scene.close();
    demandPatience(scene, (scene.clock.now() - state.now) / 1000);
    expect(wronglyDestroyed(scenario, scene.writes)).eql([]);
    expect(wronglyRewritten(scenario, scene.writes)).eql([]);
  }
}

/** Plays a scenario once without trouble. */
export async function rehearse(scenario: Scenario, mode: Mode): Promise<Rehearsed> {
  const state = await prepared(scenario, mode);
  const scene = await Scene.open({ state });
  const stage = stageOf(scene, mode);
  try {
    scene.start();
    await scene.settle();
    const { length: writes } = scene.api.writes;
    const { length: calls } = scene.api.requests;
    scenario.change(stage);
    await scene.until(
      () => scenario.isOver(scene),
      () => `it was never over:\n${summaryOf(scene.fake).join('\n')}`,
    );
    await scene.quiet();
    return {
      ...{ scenario, mode, state, end: outcomeOf(scene, scenario) },
      writes: scene.api.writes.length - writes,
      written: targetsOf(scene.api.writes.slice(writes)),
      calls: scene.api.requests.slice(calls).map(({ method }) => (method === 'GET' ? 'read' : 'write')),
      rights: requestedRights(scene.api),
    };
  } finally {
    stage.argo.stop();
    scene.close();
    expect(wronglyDestroyed(scenario, scene.writes)).eql([]);
  }
}
