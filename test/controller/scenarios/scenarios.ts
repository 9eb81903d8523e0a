import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { RecordedWrite } from '../../../lab/world/fake-api/record.ts';
import { annotate, part } from '../../../lab/world/objects.ts';
import type { Scene } from '../../../lab/world/scene.ts';
import type { Mode } from '../../../lab/world/stage.ts';
import { BACKUP, BACKUPS } from './backups.ts';
import { GATES } from './gates.ts';
import { REQUESTS } from './requests.ts';
import { RESTORES } from './restores.ts';
import type { Scenario } from './scenario.ts';
import {
  KEY,
  NAME,
  NAMESPACE,
  condition,
  isRunning,
  leaderOf,
  remove,
  statusOf,
  write,
} from '../../../lab/world/stage.ts';

const BOTH: readonly Mode[] = ['direct', 'gitops'];

const isGone = ({ fake }: Scene): boolean => fake.get('Database', KEY) === undefined;
const isPodOf = ({ kind }: RecordedWrite): boolean => kind === 'Pod';
const HOLDS_DATA = new Set(['PersistentVolumeClaim', 'Secret']);
const isData = ({ kind }: RecordedWrite): boolean => HOLDS_DATA.has(kind);

const ENCRYPTED = { ...BACKUP, destination: 's3://backups/encrypted', encryption: { enabled: true } };
const BACKUP_KEY = `${KEY}-backup-key`;

const isUp = (scene: Scene, members: number): boolean => statusOf(scene)['ready'] === `${members}/${members}`;

/** Another application's objects, under names that Ballast gives. */
const FOREIGN: readonly KubernetesObject[] = [
  {
    kind: 'Service',
    metadata: { name: `${NAME}-primary`, namespace: NAMESPACE },
    spec: { selector: { app: 'legacy' } },
  },
  { kind: 'ServiceAccount', metadata: { name: NAME, namespace: NAMESPACE }, automountServiceAccountToken: false },
  { kind: 'ConfigMap', metadata: { name: `${NAME}-settings`, namespace: NAMESPACE }, data: { 'app.conf': 'mine' } },
  { kind: 'CronJob', metadata: { name: `${NAME}-backup`, namespace: NAMESPACE }, spec: { schedule: '0 1 * * *' } },
];

