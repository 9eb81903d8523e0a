import type { Call } from './member-stage.ts';
import { MERGE, STRATEGIC, at } from './member-stage.ts';

/** A call that a member makes in its life, in a sentence. */
export interface Needed extends Call {
  readonly who: string;
  /** Whether the version of the object that was last seen goes with it, as Patroni sends it. */
  readonly seen?: true;
}

const SELECTOR = encodeURIComponent(
  'app.kubernetes.io/component=database,app.kubernetes.io/managed-by=ballast,db.example.com/database=orders',
);
/** Labels of the ConfigMaps in which a member writes. */
export const LABELS = {
  'app.kubernetes.io/component': 'database',
  'app.kubernetes.io/managed-by': 'ballast',
  'db.example.com/database': 'orders',
};
const NOW = '2026-11-21T10:00:00.000000+00:00';

/** One of Patroni's ConfigMaps as it sends it: `_patch_or_create` of patroni/dcs/kubernetes.py. */
function note(end: string, annotations: object): object {
  return { metadata: { namespace: 'member-rights', name: `orders-${end}`, labels: LABELS, annotations } };
}

const create = (who: string, end: string, annotations: object): Needed => ({
  ...{ who, method: 'POST', path: at('configmaps'), body: note(end, annotations) },
});

const patch = (who: string, end: string, annotations: object, seen?: true): Needed => ({
  ...{ who, method: 'PATCH', path: at(`configmaps/orders-${end}`), type: STRATEGIC, body: note(end, annotations) },
  ...(seen && { seen }),
});

/** `touch_member`: a member's report on its pod. */
const touch = (who: string, role: string | null, status: object): Needed => ({
  ...{ who, method: 'PATCH', path: at('pods/orders-0'), type: STRATEGIC },
  body: {
    metadata: {
      ...{ namespace: 'member-rights', name: 'orders-0', labels: { 'db.example.com/role': role } },
      annotations: { status: JSON.stringify(status) },
    },
  },
});

const lead = (more: object = {}): object => ({
  ...{ leader: 'orders-0', ttl: '20', renewTime: NOW, acquireTime: NOW, transitions: '0', ...more },
});

/** What the image's own programs tell: about the member on its pod, and about backups in their list. */
const tell = (who: string, annotations: object): Needed => ({
  ...{ who, method: 'PATCH', path: at('pods/orders-0'), type: MERGE, body: { metadata: { annotations } } },
});
const list = (who: string, writer: string, annotations: object): Needed => ({
  ...{ who, method: 'PATCH', path: at(`configmaps/orders-backups?fieldManager=${writer}&force=true`) },
  type: 'application/apply-patch+yaml',
  body: { apiVersion: 'v1', kind: 'ConfigMap', ...note('backups', annotations) },
});

/** All calls of the member orders-0 to the API server from its first start to its end, in order. */
export function lifeOf(configuration: string): readonly Needed[] {
  return [
    { who: 'Patroni lists its pods', method: 'GET', path: at(`pods?labelSelector=${SELECTOR}`) },
    { who: 'Patroni lists its notes', method: 'GET', path: at(`configmaps?labelSelector=${SELECTOR}`) },
    {
      ...{ who: 'Patroni watches its pods', method: 'GET' },
      path: at(`pods?labelSelector=${SELECTOR}&watch=true&timeoutSeconds=1&resourceVersion=RV`),
    },
    {
      ...{ who: 'Patroni watches its notes', method: 'GET' },
      path: at(`configmaps?labelSelector=${SELECTOR}&watch=true&timeoutSeconds=1&resourceVersion=RV`),
    },
    create('the race to make the cluster is won', 'config', { initialize: '' }),
    touch('the member says that it makes the cluster', null, { state: 'initializing new cluster', role: 'replica' }),
    patch('the race is given up', 'config', { initialize: null }),
    patch('and won again', 'config', { initialize: '' }, true),
    patch('the cluster has an identifier', 'config', { initialize: '7300000000000000001' }, true),
    patch('the dynamic configuration is written', 'config', { config: configuration }),
    create('the lock is taken', 'leader', lead()),
    touch('the member leads', 'primary', { state: 'running', role: 'primary', timeline: 1, xlog_location: 50331648 }),
    patch('the lock is renewed', 'leader', lead({ optime: '50331648', slots: '{"orders_1":50331648}' }), true),
    patch('the lock is renewed with what holds when the API server is away', 'leader', {
      ...lead({ retain_slots: null, failsafe: '{"orders-0":"https://orders-0:8008/patroni"}' }),
    }),
    patch('the position is written at the end', 'leader', { optime: '50331700' }),
    create('synchronous standbys are named', 'sync', { leader: 'orders-0', sync_standby: 'orders-1', quorum: '0' }),
    patch('others are', 'sync', { leader: 'orders-0', sync_standby: 'orders-1,orders-2', quorum: '1' }, true),
    patch('none is', 'sync', { leader: null, sync_standby: null, quorum: null }, true),
    create('a switchover is asked for', 'failover', { leader: 'orders-0', member: 'orders-1' }),
    patch('and taken back', 'failover', { leader: null, member: null, scheduled_at: null }, true),
    patch('the history of timelines is written', 'config', {
      history: '[[1,50331648,"no recovery target specified"]]',
    }),
    patch(
      'somebody pauses Patroni in a member',
      'config',
      { config: configuration.replace('{', '{"pause":true,') },
      true,
    ),
    { who: 'the leader object is read after a conflict', method: 'GET', path: at('configmaps/orders-leader') },
    {
      ...{ who: 'the new primary finds the pod of the old one', method: 'GET' },
      path: at(
        `pods?labelSelector=${encodeURIComponent('db.example.com/database=orders,db.example.com/role=primary')}`,
      ),
    },
    {
      ...{ who: 'and takes its label', method: 'PATCH', path: at('pods/orders-1'), type: MERGE, seen: true },
      body: { metadata: { labels: { 'db.example.com/role': null } } },
    },
    {
      ...{ who: 'a member that ends asks whether another does', method: 'GET' },
      path: at('pods?fieldSelector=metadata.name%3Dorders-1'),
    },
    touch('the member follows', 'replica', { state: 'running', role: 'replica', timeline: 2 }),
    patch('the lock is given away', 'leader', { leader: null, optime: '50331700' }, true),
    tell('the member says how its archive is', { 'db.example.com/archive': '{"state":"archiving"}' }),
    list('a backup is listed', 'ballast-backup', { 'db.example.com/backups': '{"backups":[]}' }),
    list('a backup was verified', 'ballast-verify', { 'db.example.com/verified': '{"succeeded":true}' }),
    { who: 'the member looks for a restore', method: 'GET', path: at('configmaps/orders-restore') },
    tell('the member says that it is held', { 'db.example.com/restore': '{"held":"1111111111111111"}' }),
    patch('the member says that it has restored', 'restore', {
      'db.example.com/restore-result': '{"state":"restored"}',
    }),
    touch('the member stops', null, { state: 'stopped', role: 'replica' }),
  ];
}
