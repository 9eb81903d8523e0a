import { filledDatabase } from '../../../../lab/filled-database.ts';
import { filledSettings } from '../../../../database/settings.ts';
import type { Account } from '../../../../controller/account.ts';
import type { Database } from '../../../../database/object.ts';
import { familyOf } from '../../../../database/family.ts';
import { render } from '../../../../generator/render.ts';
import type { ControlPlane } from '../../../../lab/api-server/control-plane.ts';
import { labelled } from './attempts.ts';
import { A_RESTORE } from './restores.ts';
import { LOOKED_AFTER } from './variants.ts';

const POD = { containers: [{ name: 'server', image: 'none' }] };

/** A Database of the tests. */
function databaseNamed(name: string, spec: object = {}): Database {
  const usual = { version: '17', replicas: 2, storage: { size: '10Gi' } };
  return filledDatabase({ name, namespace: LOOKED_AFTER }, { ...usual, ...spec });
}

interface Rest {
  readonly labels?: object;
  readonly annotations?: object;
  readonly ownerReferences?: readonly object[];
  readonly [field: string]: unknown;
}

function object(apiVersion: string, kind: string, name: string, rest: Rest = {}): object {
  const { labels, annotations, ownerReferences, ...fields } = rest;
  const marks = {
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(ownerReferences && { ownerReferences }),
  };
  return { apiVersion, kind, metadata: { name, namespace: LOOKED_AFTER, ...marks }, ...fields };
}

const RBAC = 'rbac.authorization.k8s.io/v1';
const WIDE = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } };
/** A claim that is bound, of a class whose volumes can grow. */
const BOUND = 'data-orders-1';
const GROWING = 'growing';
const WEB = { app: 'web' };

function statefulSet(name: string, labels: object): object {
  const template = { metadata: { labels }, spec: POD };
  return object('apps/v1', 'StatefulSet', name, {
    labels,
    spec: { replicas: 1, serviceName: name, selector: { matchLabels: labels }, template },
  });
}

const NIGHTLY = {
  ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'DatabaseBackup', name: 'nightly' },
  uid: '00000000-0000-0000-0000-000000000000',
};

function cronJob(name: string, metadata: object): object {
  const template = { spec: { ...POD, restartPolicy: 'Never' } };
  return object('batch/v1', 'CronJob', name, {
    ...metadata,
    spec: { schedule: '@daily', jobTemplate: { spec: { template } } },
  });
}

function job(name: string, metadata: object): object {
  return object('batch/v1', 'Job', name, {
    ...metadata,
    spec: { template: { spec: { ...POD, restartPolicy: 'Never' } } },
  });
}

