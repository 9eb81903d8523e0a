import { filledDatabase } from '../filled-database.ts';
import type { Database } from '../../database/object.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { kindOf } from './fake-api/kinds.ts';
import type { Argo } from './argo.ts';
import type { Plain } from './objects.ts';
import { annotate, part } from './objects.ts';
import type { Scene } from './scene.ts';

/** The mode of a Database. */
export type Mode = 'direct' | 'gitops';

/** The means of a scenario. */
export interface Stage {
  readonly scene: Scene;
  readonly argo: Argo;
  readonly mode: Mode;
}

/** The Database of all scenarios: its namespace, name, and both. */
export const NAMESPACE = 'shop';
export const NAME = 'orders';
export const KEY = `${NAMESPACE}/${NAME}`;

function databaseWith(mode: Mode, spec: Plain, annotations: Plain = {}): Database {
  const direct = mode === 'direct' ? { 'db.example.com/apply': 'true' } : {};
  const metadata = { name: NAME, namespace: NAMESPACE, annotations: { ...direct, ...annotations } };
  return filledDatabase(metadata, { version: '17', storage: { size: '1Gi' }, ...spec });
}

/** Writes a Database in its mode: with kubectl, or through Git. */
export function write({ scene, argo, mode }: Stage, spec: Plain, annotations: Plain = {}): void {
  const database = databaseWith(mode, spec, annotations);
  if (mode === 'gitops') {
    argo.sync(database);
    return;
  }
  const { fake } = scene;
  if (!fake.get('Database', KEY)) fake.put(database as unknown as Parameters<typeof fake.put>[0]);
  else fake.change('Database', KEY, (old) => ({ ...old, spec: database.spec }));
  annotate(fake, 'Database', KEY, { annotations });
}

/** Deletes it. */
export function remove({ scene }: Stage): void {
  scene.fake.storage.delete(kindOf(RESOURCES.Database), KEY, {});
}

/** The Database's status. */
export function statusOf({ fake }: Scene): Plain {
  return part(fake.get('Database', KEY), 'status');
}

/** A condition of the status; undefined when it has none of this type. */
export function conditionOf(scene: Scene, type: string): Plain | undefined {
  const { conditions = [] } = statusOf(scene) as { conditions?: Plain[] };
  return conditions.find((one) => one['type'] === type);
}

/** The status of a condition. */
export const condition = (scene: Scene, type: string): unknown => conditionOf(scene, type)?.['status'];

/** Whether the Database is in the requested state, with this many members. */
export function isRunning(scene: Scene, members: number): boolean {
  const { phase, ready, observedGeneration } = statusOf(scene);
  const generation = scene.fake.get('Database', KEY)?.metadata.generation;
  if (observedGeneration !== generation || ready !== `${members}/${members}` || phase !== 'Running') return false;
  return condition(scene, 'Ready') === 'True' && condition(scene, 'Reconciling') !== 'True';
}

/** The member that holds the leader lock. */
export const leaderOf = (scene: Scene): string | undefined =>
  scene.fake.get('ConfigMap', `${KEY}-leader`)?.metadata.annotations?.['leader'];
