import { RESTORE_REQUEST } from '../../../database/vocabulary.ts';
import { backupNames } from '../../../generator/backup-names.ts';
import { names } from '../../../generator/names.ts';
import type { RecordedWrite } from '../../../lab/world/fake-api/record.ts';
import type { Plain } from '../../../lab/world/objects.ts';
import { part } from '../../../lab/world/objects.ts';
import type { Scene } from '../../../lab/world/scene.ts';
import type { Stage } from '../../../lab/world/stage.ts';
import { KEY, NAME, NAMESPACE, isRunning, remove } from '../../../lab/world/stage.ts';
import { BACKUP } from './backups.ts';
import type { Scenario } from './scenario.ts';

const BACK = 'back-to-monday';

function ask(scene: Scene, spec: Plain = {}, name = BACK): void {
  const backup = String(scene.cluster.backups.listed(NAMESPACE, NAME)[0]?.label);
  scene.fake.put({
    ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'DatabaseRestore' },
    metadata: { name, namespace: NAMESPACE },
    spec: { databaseRef: { name: NAME }, confirmOverwrite: NAME, backup, ...spec },
  });
}

const phaseOf = ({ fake }: Scene, name = BACK): unknown =>
  part(fake.get('DatabaseRestore', `${NAMESPACE}/${name}`), 'status')['phase'];

/** Whether nobody is held any more, and all members serve. */
const isLetGo = (scene: Scene, members: number): boolean =>
  scene.fake.get('ConfigMap', `${NAMESPACE}/${names.restore(NAME)}`) === undefined && isRunning(scene, members);

const hasBackup = ({ fake }: Scene, name: string): boolean =>
  part(fake.get('DatabaseBackup', `${NAMESPACE}/${name}`), 'status')['phase'] === 'Succeeded';

/** Does something as soon as this holds. */
function when(scene: Scene, isTime: () => boolean, act: () => void): void {
  const stop = scene.fake.storage.listen(() => {
    if (!isTime()) return;
    stop();
    setImmediate(act);
  });
}

/** Whether the request for the restore is in this state. */
function isAt({ fake }: Scene, state: 'hold' | 'restore'): boolean {
  const request = fake.get('ConfigMap', `${NAMESPACE}/${names.restore(NAME)}`)?.metadata.annotations?.[RESTORE_REQUEST];
  return request !== undefined && (JSON.parse(request) as { state: string }).state === state;
}

const isBackedUp = ({ fake }: Scene): boolean =>
  fake.get('DatabaseBackup', `${NAMESPACE}/${backupNames.beforeRestore(BACK)}`) !== undefined;

const PATRONI: ReadonlySet<string> = new Set(['leader', 'sync', 'failover', 'restore'].map((end) => `${KEY}-${end}`));

/** Members stop, and Patroni's state goes: that of the former data. */
const stopsMembers = ({ kind, key }: RecordedWrite): boolean =>
  kind === 'Pod' || (kind === 'ConfigMap' && PATRONI.has(key));

