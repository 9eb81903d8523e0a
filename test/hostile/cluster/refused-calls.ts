import type { Call } from './member-stage.ts';
import { MERGE, NAMESPACE, STRATEGIC, at } from './member-stage.ts';

/** An act that a member's token must not be able to do, in a sentence, and the part that refuses it. */
export interface Refused extends Call {
  readonly what: string;
  /** RBAC, or a part of the message of the policy that does. */
  readonly by: 'RBAC' | RegExp;
  /** Acts that even an administrator cannot do here, without a kubelet, or that a dry run cannot judge. */
  readonly untried?: true;
}

const RBAC = 'RBAC';
const IMAGE = { spec: { containers: [{ name: 'postgresql', image: 'evil' }] } };
const group = (name: string, resource: string): string => `/apis/${name}/namespaces/${NAMESPACE}/${resource}`;

const patch = (what: string, by: Refused['by'], path: string, body: object): Refused => ({
  ...{ what, by, method: 'PATCH', path, body, type: MERGE },
});
const byKey = (call: Refused): Refused => ({ ...call, type: STRATEGIC });
const untried = (call: Refused): Refused => ({ ...call, untried: true });
const make = (what: string, by: Refused['by'], path: string, body: object): Refused => ({
  ...{ what, by, method: 'POST', path, body },
});
const remove = (what: string, path: string): Refused => ({ what, by: RBAC, method: 'DELETE', path });
const read = (what: string, path: string): Refused => ({ what, by: RBAC, method: 'GET', path });

const meta = (metadata: object): object => ({ metadata });
const PODS_ONLY = /labels and annotations of a pod, and nothing else/;
const ROLE_ONLY = /the label db.example.com\/role of its own pod/;
const STATUS_ONLY =
  /the annotations status, db\.example\.com\/archive and db\.example\.com\/restore of its own pod only/;
const OWN_PARTS = /ConfigMaps of its own Database's Patroni only/;
const LABELS_STAY = /must leave Patroni's ConfigMaps the labels/;
const OWN_NOTES = /Patroni's own annotations of its ConfigMaps only/;
const NO_DATA = /annotations of Patroni's ConfigMaps, and nothing else/;
const OWN_LOCK = /take the lock for itself only/;

const LABELS = {
  'app.kubernetes.io/component': 'database',
  'app.kubernetes.io/managed-by': 'ballast',
  'db.example.com/database': 'orders',
};
const note = (name: string, more: object = {}, labels: object = LABELS): object => ({
  metadata: { name, labels },
  ...more,
});

