import type { Account } from '../../../../controller/account.ts';
import { resourceNamed } from '../../../../controller/resources.ts';
import { secretNames } from '../../../../controller/credentials/secret.ts';
import type { Attempt } from './attempts.ts';
import { apply, at, change, create, labelled, remove } from './attempts.ts';
import { BACKUPS } from './backups.ts';
import { rendered } from './fixtures.ts';
import { RESTORES } from './restores.ts';

const typeOf = (name: string): string => (name.endsWith('-tls') ? 'kubernetes.io/tls' : 'Opaque');
const PAIR = { 'tls.crt': '', 'tls.key': '' };

/** Each act of controller/databases/acts/ that needs no right to apply manifests. */
export const ALWAYS: readonly Attempt[] = [
  change('adds its finalizer', at('databases', 'orders'), { metadata: { finalizers: ['db.example.com/database'] } }),
  change('writes a status', `${at('databases', 'orders')}/status`, { status: { phase: 'Running' } }),
  change('takes the label of the primary from a pod', at('pods', 'orders-0'), {
    metadata: { labels: { 'db.example.com/role': null } },
  }),
  remove('deletes a member', 'pods', 'orders-0'),
  {
    ...{ title: 'evicts a member', method: 'POST', path: `${at('pods', 'orders-0')}/eviction` },
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'orders-0', namespace: 'held' } },
  },
  create('asks for a switchover', 'configmaps', {
    metadata: { name: 'orders-failover', labels: labelled('orders'), annotations: { leader: 'orders-0' } },
  }),
  change('frees the lock', at('configmaps', 'orders-leader'), { metadata: { annotations: { leader: null } } }),
  change('configures', at('configmaps', 'orders-config'), {
    metadata: { annotations: { config: '{}', 'db.example.com/configured-at': 'now' } },
  }),
  change('notes on a claim whose data it holds', at('persistentvolumeclaims', 'data-orders-0'), {
    metadata: { annotations: { 'db.example.com/owner': 'uid', 'db.example.com/database-uid': 'uid' } },
  }),
  change('asks for more space on a claim', at('persistentvolumeclaims', 'data-orders-1'), {
    spec: { resources: { requests: { storage: '20Gi' } } },
  }),
  ...secretNames('fresh').map((name) =>
    create(`makes the Secret ${name}`, 'secrets', {
      metadata: { name, labels: labelled('fresh') },
      ...{ type: typeOf(name), data: name.endsWith('-tls') ? PAIR : { password: '' } },
    }),
  ),
  change('writes a new password', at('secrets', 'orders-app'), { data: { password: 'dHdv' } }),
  remove('takes a Secret away that it made', 'secrets', 'orders-app'),
  change('scales', `${at('statefulsets', 'orders')}/scale`, { spec: { replicas: 0 } }),
  remove('takes the StatefulSet away', 'statefulsets', 'orders'),
  remove('takes a claim away', 'persistentvolumeclaims', 'data-orders-0'),
  ...['orders-settings', 'orders-leader', 'orders-sync'].map((name) =>
    remove(`takes ${name} away`, 'configmaps', name),
  ),
  remove('takes a Service away', 'services', 'orders-primary'),
  remove('takes the CronJob of verifications away', 'cronjobs', 'orders-verify'),
  remove('takes a Role away', 'roles', 'orders-members'),
  ...BACKUPS,
  ...RESTORES,
  create('tells an event', 'events', {
    metadata: { name: 'one' },
    ...{ eventTime: '2026-11-20T10:00:00.000000Z', reason: 'Serving', action: 'Observe', type: 'Normal', note: '' },
    ...{ reportingController: 'ballast-controller', reportingInstance: 'one' },
    regarding: { apiVersion: 'db.example.com/v1alpha1', kind: 'Database', name: 'orders', namespace: 'held' },
  }),
];

/** What an installation for all namespaces does beside. */
export const CLUSTER: readonly Attempt[] = [
  change('protects a namespace', at('namespaces', 'held', ''), {
    metadata: { labels: { 'db.example.com/protected': 'true' } },
  }),
];

const core = (resources: string, verbs: string[], resourceNames?: string[]): object => ({
  ...{ apiGroups: [''], resources: [resources], verbs },
  ...(resourceNames && { resourceNames }),
});

const ordinals = (name: string): string[] => Array.from({ length: 9 }, (_, ordinal) => `${name}-${ordinal}`);
const patroni = (name: string): string[] =>
  ['config', 'leader', 'failover', 'sync', 'failsafe'].map((end) => `${name}-${end}`);

/** A Role with the narrowest rights that members can do with. */
const NARROW = {
  ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
  metadata: {
    name: 'orders-members',
    labels: labelled('orders'),
    annotations: { 'db.example.com/database-uid': 'uid' },
  },
  rules: [
    core('pods', ['get', 'patch'], ordinals('orders')),
    core('pods', ['list', 'watch']),
    core('configmaps', ['get', 'patch', 'update'], patroni('orders')),
    core('configmaps', ['create', 'list', 'watch']),
  ],
};

/** The additional acts of direct mode: all manifests, and changes of existing objects. */
export function direct(account: Account): Attempt[] {
  const all = rendered(account).map((manifest) => {
    const { plural } = resourceNamed(manifest.kind);
    const object = manifest as unknown as { metadata: { name: string } };
    return apply(`applies ${manifest.kind} ${object.metadata.name}`, plural, object);
  });
  const subjects = (name: string): object[] => [{ kind: 'ServiceAccount', name, namespace: 'held' }];
  return [
    ...all,
    apply('gives members the narrowest rights', 'roles', NARROW),
    apply('binds them to an account that is named for members', 'rolebindings', {
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
      metadata: { name: 'orders-members', labels: labelled('orders') },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'orders-members' },
      subjects: [...subjects('orders'), ...subjects('ballast-member-orders')],
    }),
    apply('changes settings', 'configmaps', {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { 'pg_hba.conf': '' } },
      metadata: { name: 'orders-settings', labels: labelled('orders') },
    }),
    apply('labels a claim again', 'persistentvolumeclaims', {
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
      metadata: { name: 'data-orders-0', labels: { ...labelled('orders'), 'app.kubernetes.io/version': '17' } },
    }),
  ];
}
