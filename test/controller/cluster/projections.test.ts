import { projectCronJob, projectClaim, projectStatefulSet } from '../../../controller/cluster/workload.ts';
import { projectNamespace, projectStorageClass } from '../../../controller/cluster/cluster-objects.ts';
import { clusterStateIn, configIn, projectConfigMap } from '../../../controller/engines/postgresql/config-maps.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { describeCases, object } from './projection-cases.ts';

const DIED = '2026-11-20T10:00:00Z';

const CLAIM = {
  name: 'data-orders-0',
  ordinal: 0,
  uid: 'uid-data-orders-0',
  resourceVersion: '7',
  requested: 10_737_418_240n,
  deleting: false,
  conditions: new Map(),
};
const SPEC = { resources: { requests: { storage: '10Gi' } } };

describeCases('Of a claim is kept', (raw) => projectClaim(raw)?.claim, [
  { name: 'what is asked for', raw: object('data-orders-0', { spec: SPEC }), gives: CLAIM },
  {
    name: 'how large it is, of which class, whose data it holds, and how its growth goes',
    raw: object('data-orders-0', {
      annotations: { 'db.example.com/owner': 'uid-9', 'db.example.com/system-identifier': '731' },
      spec: { ...SPEC, storageClassName: 'fast' },
      status: {
        capacity: { storage: '1500m' },
        conditions: [
          { type: 'FileSystemResizePending', status: 'True', message: 'the pod has to start' },
          { type: 'Resizing', status: 'False' },
        ],
      },
    }),
    gives: {
      ...CLAIM,
      capacity: 2n,
      storageClassName: 'fast',
      owner: 'uid-9',
      systemIdentifier: '731',
      conditions: new Map([['FileSystemResizePending', 'the pod has to start']]),
    },
  },
  { name: 'no more than that it is there, when it is that of backups', raw: object('orders-backup'), gives: undefined },
]);

describeCases('Of a StatefulSet is kept', (raw) => projectStatefulSet(raw)?.workload, [
  {
    name: 'how many members it runs, and of which template',
    raw: object('orders', {
      spec: { replicas: 3 },
      status: { observedGeneration: 4, updateRevision: 'orders-77' },
    }),
    gives: {
      ...{ uid: 'uid-orders', resourceVersion: '7', generation: 0, observedGeneration: 4, replicas: 3 },
      ...{ deleting: false, updateRevision: 'orders-77' },
    },
  },
  { name: 'no more than that it is there, when it has another name', raw: object('other'), gives: undefined },
]);

describeCases('Of a CronJob is kept', (raw) => projectCronJob(raw)?.cron, [
  {
    name: 'when it last ran and succeeded, and how many run',
    raw: object('orders-backup', { status: { lastScheduleTime: DIED, lastSuccessfulTime: DIED, active: [{}] } }),
    gives: { lastScheduledAt: new Date(DIED), lastSucceededAt: new Date(DIED), active: 1, suspended: false },
  },
  {
    name: 'that it starts nothing',
    raw: object('orders-backup', { spec: { suspend: true } }),
    gives: { active: 0, suspended: true },
  },
]);

const saidIn = (raw: KubernetesObject): unknown => projectConfigMap(raw)?.said;

