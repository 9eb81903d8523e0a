import type { Attempt } from './attempts.ts';
import { at, change, create, labelled, remove } from './attempts.ts';
import { NO_BACKUPS } from './backups.ts';
import { NO_RESTORES } from './restores.ts';

const meta = (name: string, database = 'orders'): object => ({ name, labels: labelled(database) });
const secret = (title: string, metadata: object, type = 'Opaque'): Attempt =>
  create(title, 'secrets', { ...{ type, data: { password: '' } }, metadata });
const annotate = (annotations: object): object => ({ metadata: { annotations } });
const label = (labels: object): object => ({ metadata: { labels } });
const owned = {
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'app', uid: '00000000-0000-0000-0000-000000000000' }],
};

const DATABASES: readonly Attempt[] = [
  change('changes a spec', at('databases', 'orders'), { spec: { replicas: 1 } }),
  change('confirms a deletion', at('databases', 'orders'), annotate({ 'db.example.com/confirm-delete': 'orders' })),
  change("adds somebody else's finalizer", at('databases', 'orders'), { metadata: { finalizers: ['example.com/x'] } }),
  remove('deletes a Database', 'databases', 'orders'),
];

const OTHER_IMAGE = {
  body: [{ op: 'replace', path: '/spec/containers/0/image', value: 'other' }],
  type: 'application/json-patch+json',
};

const PODS: readonly Attempt[] = [
  { title: 'changes the image of a member', method: 'PATCH', path: at('pods', 'orders-0'), ...OTHER_IMAGE },
  change('changes another label of a member', at('pods', 'orders-0'), label({ app: 'web' })),
  change('moves a member to another Database', at('pods', 'orders-0'), label({ 'db.example.com/database': 'web' })),
  change('annotates a member', at('pods', 'orders-0'), annotate({ leader: 'x' })),
  change('sets a finalizer on a member', at('pods', 'orders-0'), { metadata: { finalizers: ['example.com/x'] } }),
  change("labels somebody else's pod", at('pods', 'web-0'), label({ 'db.example.com/role': 'primary' })),
  change("takes somebody else's pod over", at('pods', 'web-0'), label({ 'db.example.com/database': 'web' })),
  { title: "changes the image of somebody else's pod", method: 'PATCH', path: at('pods', 'web-0'), ...OTHER_IMAGE },
  remove("deletes somebody else's pod", 'pods', 'web-0'),
  remove('deletes a pod of the Database that is no member', 'pods', 'orders-backup-xyz'),
  {
    ...{ title: 'evicts a pod that bears no name of a member', method: 'POST', path: `${at('pods', 'web')}/eviction` },
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web', namespace: 'held' } },
  },
  create('makes a pod', 'pods', {
    metadata: meta('orders-1'),
    spec: { containers: [{ name: 'a', image: 'a' }] },
  }),
  { title: 'runs a command in a member', method: 'POST', path: `${at('pods', 'orders-0')}/exec?command=id` },
  { title: 'lends itself a token', method: 'POST', path: `${at('serviceaccounts', 'billing')}/token`, body: {} },
];

const CONFIG_MAPS: readonly Attempt[] = [
  change("writes into somebody else's ConfigMap", at('configmaps', 'app'), { data: { url: 'evil' } }),
  change('labels it first', at('configmaps', 'app'), label(labelled('app'))),
  change('takes over one that bears a rendered name', at('configmaps', 'billing-settings'), label(labelled('billing'))),
  change("writes data into Patroni's", at('configmaps', 'orders-leader'), { data: { history: '[]' } }),
  change("writes another annotation into Patroni's", at('configmaps', 'orders-leader'), annotate({ history: '[]' })),
  change(
    "takes the label from Patroni's",
    at('configmaps', 'orders-leader'),
    label({ 'db.example.com/database': null }),
  ),
  create("makes Patroni's lock", 'configmaps', { metadata: meta('fresh-leader', 'fresh') }),
  create('makes a switchover with data in it', 'configmaps', {
    metadata: meta('orders-failover'),
    data: { a: 'b' },
  }),
  create('makes one of another name', 'configmaps', { metadata: meta('orders-other') }),
  create('makes one without a label', 'configmaps', { metadata: { name: 'orders-failover' } }),
  create('makes one for a Database whose name goes on', 'configmaps', { metadata: meta('orders-app-failover') }),
  create('makes one whose name is left to the API server', 'configmaps', {
    metadata: { generateName: 'orders-failover', labels: labelled('orders') },
  }),
  remove("deletes somebody else's", 'configmaps', 'app'),
  remove('deletes one that bears a rendered name', 'configmaps', 'billing-settings'),
  remove('deletes one with the label and a name of its own', 'configmaps', 'orders-notes'),
  { title: 'deletes all at once', method: 'DELETE', path: at('configmaps') },
];