/** Scenarios about a Database that goes on. */
const LIVING: readonly Scenario[] = [
  {
    name: 'a Database is made',
    modes: BOTH,
    change: (stage) => {
      write(stage, { replicas: 3 });
    },
    isOver: (scene) => isRunning(scene, 3),
  },
  {
    name: 'a protected Database is made',
    modes: BOTH,
    change: (stage) => {
      write(stage, { replicas: 1, deletionPolicy: 'Protect' });
    },
    isOver: (scene) => isRunning(scene, 1),
  },
  {
    name: 'members are added',
    modes: BOTH,
    before: { replicas: 1 },
    change: (stage) => {
      write(stage, { replicas: 3 });
    },
    isOver: (scene) => isRunning(scene, 3),
  },
  {
    name: 'members leave, the primary among them',
    modes: BOTH,
    before: { replicas: 5 },
    change: (stage) => {
      stage.scene.cluster.lead(NAMESPACE, NAME, `${NAME}-4`);
      write(stage, { replicas: 2 });
    },
    isOver: (scene) => isRunning(scene, 2) && scene.fake.all('Pod').length === 2,
    mayDestroy: ({ kind, after }) => kind === 'StatefulSet' && part(after, 'spec')['replicas'] === 2,
    anyMayLead: true,
  },
  {
    name: 'volumes grow',
    modes: BOTH,
    before: { replicas: 2 },
    change: (stage) => {
      write(stage, { replicas: 2, storage: { size: '2Gi' } });
    },
    isOver: (scene) => isRunning(scene, 2) && condition(scene, 'StorageReady') === 'True',
  },
  {
    name: 'the server of the primary dies',
    modes: ['gitops'],
    before: { replicas: 3 },
    change: ({ scene }) => {
      scene.cluster.kill(`${KEY}-0`);
    },
    isOver: (scene) => isRunning(scene, 3) && leaderOf(scene) !== `${NAME}-0`,
    mayDestroy: ({ key, kind, before }) =>
      kind === 'ConfigMap' && key === `${KEY}-leader` && before?.metadata.annotations?.['leader'] === `${NAME}-0`,
  },
  {
    name: 'a switchover is asked for',
    modes: ['gitops'],
    before: { replicas: 3 },
    change: ({ scene }) => {
      annotate(scene.fake, 'Database', KEY, { annotations: { 'db.example.com/switchover': `${NAME}-2` } });
    },
    isOver: (scene) => isRunning(scene, 3) && leaderOf(scene) === `${NAME}-2`,
  },
  {
    name: 'a setting changes that takes a restart',
    modes: BOTH,
    before: { replicas: 3 },
    change: (stage) => {
      write(stage, { replicas: 3, parameters: { max_connections: '200' } });
    },
    isOver: (scene) =>
      isRunning(scene, 3) &&
      scene.fake.all('Pod').every(({ metadata }) => !(metadata.annotations?.['status'] ?? '').includes('pending')),
    anyMayLead: true,
  },
  {
    name: 'the pods are asked to be others',
    modes: BOTH,
    before: { replicas: 3 },
    change: (stage) => {
      write(stage, { replicas: 3, resources: { requests: { memory: '2Gi' } } });
    },
    isOver: (scene) => isRunning(scene, 3) && new Set(scene.fake.all('Pod').map(revisionOf)).size === 1,
    mayDestroy: isPodOf,
    anyMayLead: true,
  },
  {
    name: 'somebody changes what was applied',
    modes: ['direct'],
    before: { replicas: 2 },
    change: ({ scene: { fake } }) => {
      fake.change('Service', `${KEY}-primary`, (old) => ({ ...old, spec: { ...part(old, 'spec'), selector: {} } }));
      fake.remove('ConfigMap', `${KEY}-settings`);
      annotate(fake, 'Role', `${KEY}-members`, { labels: { 'app.kubernetes.io/name': 'other' } });
    },
    isOver: (scene) =>
      isRunning(scene, 2) &&
      scene.fake.get('ConfigMap', `${KEY}-settings`) !== undefined &&
      Object.keys(part(scene.fake.get('Service', `${KEY}-primary`), 'spec', 'selector')).length > 0,
  },
  {
    name: 'something is asked for no more',
    modes: ['direct'],
    before: { replicas: 1, nodeSelector: { disk: 'fast' }, resources: { limits: { memory: '1Gi', cpu: '1' } } },
    change: (stage) => {
      write(stage, { replicas: 1, resources: { limits: { memory: '1Gi' } } });
    },
    isOver: (scene) => isRunning(scene, 1) && !/fast|"cpu":"1"/.test(JSON.stringify(scene.fake.all('StatefulSet'))),
    mayDestroy: isPodOf,
  },
  {
    name: 'backups are turned off',
    modes: ['direct'],
    before: { replicas: 1, backup: BACKUP },
    change: (stage) => {
      write(stage, { replicas: 1, backup: { ...BACKUP, enabled: false } });
    },
    isOver: (scene) => isRunning(scene, 1) && scene.fake.all('CronJob').length === 0,
    // The CronJob and the policy of its pods.
    mayDestroy: (change) => isPodOf(change) || change.key === `${KEY}-backup`,
  },
  {
    name: 'backups are to be encrypted, at another place',
    modes: BOTH,
    before: { replicas: 1, backup: BACKUP },
    change: (stage) => {
      write(stage, { replicas: 1, backup: ENCRYPTED });
    },
    isOver: (scene) =>
      isRunning(scene, 1) &&
      scene.fake.get('Secret', BACKUP_KEY) !== undefined &&
      JSON.stringify(scene.fake.all('Pod')).includes('CIPHER_PASS'),
    mayDestroy: isPodOf,
  },
  {
    name: 'a Database is made where its names are somebody else’s',
    modes: ['direct'],
    change: (stage) => {
      for (const object of FOREIGN) stage.scene.fake.put(object);
      write(stage, { replicas: 2 });
    },
    isOver: (scene) => condition(scene, 'Stalled') === 'True' && scene.fake.all('Secret').length === 0,
  },
  {
    name: 'backups are turned on where the CronJob is somebody else’s',
    modes: ['direct'],
    before: { replicas: 1 },
    change: (stage) => {
      for (const object of FOREIGN) if (object.kind === 'CronJob') stage.scene.fake.put(object);
      write(stage, { replicas: 2, backup: BACKUP });
    },
    isOver: (scene) => condition(scene, 'Stalled') === 'True' && isUp(scene, 2),
    mayDestroy: isPodOf,
    anyMayLead: true,
  },
  {
    name: 'it is sent to sleep',
    modes: ['direct'],
    before: { replicas: 2 },
    change: ({ scene }) => {
      annotate(scene.fake, 'Database', KEY, { annotations: { 'db.example.com/hibernate': 'true' } });
    },
    isOver: (scene) => condition(scene, 'Hibernated') === 'True' && scene.fake.all('Pod').length === 0,
    mayDestroy: ({ kind, after }) => kind === 'StatefulSet' && part(after, 'spec')['replicas'] === 0,
  },
];

