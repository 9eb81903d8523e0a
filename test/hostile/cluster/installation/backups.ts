import type { Attempt } from './attempts.ts';
import { apply, at, change, create, labelled, remove } from './attempts.ts';

const LABELS = labelled('fresh');
const ZERO = '00000000-0000-0000-0000-000000000000';
const OWNER = { apiVersion: 'db.example.com/v1alpha1', kind: 'DatabaseBackup', name: 'nightly', uid: ZERO };
const CONTAINER = { name: 'backup', image: 'none', securityContext: { allowPrivilegeEscalation: false } };

interface Changes {
  readonly metadata?: object;
  readonly labels?: object;
  readonly container?: object;
  readonly pod?: object;
}

function job(title: string, { metadata, labels = LABELS, container, pod }: Changes = {}): Attempt {
  const spec = {
    ...{ serviceAccountName: 'ballast-member-fresh', restartPolicy: 'Never', securityContext: { runAsNonRoot: true } },
    containers: [{ ...CONTAINER, ...container }],
    ...pod,
  };
  return create(title, 'jobs', {
    metadata: { name: 'nightly-run', labels: LABELS, ownerReferences: [OWNER], ...metadata },
    spec: { backoffLimit: 3, template: { metadata: { labels }, spec } },
  });
}

const BACKUP_OWNER = { ...OWNER, name: 'monthly' };

function cronJobSpec({ labels = LABELS, container, pod }: Changes): object {
  const spec = {
    ...{ serviceAccountName: 'ballast-member-fresh', restartPolicy: 'Never', securityContext: { runAsNonRoot: true } },
    containers: [{ ...CONTAINER, ...container }],
    ...pod,
  };
  return { schedule: '@monthly', jobTemplate: { spec: { template: { metadata: { labels }, spec } } } };
}

function cronJob(title: string, { metadata, ...changes }: Changes = {}): Attempt {
  return apply(title, 'cronjobs', {
    ...{ apiVersion: 'batch/v1', kind: 'CronJob' },
    metadata: { name: 'monthly-schedule', labels: LABELS, ownerReferences: [BACKUP_OWNER], ...metadata },
    spec: cronJobSpec(changes),
  });
}

function changed(title: string, name: string, { metadata = {}, ...changes }: Changes): Attempt {
  return change(title, at('cronjobs', name), { metadata, spec: cronJobSpec(changes) });
}

function backup(title: string, metadata: object, database = 'orders'): Attempt {
  const named = { name: 'orders-20261129-020000i', ...metadata };
  return create(title, 'databasebackups', {
    ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'DatabaseBackup', metadata: named },
    spec: { databaseRef: { name: database } },
  });
}

/** What the controller does about backups. */
export const BACKUPS: readonly Attempt[] = [
  job('makes the Job of a requested backup'),
  cronJob('makes the CronJob of a schedule'),
  changed('changes the CronJob of a schedule', 'nightly-schedule', {
    ...{ labels: labelled('orders'), pod: { serviceAccountName: 'ballast-member-orders' } },
  }),
  remove('ends the run of a backup', 'jobs', 'weekly-run'),
  remove('takes the CronJob of a schedule away', 'cronjobs', 'nightly-schedule'),
  backup('makes the object of a backup', {
    labels: labelled('orders'),
    annotations: { 'db.example.com/recorded': '20261129-020000I' },
  }),
  remove('takes the object of a backup away that is gone', 'databasebackups', 'orders-recorded'),
];

/** What must not come of the right to make Jobs and DatabaseBackups. */
export const NO_BACKUPS: readonly Attempt[] = [
  job('makes a Job that nobody asked for', { metadata: { ownerReferences: [] } }),
  job('makes a Job of another name', { metadata: { name: 'miner' } }),
  job('makes a Job of another kind', {
    metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'nightly', uid: ZERO }] },
  }),
  job('makes a Job without a label', { metadata: { labels: {} }, labels: {} }),
  job('makes a Job with the pods of another Database', { labels: labelled('orders') }),
  job('makes a Job under another account', { pod: { serviceAccountName: 'billing' } }),
  job("makes a Job that mounts the node's files", {
    pod: { volumes: [{ name: 'one', hostPath: { path: '/' } }] },
  }),
  job('makes a Job with a privilege', { container: { securityContext: { privileged: true } } }),
  cronJob('makes a CronJob that nobody asked for', { metadata: { ownerReferences: [] } }),
  cronJob('makes a CronJob of another name', { metadata: { name: 'miner' } }),
  changed('takes a CronJob over that is not of a DatabaseBackup', 'reports-schedule', {
    metadata: { ownerReferences: [{ ...OWNER, name: 'reports' }] },
  }),
  changed('gives the CronJob of a schedule to another Database', 'nightly-schedule', { metadata: { labels: LABELS } }),
  cronJob('makes a CronJob without a label', { metadata: { labels: {} }, labels: {} }),
  cronJob('makes a CronJob with the pods of another Database', { labels: labelled('orders') }),
  cronJob('makes a CronJob under another account', { pod: { serviceAccountName: 'billing' } }),
  cronJob("makes a CronJob that mounts the node's files", {
    pod: { volumes: [{ name: 'one', hostPath: { path: '/' } }] },
  }),
  cronJob('makes a CronJob with a privilege', { container: { securityContext: { privileged: true } } }),
  remove('ends a Job that is not of a DatabaseBackup', 'jobs', 'reports-run'),
  remove('deletes a CronJob that is not of a DatabaseBackup', 'cronjobs', 'reports-schedule'),
  backup('makes a DatabaseBackup without labels', {}),
  backup('makes a DatabaseBackup of another Database', { labels: labelled('orders') }, 'billing'),
  backup('makes a DatabaseBackup with an owner', {
    labels: labelled('orders'),
    ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'app', uid: ZERO }],
  }),
  remove('deletes what somebody asked for', 'databasebackups', 'orders-asked'),
];
