import { CONFIRM_DELETE } from '../../../database/vocabulary.ts';
import { annotate } from '../../../lab/world/objects.ts';
import type { Scene } from '../../../lab/world/scene.ts';
import type { Mode, Stage } from '../../../lab/world/stage.ts';
import { KEY, NAME, NAMESPACE, conditionOf, remove } from '../../../lab/world/stage.ts';
import { BACKUP } from './backups.ts';
import type { Scenario } from './scenario.ts';

const verify = { schedule: '@weekly', gate: { before: ['Deletion'], maxAge: '7d' } };
const BEFORE = { replicas: 1, deletionPolicy: 'Delete', backup: { ...BACKUP, verify } };
/** How long after the deletion its backups are verified. */
const LATER_MS = 30_000;
const BOTH: readonly Mode[] = ['direct', 'gitops'];

/** Deletes the Database with its data, as was confirmed. */
function removeAll(stage: Stage): void {
  annotate(stage.scene.fake, 'Database', KEY, { annotations: { [CONFIRM_DELETE]: NAME } });
  remove(stage);
}

const isHeld = (scene: Scene): boolean => conditionOf(scene, 'Stalled')?.['reason'] === 'DeletionNotProven';
const isAllGone = ({ fake }: Scene): boolean =>
  ['Database', 'PersistentVolumeClaim', 'Secret'].every((kind) => fake.all(kind).length === 0);

const ALL: readonly Scenario[] = [
  {
    name: 'it is deleted with its data, and its backups have been verified',
    modes: BOTH,
    before: BEFORE,
    change: (stage: Stage): void => {
      stage.scene.cluster.backups.verify(NAMESPACE, NAME);
      removeAll(stage);
    },
    isOver: isAllGone,
    mayDestroy: () => true,
  },
  {
    name: 'it is deleted with its data, and its backups have not been verified',
    modes: BOTH,
    before: BEFORE,
    change: removeAll,
    isOver: isHeld,
  },
  {
    name: 'it is deleted with its data, and its backups are verified later',
    modes: BOTH,
    before: BEFORE,
    change: (stage: Stage): void => {
      const { scene } = stage;
      const at = scene.clock.date().getTime() + LATER_MS;
      // Patroni writes all the time, so that there is always a next time to ask.
      const end = scene.fake.storage.listen(() => {
        if (scene.clock.date().getTime() < at) return;
        end();
        setImmediate(() => {
          scene.cluster.backups.verify(NAMESPACE, NAME);
        });
      });
      removeAll(stage);
    },
    isOver: isAllGone,
    mayDestroy: () => true,
  },
];

/** Scenarios about deletions that a gate holds. */
export const GATES: readonly Scenario[] = ALL;