const revisionOf = ({ metadata }: { metadata: { labels?: Readonly<Record<string, string>> } }): string | undefined =>
  metadata.labels?.['controller-revision-hash'];

/** Scenarios about the end of a Database. */
const ENDING: readonly Scenario[] = [
  {
    name: 'it is deleted, and its data are retained',
    modes: BOTH,
    before: { replicas: 2, deletionPolicy: 'Retain' },
    change: remove,
    isOver: (scene) => isGone(scene) && scene.fake.all('PersistentVolumeClaim').length === 2,
    mayDestroy: (destroyed) => !isData(destroyed),
  },
  {
    name: 'it is deleted with its data, as was confirmed',
    modes: BOTH,
    before: { replicas: 2, deletionPolicy: 'Delete' },
    change: (stage) => {
      annotate(stage.scene.fake, 'Database', KEY, { annotations: { 'db.example.com/confirm-delete': NAME } });
      remove(stage);
    },
    isOver: ({ fake }) => ['Database', 'PersistentVolumeClaim', 'Secret'].every((kind) => fake.all(kind).length === 0),
    mayDestroy: () => true,
  },
  {
    name: 'it is deleted with its data, but not with the passphrase of its backups',
    modes: BOTH,
    before: { replicas: 1, deletionPolicy: 'Delete', backup: ENCRYPTED },
    change: (stage) => {
      annotate(stage.scene.fake, 'Database', KEY, { annotations: { 'db.example.com/confirm-delete': NAME } });
      remove(stage);
    },
    isOver: ({ fake }) =>
      ['Database', 'PersistentVolumeClaim'].every((kind) => fake.all(kind).length === 0) &&
      fake.all('Secret').length === 1,
    mayDestroy: ({ key }) => key !== BACKUP_KEY,
  },
  {
    name: 'it is deleted with its data, which nobody confirmed',
    modes: BOTH,
    before: { replicas: 2, deletionPolicy: 'Delete' },
    change: remove,
    isOver: (scene) => condition(scene, 'Stalled') === 'True',
  },
  {
    name: 'it is deleted although it is protected',
    modes: BOTH,
    before: { replicas: 2, deletionPolicy: 'Protect' },
    change: remove,
    isOver: (scene) => condition(scene, 'Stalled') === 'True',
  },
];

/** All scenarios. */
export const SCENARIOS: readonly Scenario[] = [...LIVING, ...REQUESTS, ...BACKUPS, ...RESTORES, ...ENDING, ...GATES];