/** The objects before the controller acts: the Database's own, those of others, and foreign ones with its names. */
const FIXTURES: readonly object[] = [
  object('v1', 'ServiceAccount', 'default'),
  object('v1', 'Pod', 'orders-0', { labels: { ...labelled('orders'), 'db.example.com/role': 'primary' }, spec: POD }),
  object('v1', 'Pod', 'web-0', { labels: WEB, spec: POD }),
  object('v1', 'Pod', 'web', { labels: WEB, spec: POD }),
  object('v1', 'Pod', 'orders-backup-xyz', { labels: labelled('orders'), spec: POD }),
  ...['orders-leader', 'orders-config', 'orders-sync', 'orders-settings', 'orders-restore'].map((name) =>
    object('v1', 'ConfigMap', name, { labels: labelled('orders'), data: { kept: 'yes' } }),
  ),
  object('v1', 'ConfigMap', 'orders-notes', { labels: labelled('orders') }),
  object('v1', 'ConfigMap', 'billing-settings', { data: { url: 'example.com' } }),
  object('v1', 'ConfigMap', 'app', {}),
  object('v1', 'PersistentVolumeClaim', 'data-orders-0', { labels: labelled('orders'), spec: CLAIM }),
  object('v1', 'PersistentVolumeClaim', BOUND, {
    labels: labelled('orders'),
    spec: { ...CLAIM, storageClassName: GROWING, volumeName: 'a-volume' },
  }),
  object('v1', 'PersistentVolumeClaim', 'data-billing-0', { spec: CLAIM }),
  object('v1', 'PersistentVolumeClaim', 'photos', { labels: WEB, spec: CLAIM }),
  object('v1', 'Secret', 'orders-app', { labels: labelled('orders'), stringData: { password: 'one' } }),
  object('v1', 'Secret', 'orders-tls', { stringData: { brought: 'by somebody' } }),
  statefulSet('orders', labelled('orders')),
  statefulSet('web', WEB),
  cronJob('orders-verify', { labels: labelled('orders') }),
  cronJob('nightly-schedule', { labels: labelled('orders'), ownerReferences: [NIGHTLY] }),
  cronJob('reports-schedule', { labels: labelled('fresh') }),
  job('weekly-run', { labels: labelled('orders'), ownerReferences: [{ ...NIGHTLY, name: 'weekly' }] }),
  job('reports-run', { labels: labelled('fresh') }),
  object(RBAC, 'Role', 'orders-members', { labels: labelled('orders'), rules: [] }),
  object(RBAC, 'Role', 'billing-members', { rules: WIDE }),
  object(RBAC, 'RoleBinding', 'billing-members', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'billing-members' },
    subjects: [],
  }),
  object('v1', 'Service', 'billing-primary', { spec: { ports: [{ port: 80 }], selector: WEB } }),
  object('v1', 'Service', 'orders-primary', {
    labels: labelled('orders'),
    spec: { ports: [{ port: 80 }], selector: labelled('orders') },
  }),
  object('v1', 'ServiceAccount', 'billing'),
  object('db.example.com/v1alpha1', 'DatabaseBackup', 'orders-asked', {
    labels: labelled('orders'),
    spec: { databaseRef: { name: 'orders' } },
  }),
  object('db.example.com/v1alpha1', 'DatabaseBackup', 'orders-recorded', {
    ...{ labels: labelled('orders'), annotations: { 'db.example.com/recorded': '20261128-020000F' } },
    spec: { databaseRef: { name: 'orders' } },
  }),
  A_RESTORE,
  {
    ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: GROWING } },
    ...{ provisioner: 'none', allowVolumeExpansion: true },
  },
];

/** Makes them. The API server lets a claim grow only once it is bound. */
export async function makeFixtures({ admin }: ControlPlane): Promise<void> {
  const { code, stderr } = await admin.apply(
    [databaseNamed('orders'), ...FIXTURES],
    ['--server-side', '--force-conflicts'],
  );
  if (code !== 0) throw new Error(stderr);
  const status = { phase: 'Bound', capacity: { storage: '10Gi' } };
  await admin.succeed([
    ...['patch', 'pvc', BOUND, `--namespace=${LOOKED_AFTER}`, '--subresource=status', '--type=merge'],
    `--patch=${JSON.stringify({ status })}`,
  ]);
}

/** What Git brings so that the controller may read the Secrets of the Database. */
export function rightsFor({ namespace, name }: Account): object[] {
  const rendered = render(
    familyOf(databaseNamed('orders')),
    filledSettings({ controller: { namespace, serviceAccount: name } }),
  );
  return rendered.filter(({ metadata }) => (metadata as { name: string }).name === 'orders-controller');
}

/** All that is rendered for a Database of which nothing is there, in every shape, but kinds that a plain API server does not know. */
export function rendered({ namespace, name }: Account): ReturnType<typeof render> {
  const settings = filledSettings({ controller: { namespace, serviceAccount: name } });
  const shapes = [
    { backup: { enabled: true, destination: 'pvc://' }, monitoring: { enabled: true } },
    { engine: 'mysql', version: '8.4', replicas: 1, backup: { enabled: true, destination: 'pvc://' } },
    { engine: 'mongodb', version: '8.0', replicas: 1, backup: { enabled: true, destination: 's3://b/c' } },
  ];
  return shapes
    .flatMap((spec) => render(familyOf(databaseNamed('fresh', spec)), settings).slice(1))
    .filter(({ apiVersion }) => !apiVersion.startsWith('monitoring.'));
}