/** Scenarios about restores in place. */
export const RESTORES: readonly Scenario[] = [
  {
    name: 'a Database of three members is restored in place',
    modes: ['direct', 'gitops'],
    before: { replicas: 3, backup: BACKUP },
    change: ({ scene }: Stage): void => {
      ask(scene);
    },
    isOver: (scene) =>
      phaseOf(scene) === 'Succeeded' &&
      isLetGo(scene, 3) &&
      hasBackup(scene, backupNames.beforeRestore(BACK)) &&
      hasBackup(scene, backupNames.afterRestore(BACK)),
    mayDestroy: stopsMembers,
    anyMayLead: true,
  },
  {
    name: 'a restore in place fails, and the data from before serve again',
    modes: ['gitops'],
    before: { replicas: 2, backup: BACKUP },
    change: ({ scene }: Stage): void => {
      scene.cluster.patroni.restores.outcome = 'failed';
      ask(scene);
    },
    isOver: (scene) => phaseOf(scene) === 'Failed' && isLetGo(scene, 2),
    mayDestroy: stopsMembers,
    anyMayLead: true,
  },
  {
    name: 'a restore in place is asked for without a backup of that name',
    modes: ['gitops'],
    before: { replicas: 1, backup: BACKUP },
    change: ({ scene }: Stage): void => {
      ask(scene, { backup: 'never-made' });
    },
    isOver: (scene) => phaseOf(scene) === 'Pending' && isRunning(scene, 1),
  },
  {
    name: 'the backup before a restore in place fails',
    modes: ['gitops'],
    before: { replicas: 1, backup: BACKUP },
    change: ({ scene }: Stage): void => {
      scene.cluster.backups.runOf = () => 'fails';
      ask(scene);
    },
    isOver: (scene) => phaseOf(scene) === 'Failed' && isRunning(scene, 1),
  },
  {
    name: 'a second restore in place is asked for while the first one begins',
    modes: ['gitops'],
    before: { replicas: 1, backup: BACKUP },
    change: ({ scene }: Stage): void => {
      ask(scene);
      when(
        scene,
        () => isBackedUp(scene),
        () => {
          ask(scene, {}, 'back-once-more');
        },
      );
    },
    isOver: (scene) =>
      [BACK, 'back-once-more'].every(
        (name) => phaseOf(scene, name) === 'Succeeded' && hasBackup(scene, backupNames.afterRestore(name)),
      ) && isLetGo(scene, 1),
    mayDestroy: stopsMembers,
  },
  {
    name: 'the DatabaseRestore is deleted while the members stop',
    modes: ['gitops'],
    before: { replicas: 2, backup: BACKUP },
    change: ({ scene }: Stage): void => {
      ask(scene);
      when(
        scene,
        () => isAt(scene, 'hold'),
        () => {
          scene.fake.remove('DatabaseRestore', `${NAMESPACE}/${BACK}`);
        },
      );
    },
    isOver: (scene) => isBackedUp(scene) && phaseOf(scene) === undefined && isLetGo(scene, 2),
    calledOff: /^delete Pod /,
    mayDestroy: stopsMembers,
    anyMayLead: true,
  },
  {
    name: 'the DatabaseRestore is deleted while a member restores',
    modes: ['gitops'],
    before: { replicas: 2, backup: BACKUP },
    change: ({ scene }: Stage): void => {
      ask(scene);
      when(
        scene,
        () => isAt(scene, 'restore'),
        () => {
          scene.fake.remove('DatabaseRestore', `${NAMESPACE}/${BACK}`);
        },
      );
    },
    isOver: (scene) => isBackedUp(scene) && phaseOf(scene) === undefined && isLetGo(scene, 2),
    mayDestroy: stopsMembers,
    anyMayLead: true,
  },
  {
    name: 'members may not read that they are to wait for a restore',
    modes: ['gitops'],
    before: { replicas: 2, backup: BACKUP },
    change: ({ scene }: Stage): void => {
      scene.cluster.patroni.restores.mayAsk = false;
      ask(scene);
    },
    isOver: (scene) => phaseOf(scene) === 'Failed' && isLetGo(scene, 2),
    mayDestroy: stopsMembers,
    anyMayLead: true,
  },
  {
    name: 'the Database is deleted while it is restored in place',
    modes: ['direct'],
    before: { replicas: 2, backup: BACKUP },
    change: (stage: Stage): void => {
      const { scene } = stage;
      scene.cluster.patroni.restores.outcome = 'hangs';
      const removed = (): void => {
        if (scene.fake.get('Database', KEY)) remove(stage);
      };
      when(scene, () => isAt(scene, 'restore'), removed);
      // Also where no restore begins, because a write is refused.
      scene.clock.after(500_000, removed);
      ask(scene);
    },
    isOver: ({ fake }) =>
      fake.get('Database', KEY) === undefined &&
      fake.get('ConfigMap', `${NAMESPACE}/${names.restore(NAME)}`) === undefined &&
      part(fake.get('DatabaseRestore', `${NAMESPACE}/${BACK}`), 'status')['message'] ===
        `there is no Database ${NAME} in this namespace`,
    mayDestroy: ({ kind }) => !['PersistentVolumeClaim', 'Secret', 'DatabaseBackup'].includes(kind),
  },
];