const CLAIMS: readonly Attempt[] = [
  remove("deletes somebody else's claim", 'persistentvolumeclaims', 'photos'),
  remove('deletes one that only bears a name of ours', 'persistentvolumeclaims', 'data-billing-0'),
  change(
    "annotates somebody else's claim",
    at('persistentvolumeclaims', 'photos'),
    annotate({ 'db.example.com/owner': 'x' }),
  ),
  change(
    'takes over one that bears a name of ours',
    at('persistentvolumeclaims', 'data-billing-0'),
    label(labelled('billing')),
  ),
  change('gives a claim an owner', at('persistentvolumeclaims', 'data-orders-0'), { metadata: owned }),
  change('takes the finalizer from a claim', at('persistentvolumeclaims', 'data-orders-0'), {
    metadata: { finalizers: ['example.com/x'] },
  }),
];

const SECRETS: readonly Attempt[] = [
  secret('makes a Secret without labels', { name: 'orders-ca' }),
  secret('makes one of another name', meta('orders-other')),
  secret("makes one by another Database's label", meta('orders-ca', 'billing')),
  secret('makes one for a Database whose name goes on', meta('orders-app-tls')),
  secret('makes one with an owner', { ...meta('orders-ca'), ...owned }),
  secret(
    'makes a token of an account',
    { ...meta('orders-ca'), annotations: { 'kubernetes.io/service-account.name': 'billing' } },
    'kubernetes.io/service-account-token',
  ),
  secret('makes a token to join the cluster', meta('orders-ca'), 'bootstrap.kubernetes.io/token'),
  { title: 'lists Secrets', method: 'GET', path: at('secrets') },
  { title: 'reads another Secret', method: 'GET', path: at('secrets', 'orders-notes') },
  change('writes into a Secret that somebody else brought', at('secrets', 'orders-tls'), { data: { a: '' } }),
  change('takes over a Secret that somebody else brought', at('secrets', 'orders-tls'), label(labelled('orders'))),
  remove('deletes a Secret that somebody else brought', 'secrets', 'orders-tls'),
  change(
    'labels its Secret for another Database',
    at('secrets', 'orders-app'),
    label({ 'db.example.com/database': 'x' }),
  ),
  change('gives its Secret an owner', at('secrets', 'orders-app'), { metadata: owned }),
];

const OTHERS: readonly Attempt[] = [
  change("scales somebody else's StatefulSet", `${at('statefulsets', 'web')}/scale`, { spec: { replicas: 0 } }),
  remove("deletes somebody else's StatefulSet", 'statefulsets', 'web'),
  remove('deletes a Service that bears a name of ours', 'services', 'billing-primary'),
  remove("deletes somebody else's account", 'serviceaccounts', 'billing'),
  remove('deletes a Role that bears a name of ours', 'roles', 'billing-members'),
  remove('deletes a RoleBinding that bears a name of ours', 'rolebindings', 'billing-members'),
  remove('deletes a namespace', 'namespaces', 'held'),
  create('makes a DaemonSet', 'daemonsets', { metadata: meta('orders') }),
];

const POWER = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
const CLUSTER_WIDE: readonly Attempt[] = [
  ...['clusterroles', 'clusterrolebindings'].map((plural): Attempt => ({
    ...{ title: `makes one of the ${plural}`, method: 'POST', path: at(plural, '', '') },
    body: {
      metadata: { name: 'orders-controller', labels: labelled('orders') },
      ...(plural === 'clusterroles'
        ? { rules: [POWER] }
        : { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' } }),
    },
  })),
  ...['validatingadmissionpolicies', 'validatingadmissionpolicybindings'].map((plural): Attempt => ({
    ...{ title: `takes away one of the ${plural}`, method: 'DELETE' },
    path: at(plural, 'ballast-controller-roles', ''),
  })),
  change(
    'changes what a namespace lets pods do',
    at('namespaces', 'held', ''),
    label({
      'pod-security.kubernetes.io/enforce': 'privileged',
    }),
  ),
  change('annotates a namespace', at('namespaces', 'held', ''), annotate({ a: 'b' })),
];

/** Acts that the controller must never be able to do, with and without direct mode. */
export const NEVER: readonly Attempt[] = [
  ...NO_BACKUPS,
  ...NO_RESTORES,
  ...[...DATABASES, ...PODS, ...CONFIG_MAPS, ...CLAIMS, ...SECRETS, ...OTHERS, ...CLUSTER_WIDE],
];

/** Acts that it must not be able to do without direct mode. */
export const NOT_APPLIED: readonly Attempt[] = [
  change('changes settings', at('configmaps', 'orders-settings'), { data: { 'pg_hba.conf': '' } }),
  create('makes settings', 'configmaps', { metadata: meta('fresh-settings', 'fresh') }),
  create('makes a dashboard', 'configmaps', { metadata: meta('fresh-dashboard', 'fresh') }),
  change('labels a claim', at('persistentvolumeclaims', 'data-orders-0'), label({ app: 'web' })),
  change('has a volume served otherwise', at('persistentvolumeclaims', 'data-orders-1'), {
    spec: { volumeAttributesClassName: 'fast' },
  }),
  change('has a volume served otherwise while it grows', at('persistentvolumeclaims', 'data-orders-1'), {
    spec: { volumeAttributesClassName: 'fast', resources: { requests: { storage: '20Gi' } } },
  }),
  change(
    'annotates a claim for others',
    at('persistentvolumeclaims', 'data-orders-0'),
    annotate({ 'example.com/a': 'b' }),
  ),
];
