import { DATABASE_LABEL, RECORDED } from '../../../database/vocabulary.ts';
import { MANAGED_BY_LABEL } from '../../../generator/metadata.ts';
import { backupNames } from '../../../generator/backup-names.ts';
import { names } from '../../../generator/names.ts';
import type { Plain } from '../../../lab/world/objects.ts';
import { annotate, part } from '../../../lab/world/objects.ts';
import type { Scene } from '../../../lab/world/scene.ts';
import type { Stage } from '../../../lab/world/stage.ts';
import { KEY, NAME, NAMESPACE, isRunning, remove, write } from '../../../lab/world/stage.ts';
import type { Scenario } from './scenario.ts';

/** Backups of a Database into a bucket. */
export const BACKUP = { enabled: true, schedule: '0 2 * * *', destination: 's3://backups/orders' };
const BEFORE = { replicas: 1, backup: BACKUP };
const REQUEST = 'before-migration';
const RECORD = backupNames.recorded(NAME, '20261101-020000F');

function ask(scene: Scene, name = REQUEST, metadata: Plain = {}, spec: Plain = {}): void {
  scene.fake.put({
    ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'DatabaseBackup' },
    metadata: { name, namespace: NAMESPACE, ...metadata },
    spec: { databaseRef: { name: NAME }, type: 'auto', suspend: false, keepForever: false, ...spec },
  });
}

const WEEKLY = 'weekly';
const CRON_JOB = `${NAMESPACE}/${names.backupSchedule(WEEKLY)}`;

/** Asks for backups at a schedule. */
function schedule(scene: Scene, at = '0 4 * * 0'): void {
  const { fake } = scene;
  const key = `${NAMESPACE}/${WEEKLY}`;
  if (!fake.get('DatabaseBackup', key)) ask(scene, WEEKLY, {}, { schedule: at });
  else fake.change('DatabaseBackup', key, (old) => ({ ...old, spec: { ...part(old, 'spec'), schedule: at } }));
}

const scheduleOf = ({ fake }: Scene): unknown => part(fake.get('CronJob', CRON_JOB), 'spec')['schedule'];
const ofWeekly = ({ fake }: Scene): Plain => part(fake.get('DatabaseBackup', `${NAMESPACE}/${WEEKLY}`), 'status');

/** Long enough for a Job or CronJob to be there, also by a call that is done late: one that comes after the Database has gone stays. */
const MADE_MS = 90_000;

/** The phase of a DatabaseBackup, and the reason of its condition Restorable. */
function stateOf({ fake }: Scene, name = REQUEST): unknown[] {
  const status = part(fake.get('DatabaseBackup', `${NAMESPACE}/${name}`), 'status');
  const { conditions = [] } = status as { conditions?: Plain[] };
  return [status['phase'], conditions.find(({ type }) => type === 'Restorable')?.['reason']];
}

const is = (scene: Scene, phase: string, reason: string, name = REQUEST): boolean =>
  stateOf(scene, name).join() === [phase, reason].join();

const hasEnded = ({ fake }: Scene): boolean =>
  fake.all('DatabaseBackup').every((one) => ['Succeeded', 'Failed'].includes(String(part(one, 'status')['phase'])));

/** One more backup in the list, that of the Database's schedule, or of one of its own. */
function addScheduled({ cluster, clock }: Scene, schedule?: string): void {
  // Named after no moment of its own, which differs from run to run.
  const made = { ...cluster.backups.made(clock.date()), label: '20260101-020000F', ...(schedule && { schedule }) };
  cluster.backups.write(NAMESPACE, NAME, [made, ...cluster.backups.listed(NAMESPACE, NAME)], { label: made.label });
}

/** Asks for a backup that never ends, and does something while it goes on. */
function hang(scene: Scene, then: () => void): void {
  scene.cluster.backups.runOf = () => 'hangs';
  ask(scene);
  scene.clock.after(MADE_MS, then);
}