const PODS: readonly Refused[] = [
  byKey(patch('the image of its own pod', PODS_ONLY, at('pods/orders-0'), IMAGE)),
  byKey(patch('the image of another member', PODS_ONLY, at('pods/orders-1'), IMAGE)),
  byKey(patch('the image of a pod of another Database', RBAC, at('pods/billing-0'), IMAGE)),
  byKey(patch('the image of somebody’s pod', RBAC, at('pods/web'), IMAGE)),
  patch('the deadline of its own pod', PODS_ONLY, at('pods/orders-0'), { spec: { activeDeadlineSeconds: 1 } }),
  patch('a finalizer on its own pod', PODS_ONLY, at('pods/orders-0'), meta({ finalizers: ['example.com/x'] })),
  patch(
    'an owner of its own pod',
    PODS_ONLY,
    at('pods/orders-0'),
    meta({ ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' }] }),
  ),
  patch(
    'which Database its pod belongs to',
    ROLE_ONLY,
    at('pods/orders-0'),
    meta({ labels: { 'db.example.com/database': 'billing' } }),
  ),
  patch('a label by which another Service finds it', ROLE_ONLY, at('pods/orders-0'), meta({ labels: { app: 'web' } })),
  patch(
    'the loss of a label that Services select by',
    ROLE_ONLY,
    at('pods/orders-0'),
    meta({ labels: { 'app.kubernetes.io/component': null } }),
  ),
  patch(
    'another annotation of its own pod',
    STATUS_ONLY,
    at('pods/orders-0'),
    meta({ annotations: { 'example.com/x': 'y' } }),
  ),
  patch(
    'the loss of an annotation of its own pod',
    STATUS_ONLY,
    at('pods/orders-0'),
    meta({ annotations: { 'db.example.com/start-configuration': null } }),
  ),
  patch(
    'what another member says of itself',
    STATUS_ONLY,
    at('pods/orders-1'),
    meta({ annotations: { status: '{"conn_url":"postgres://evil"}' } }),
  ),
  patch(
    'the primary’s role for another member',
    ROLE_ONLY,
    at('pods/orders-2'),
    meta({ labels: { 'db.example.com/role': 'primary' } }),
  ),
  patch(
    'a role of a pod of another Database',
    RBAC,
    at('pods/billing-0'),
    meta({ labels: { 'db.example.com/role': null } }),
  ),
  patch(
    'the role of a pod that took the name of a member',
    /pods of its own Database only/,
    at('pods/orders-8'),
    meta({ labels: { 'db.example.com/role': null } }),
  ),
  patch('the status of its own pod', RBAC, at('pods/orders-0/status'), { status: { phase: 'Failed' } }),
  byKey(
    patch('a container beside the primary', RBAC, at('pods/orders-0/ephemeralcontainers'), {
      spec: { ephemeralContainers: [{ name: 'x', image: 'evil' }] },
    }),
  ),
  {
    ...{ what: 'the resources of its own pod', by: RBAC, method: 'PATCH', path: at('pods/orders-0/resize') },
    body: { spec: { containers: [{ name: 'postgresql', resources: { limits: { cpu: '9' } } }] } },
    ...{ type: STRATEGIC, untried: true },
  },
  {
    what: 'its own pod as a whole',
    by: RBAC,
    method: 'PUT',
    path: at('pods/orders-0'),
    body: meta({ name: 'orders-0' }),
    untried: true,
  },
  remove('its own pod gone', at('pods/orders-0')),
  remove('another member gone', at('pods/orders-1')),
  remove('all pods gone', at('pods')),
  make('a pod', RBAC, at('pods'), { metadata: { name: 'x' }, spec: { containers: [{ name: 'x', image: 'evil' }] } }),
  untried(make('the eviction of a member', RBAC, at('pods/orders-1/eviction'), meta({ name: 'orders-1' }))),
  untried(
    make('a pod on a node of its choice', RBAC, at('pods/orders-0/binding'), {
      metadata: { name: 'orders-0' },
      target: { kind: 'Node', name: 'x' },
    }),
  ),
  untried(make('a program in another member', RBAC, at('pods/orders-1/exec?command=sh&stdout=true'), {})),
  untried(make('a connection to another member', RBAC, at('pods/orders-1/portforward?ports=5432'), {})),
  { ...read('what another member logs', at('pods/orders-1/log')), untried: true },
  read('a pod by its name', at('pods/web')),
];

const CONFIG_MAPS: readonly Refused[] = [
  make('a ConfigMap of any name', OWN_PARTS, at('configmaps'), note('other')),
  make('a ConfigMap of another Database’s Patroni', OWN_PARTS, at('configmaps'), note('billing-sync')),
  make('one of a Database whose name begins like its own', OWN_PARTS, at('configmaps'), note('orders-eu-config')),
  make('the settings of its Database, before they are there', OWN_PARTS, at('configmaps'), note('orders-dashboard')),
  make('a name that the API server chooses', OWN_PARTS, at('configmaps'), {
    metadata: { generateName: 'orders-sync-', labels: LABELS },
  }),
  make('one of Patroni’s without labels', LABELS_STAY, at('configmaps'), note('orders-sync', {}, {})),
  make(
    'one of Patroni’s that another Database takes for its own',
    LABELS_STAY,
    at('configmaps'),
    note('orders-sync', {}, { ...LABELS, 'db.example.com/database': 'billing' }),
  ),
  make(
    'one of Patroni’s with a label for others',
    LABELS_STAY,
    at('configmaps'),
    note('orders-sync', {}, { ...LABELS, grafana_dashboard: '1' }),
  ),
  make('data in one of Patroni’s', NO_DATA, at('configmaps'), note('orders-sync', { data: { x: 'y' } })),
  make('bytes in one of Patroni’s', NO_DATA, at('configmaps'), note('orders-sync', { binaryData: { x: 'eQ==' } })),
  make('one of Patroni’s that nobody can change', NO_DATA, at('configmaps'), note('orders-sync', { immutable: true })),
  patch(
    'the lock for somebody who is no member',
    OWN_LOCK,
    at('configmaps/orders-leader'),
    meta({ annotations: { leader: 'evil' } }),
  ),
  patch('data in the leader object', NO_DATA, at('configmaps/orders-leader'), { data: { x: 'y' } }),
  patch(
    'a finalizer on the leader object',
    NO_DATA,
    at('configmaps/orders-leader'),
    meta({ finalizers: ['example.com/x'] }),
  ),
  patch(
    'other annotations of the leader object',
    OWN_NOTES,
    at('configmaps/orders-leader'),
    meta({ annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }),
  ),
  patch(
    'the controller’s note on the configuration',
    OWN_NOTES,
    at('configmaps/orders-config'),
    meta({ annotations: { 'db.example.com/configured-at': '2999-01-01T00:00:00Z' } }),
  ),
  patch(
    'the loss of the dynamic configuration',
    OWN_NOTES,
    at('configmaps/orders-config'),
    meta({ annotations: { config: null } }),
  ),
  patch(
    'the loss of the label by which members find it',
    LABELS_STAY,
    at('configmaps/orders-config'),
    meta({ labels: { 'db.example.com/database': null } }),
  ),
  patch('the settings of its Database', RBAC, at('configmaps/orders-settings'), {
    data: { 'pg_hba.conf': 'host all all all trust' },
  }),
  patch(
    'the notes of another Database',
    RBAC,
    at('configmaps/billing-config'),
    meta({ annotations: { config: '{}' } }),
  ),
  patch('the ConfigMap of another application', RBAC, at('configmaps/web'), { data: { x: 'y' } }),
  patch('the certificate that all pods trust', RBAC, at('configmaps/kube-root-ca.crt'), { data: { 'ca.crt': 'evil' } }),
  patch(
    'the request for a restore',
    OWN_NOTES,
    at('configmaps/orders-restore'),
    meta({ annotations: { 'db.example.com/restore-request': '{"id":"1111111111111111","state":"restore"}' } }),
  ),
  patch(
    'the end of a restore that another Database is asked for',
    RBAC,
    at('configmaps/billing-restore'),
    meta({ annotations: { 'db.example.com/restore-result': '{"state":"restored"}' } }),
  ),
  patch(
    'a request among the backups',
    OWN_NOTES,
    at('configmaps/orders-backups'),
    meta({ annotations: { 'db.example.com/restore-request': '{}' } }),
  ),
  remove('the request for a restore gone', at('configmaps/orders-restore')),
  remove('the leader object gone', at('configmaps/orders-leader')),
  remove('all notes gone', at('configmaps?labelSelector=db.example.com/database=orders')),
  {
    what: 'the leader object as a whole',
    by: RBAC,
    method: 'PUT',
    path: at('configmaps/orders-leader'),
    body: note('orders-leader'),
  },
  // Last, because it deletes the object and creates it again.
  make('the lock for another member', OWN_LOCK, at('configmaps'), {
    metadata: { name: 'orders-leader', labels: LABELS, annotations: { leader: 'orders-1' } },
  }),
  read('a ConfigMap by its name', at('configmaps/web')),
];

const OTHERS: readonly Refused[] = [
  read('Secrets', at('secrets')),
  read('the superuser’s password', at('secrets/orders-superuser')),
  make('a Secret', RBAC, at('secrets'), meta({ name: 'x' })),
  make('a token of its own account', RBAC, at('serviceaccounts/ballast-member-orders/token'), { spec: {} }),
  make('a token of another account', RBAC, at('serviceaccounts/default/token'), { spec: {} }),
  make('an account', RBAC, at('serviceaccounts'), meta({ name: 'x' })),
  patch('where the primary’s Service leads', RBAC, at('services/orders-primary'), { spec: { externalName: 'evil' } }),
  make('a Service', RBAC, at('services'), { metadata: { name: 'x' }, spec: { ports: [{ port: 1 }] } }),
  make('endpoints', RBAC, at('endpoints'), meta({ name: 'orders-primary' })),
  patch('its volume claim', RBAC, at('persistentvolumeclaims/data-orders-0'), meta({ labels: { x: 'y' } })),
  remove('its volume claim gone', at('persistentvolumeclaims/data-orders-0')),
  make('an event', RBAC, at('events'), { metadata: { name: 'x' }, involvedObject: { namespace: NAMESPACE } }),
  patch('how many members there are', RBAC, group('apps/v1', 'statefulsets/orders/scale'), { spec: { replicas: 0 } }),
  patch('the StatefulSet', RBAC, group('apps/v1', 'statefulsets/orders'), { spec: { replicas: 0 } }),
  make('a Job', RBAC, group('batch/v1', 'jobs'), {
    metadata: { name: 'x' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'x' }] } } },
  }),
  patch('its own rights', RBAC, group('rbac.authorization.k8s.io/v1', 'roles/orders-members'), { rules: [] }),
  make('rights of others', RBAC, group('rbac.authorization.k8s.io/v1', 'rolebindings'), {
    metadata: { name: 'x' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'orders-members' },
  }),
  make('a lease', RBAC, group('coordination.k8s.io/v1', 'leases'), meta({ name: 'x' })),
  patch('who may reach it', RBAC, group('networking.k8s.io/v1', 'networkpolicies/orders-network'), {
    spec: { ingress: [{}] },
  }),
  patch('its disruption budget', RBAC, group('policy/v1', 'poddisruptionbudgets/orders'), {
    spec: { maxUnavailable: 9 },
  }),
  read('nodes', '/api/v1/nodes'),
  read('pods of all namespaces', '/api/v1/pods?limit=1'),
  read('ConfigMaps of another namespace', '/api/v1/namespaces/kube-system/configmaps'),
  read('namespaces', '/api/v1/namespaces'),
  remove('its namespace gone', `/api/v1/namespaces/${NAMESPACE}`),
  remove(
    'the policy about members gone',
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/ballast-member-pods',
  ),
];

/** All of them. */
export const REFUSED: readonly Refused[] = [...PODS, ...CONFIG_MAPS, ...OTHERS];