describeCases('Of what Patroni writes is kept', saidIn, [
  {
    name: 'who leads, since when, and whose slots are kept',
    raw: object('orders-leader', {
      annotations: {
        ...{ leader: 'orders-1', transitions: '3', ttl: '20', optime: '67108864' },
        ...{ acquireTime: '2026-11-20T09:00:00.123456+00:00', renewTime: DIED, retain_slots: '["orders_0"]' },
      },
    }),
    gives: {
      in: 'leader',
      leader: {
        ...{ resourceVersion: '7', member: 'orders-1', transitions: 3, slots: ['orders_0'] },
        ...{ acquiredAt: Date.parse('2026-11-20T09:00:00.123Z'), renewedAt: Date.parse(DIED) },
      },
    },
  },
  {
    name: 'that nobody leads',
    raw: object('orders-leader', { annotations: { optime: '1', retain_slots: 'no list' } }),
    gives: { in: 'leader', leader: { resourceVersion: '7', transitions: 0, slots: [] } },
  },
  {
    name: 'a switchover that is under way',
    raw: object('orders-failover', { annotations: { leader: 'orders-0', member: 'orders-1' } }),
    gives: { in: 'failover', switchover: { resourceVersion: '7', from: 'orders-0', to: 'orders-1' } },
  },
  {
    name: 'that no switchover is under way',
    raw: object('orders-failover'),
    gives: { in: 'failover', switchover: { resourceVersion: '7' } },
  },
  {
    name: 'who is synchronous',
    raw: object('orders-sync', { annotations: { leader: 'orders-0', sync_standby: 'orders-1,orders-2' } }),
    gives: { in: 'sync', synchronous: ['orders-1', 'orders-2'] },
  },
  {
    name: 'nothing of a ConfigMap that is rendered',
    raw: object('orders-settings', { data: { a: 'b' } }),
    gives: undefined,
  },
]);

const settingsOf = (raw: Parameters<typeof projectConfigMap>[0]): object | undefined => {
  const kept = projectConfigMap(raw);
  return clusterStateIn(kept ? [kept] : []).restartSettings;
};
const withSettings = (name: string, text: string): ReturnType<typeof object> =>
  object(name, { annotations: { 'db.example.com/restart-settings': text } });

describeCases('Ballast’s own settings that take a restart are read', settingsOf, [
  {
    name: 'as they were rendered',
    raw: withSettings('orders-settings', '{"archive_mode":"on","max_connections":"100"}'),
    gives: { archive_mode: 'on', max_connections: '100' },
  },
  {
    name: 'without values that Ballast never has',
    raw: withSettings('orders-settings', '{"archive_mode":"on","shared_preload_libraries":"/tmp/x","port":1}'),
    gives: { archive_mode: 'on' },
  },
  { name: 'as none, where they are no JSON', raw: withSettings('orders-settings', '['), gives: {} },
  { name: 'from no other ConfigMap', raw: withSettings('orders-other', '{"archive_mode":"on"}'), gives: undefined },
]);

describeCases('The configuration of Patroni is read', (raw) => configIn(projectConfigMap(raw)), [
  {
    name: 'with the cluster that it is about, and when it was written',
    raw: object('orders-config', {
      annotations: { config: '{"ttl":20}', initialize: '731', 'db.example.com/configured-at': DIED },
    }),
    gives: { resourceVersion: '7', config: { ttl: 20 }, systemIdentifier: '731', configuredAt: new Date(DIED) },
  },
  {
    name: 'as empty, when it is none',
    raw: object('orders-config', { annotations: { config: '[', initialize: '' } }),
    gives: { resourceVersion: '7', config: {} },
  },
]);

describeCases('Of the cluster is kept', (raw) => projectNamespace(raw).guard, [
  {
    name: 'that a namespace is protected',
    raw: object('shop', { labels: { 'db.example.com/protected': 'true' } }),
    gives: 'true',
  },
  {
    name: 'that a namespace may hold data',
    raw: object('shop', { labels: { 'db.example.com/protected': 'data' } }),
    gives: 'data',
  },
  {
    name: 'that nothing guards a namespace with another value of the label',
    raw: object('shop', { labels: { 'db.example.com/protected': '' } }),
    gives: 'none',
  },
]);

describeCases('Of a storage class is kept', (raw) => projectStorageClass(raw).expandable, [
  { name: 'that its volumes can grow', raw: object('fast', { allowVolumeExpansion: true }), gives: true },
  { name: 'that they cannot, when nothing is said', raw: object('fast'), gives: false },
]);