const ALL: readonly Scenario[] = [
  {
    name: 'a Database with backups is made, and one DatabaseBackup before it',
    modes: ['direct', 'gitops'],
    change: (stage: Stage): void => {
      ask(stage.scene);
      write(stage, BEFORE);
    },
    isOver: (scene) =>
      isRunning(scene, 1) && is(scene, 'Succeeded', 'InRepository') && scene.fake.all('DatabaseBackup').length === 2,
  },
  {
    name: 'two backups are asked for, one by the annotation',
    modes: ['gitops'],
    before: BEFORE,
    change: ({ scene }: Stage): void => {
      ask(scene);
      annotate(scene.fake, 'Database', KEY, { annotations: { 'db.example.com/backup': 'monday' } });
    },
    isOver: (scene) => hasEnded(scene) && is(scene, 'Succeeded', 'InRepository', backupNames.requested(NAME, 'monday')),
  },
  {
    name: 'a requested backup fails',
    modes: ['gitops'],
    before: BEFORE,
    change: ({ scene }: Stage): void => {
      scene.cluster.backups.runOf = () => 'fails';
      ask(scene);
    },
    isOver: (scene) => is(scene, 'Failed', 'RunFailed'),
  },
  {
    name: 'the Job of a requested backup is deleted while it goes on',
    modes: ['gitops'],
    before: BEFORE,
    change: ({ scene }: Stage): void => {
      scene.cluster.backups.runOf = () => 'hangs';
      ask(scene);
      const key = `${NAMESPACE}/${names.backupRun(REQUEST)}`;
      // Also a Job that comes late, by a call that got no answer.
      scene.fake.storage.listen(() => {
        if (stateOf(scene)[0] === 'Pending') return;
        setImmediate(() => {
          if (scene.fake.get('Job', key)) scene.fake.remove('Job', key);
        });
      });
    },
    isOver: (scene) => is(scene, 'Failed', 'JobDeleted'),
  },
  {
    name: 'a DatabaseBackup has a schedule, by which a backup is made',
    modes: ['direct', 'gitops'],
    before: BEFORE,
    change: ({ scene }: Stage): void => {
      schedule(scene);
      addScheduled(scene, WEEKLY);
    },
    isOver: (scene) =>
      ofWeekly(scene)['phase'] === 'Scheduled' &&
      ofWeekly(scene)['lastBackup'] === backupNames.recorded(NAME, '20260101-020000F') &&
      scene.fake.all('DatabaseBackup').length === 3,
  },
  {
    name: 'the schedule of a DatabaseBackup changes while another backup is asked for',
    modes: ['gitops'],
    before: BEFORE,
    change: ({ scene }: Stage): void => {
      schedule(scene);
      scene.clock.after(MADE_MS, () => {
        schedule(scene, '@daily');
        ask(scene);
      });
    },
    isOver: (scene) => scheduleOf(scene) === '@daily' && is(scene, 'Succeeded', 'InRepository'),
  },
  {
    name: 'a Database is deleted while a DatabaseBackup has a schedule',
    modes: ['direct', 'gitops'],
    before: BEFORE,
    change: (stage: Stage): void => {
      const { scene } = stage;
      schedule(scene);
      scene.clock.after(MADE_MS, () => {
        remove(stage);
      });
    },
    isOver: (scene) =>
      scene.fake.get('Database', KEY) === undefined &&
      scheduleOf(scene) === undefined &&
      ofWeekly(scene)['phase'] === 'Pending',
    mayDestroy: () => true,
  },
  {
    name: 'a Database is deleted while a requested backup goes on',
    modes: ['direct', 'gitops'],
    before: BEFORE,
    change: (stage: Stage): void => {
      hang(stage.scene, () => {
        remove(stage);
      });
    },
    isOver: (scene) =>
      scene.fake.get('Database', KEY) === undefined &&
      scene.fake.all('Job').every(({ metadata }) => metadata.name !== names.backupRun(REQUEST)) &&
      is(scene, 'Failed', 'JobDeleted'),
    mayDestroy: () => true,
  },
  {
    name: 'a Database with its backups on a volume is deleted with its data while a requested backup goes on',
    modes: ['direct', 'gitops'],
    before: { ...BEFORE, backup: { ...BACKUP, destination: 'pvc://' }, deletionPolicy: 'Delete' },
    change: (stage: Stage): void => {
      hang(stage.scene, () => {
        annotate(stage.scene.fake, 'Database', KEY, { annotations: { 'db.example.com/confirm-delete': NAME } });
        remove(stage);
      });
    },
    isOver: (scene) =>
      scene.fake.get('Database', KEY) === undefined &&
      scene.fake.all('PersistentVolumeClaim').length === 0 &&
      is(scene, 'Failed', 'JobDeleted'),
    mayDestroy: () => true,
  },
  {
    name: 'backups are switched off while a requested one goes on',
    modes: ['gitops'],
    before: BEFORE,
    change: (stage: Stage): void => {
      hang(stage.scene, () => {
        write(stage, { replicas: 1, backup: { enabled: false } });
      });
    },
    isOver: (scene) => is(scene, 'Failed', 'JobDeleted'),
    // Its only member is recreated without an archive.
    mayDestroy: ({ kind }) => kind === 'Job' || kind === 'Pod',
  },
  {
    name: 'the schedule makes a backup, and another one is gone',
    modes: ['gitops'],
    before: BEFORE,
    change: ({ scene }: Stage): void => {
      const labels = { [MANAGED_BY_LABEL]: 'ballast', [DATABASE_LABEL]: NAME };
      ask(scene, RECORD, { labels, annotations: { [RECORDED]: '20261101-020000F' } });
      addScheduled(scene);
    },
    isOver: (scene) =>
      scene.fake.get('DatabaseBackup', `${NAMESPACE}/${RECORD}`) === undefined &&
      scene.fake.all('DatabaseBackup').length === 2 &&
      hasEnded(scene),
    mayDestroy: ({ kind, key }) => kind === 'DatabaseBackup' && key === `${NAMESPACE}/${RECORD}`,
  },
];

/** Scenarios about backups. */
export const BACKUPS: readonly Scenario[] = ALL;
