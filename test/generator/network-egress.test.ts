import { expect } from 'chai';
import type { Manifest } from '../../generator/metadata.ts';
import type { End, Target } from './network-policies.ts';
import { letsIn, letsOut } from './network-policies.ts';
import type { Written } from './network-scene.ts';
import { NAMESPACE, ownEnds, rendered } from './network-scene.ts';

const pod = (namespace: string, labels: Record<string, string>): End => ({ namespace, labels });
const own = (component: string): End =>
  pod(NAMESPACE, { 'db.example.com/database': 'orders', 'app.kubernetes.io/component': component });

/** Every target that a process in a Database's pod could want to reach. */
const TARGETS = {
  names: { ...pod('kube-system', { 'k8s-app': 'kube-dns' }), port: 53, protocol: 'UDP' },
  'names over TCP': { ...pod('kube-system', { 'k8s-app': 'kube-dns' }), port: 53 },
  'names in OpenShift': { ...pod('openshift-dns', { dns: 'default' }), port: 5353, protocol: 'UDP' },
  'names from a cache on the node': { outside: 'node', port: 53, protocol: 'UDP' },
  'the API server of kubeadm': { outside: 'node', port: 6443 },
  'the API server of a managed cluster': { outside: 'beyond the cluster', port: 443 },
  'the API server of minikube': { outside: 'node', port: 8443 },
  'members at 5432': { ...own('database'), port: 5432 },
  'members at 8008': { ...own('database'), port: 8008 },
  'members at 8432': { ...own('database'), port: 8432 },
  'the repository': { ...own('backup'), port: 8432 },
  'a store beside it': { ...pod(NAMESPACE, { app: 'minio' }), port: 9000 },
  'a store in storage': { ...pod('storage', { app: 'minio' }), port: 9000 },
  'a store in public at 9000': { outside: 'beyond the cluster', port: 9000 },
  'the repository of billing': { ...pod(NAMESPACE, { 'db.example.com/database': 'billing' }), port: 8432 },
  'another Database': { ...pod(NAMESPACE, { 'db.example.com/database': 'billing' }), port: 5432 },
  'a Database elsewhere': { ...pod('blog', { 'db.example.com/database': 'orders' }), port: 5432 },
  'an application': { ...pod(NAMESPACE, { app: 'web' }), port: 8080 },
  'the web': { outside: 'beyond the cluster', port: 80 },
  'a login to a node': { outside: 'node', port: 22 },
  'the kubelet': { outside: 'node', port: 10250 },
  'the metadata of the cloud': { outside: 'beyond the cluster', address: '169.254.169.254', port: 80 },
  'the metadata of GKE': { outside: 'beyond the cluster', address: '169.254.169.252', port: 988 },
} as const satisfies Record<string, Target>;

type TargetName = keyof typeof TARGETS;

const NAMES: readonly TargetName[] = [
  'names',
  'names over TCP',
  'names in OpenShift',
  'names from a cache on the node',
];
const API: readonly TargetName[] = [
  'the API server of kubeadm',
  'the API server of a managed cluster',
  'the API server of minikube',
];
const METADATA: readonly TargetName[] = ['the metadata of the cloud', 'the metadata of GKE'];
const HTTPS: TargetName = 'the API server of a managed cluster';
/** A port of a public host is open everywhere: no policy knows a host by its name. */
const AT_9000: readonly TargetName[] = ['a store beside it', 'a store in storage', 'a store in public at 9000'];
const CLUSTER: readonly TargetName[] = ['members at 5432', 'members at 8008'];
const WITH_BACKUPS: readonly TargetName[] = [...CLUSTER, 'members at 8432', 'the repository'];
const EVERYTHING = Object.keys(TARGETS) as TargetName[];

/** The forms of a destination, and the additional targets of members and jobs. */
const DESTINATIONS: readonly { readonly written: unknown; readonly bucket: readonly TargetName[] }[] = [
  { written: 'pvc://', bucket: [] },
  { written: { pvc: { size: '40Gi' } }, bucket: [] },
  { written: 's3://acme-backups/orders', bucket: [HTTPS] },
  { written: { s3: { bucket: 'acme-backups' } }, bucket: [HTTPS] },
  {
    written: { s3: { bucket: 'acme-backups', endpoint: 's3.example.org', credentialsSecret: 'keys' } },
    bucket: [HTTPS],
  },
  { written: 'gs://acme-backups/orders', bucket: [HTTPS, ...METADATA] },
  { written: { gcs: { bucket: 'acme-backups', credentialsSecret: 'keys' } }, bucket: [HTTPS] },
  {
    written: { gcs: { bucket: 'acme-backups', endpoint: 'store.storage.svc', credentialsSecret: 'keys' } },
    bucket: ['a store in storage', HTTPS],
  },
  { written: 'azure://acme/backups', bucket: [HTTPS, 'the metadata of the cloud'] },
  { written: { azure: { account: 'acme', container: 'backups', credentialsSecret: 'keys' } }, bucket: [HTTPS] },
  // Without keys pods ask Amazon for some, whatever store they are for.
  { written: { s3: { bucket: 'acme-backups', endpoint: 'minio.storage.svc' } }, bucket: ['a store in storage', HTTPS] },
  {
    written: { s3: { bucket: 'acme-backups', endpoint: 's3.example.org:9000', credentialsSecret: 'keys' } },
    bucket: AT_9000,
  },
  {
    written: { s3: { bucket: 'acme-backups', endpoint: '198.51.100.7:9000', credentialsSecret: 'keys' } },
    bucket: AT_9000,
  },
  {
    written: { s3: { bucket: 'acme-backups', endpoint: 'minio.storage.svc', credentialsSecret: 'keys' } },
    bucket: ['a store in storage'],
  },
  {
    written: { s3: { bucket: 'acme-backups', endpoint: 'minio.storage.svc:443', credentialsSecret: 'keys' } },
    bucket: ['a store in storage'],
  },
  {
    written: {
      s3: { bucket: 'acme-backups', endpoint: 'minio.storage.svc.cluster.local:9000', credentialsSecret: 'keys' },
    },
    bucket: ['a store in storage'],
  },
  {
    written: { s3: { bucket: 'acme-backups', endpoint: 'Minio.Storage.SVC', credentialsSecret: 'keys' } },
    bucket: ['a store in storage'],
  },
  // A host of two words may be a Service in another namespace, or a public DNS name.
  {
    written: { s3: { bucket: 'acme-backups', endpoint: 'minio.storage', credentialsSecret: 'keys' } },
    bucket: ['a store in storage', HTTPS],
  },
];

/** A Service of the namespace itself leads to any pod beside the Database. */
const BESIDE = { s3: { bucket: 'acme-backups', endpoint: 'minio:9000', credentialsSecret: 'keys' } };

const backup = (destination: unknown): object => ({ backup: { enabled: true, schedule: '0 2 * * *', destination } });

interface Case extends Written {
  readonly title: string;
  readonly out: Readonly<Record<string, readonly TargetName[]>>;
}

const CASES: readonly Case[] = [
  {
    title: 'members reach the name service, the API server and each other',
    spec: {},
    out: { 'a member': [...NAMES, ...API, ...CLUSTER] },
  },
  {
    title: 'members that change their account do as well',
    spec: {},
    account: 'ballast-member-orders',
    out: { 'a member': [...NAMES, ...API, ...CLUSTER] },
  },
  {
    title: 'nothing closes for members under the account of an earlier version',
    spec: backup('s3://acme-backups/orders'),
    account: 'orders',
    out: { 'a member': EVERYTHING, 'a backup job': EVERYTHING },
  },
  {
    title: 'a bucket beside the Database opens its namespace',
    spec: backup(BESIDE),
    out: Object.fromEntries(
      ['a member', 'a backup job'].map((name) => [
        name,
        [
          ...NAMES,
          ...API,
          ...WITH_BACKUPS,
          ...(['a store beside it', 'the repository of billing', 'another Database', 'an application'] as const),
        ],
      ]),
    ),
  },
  {
    title: 'what a bucket held is reached at the first start',
    spec: {
      bootstrap: {
        restore: {
          from: 'billing',
          destination: { s3: { bucket: 'abc', endpoint: 's3.example.org:9000', credentialsSecret: 'keys' } },
        },
      },
    },
    out: { 'a member': [...NAMES, ...API, ...CLUSTER, ...AT_9000] },
  },
  {
    title: 'the volume that the Database itself left is reached at the first start, as at any other',
    spec: { backup: { destination: 'pvc://' }, bootstrap: { restore: { from: 'orders' } } },
    out: {
      'a member': [...NAMES, ...API, ...WITH_BACKUPS],
      'a backup job': [...NAMES, ...API, ...WITH_BACKUPS],
      'the repository host': [...NAMES, ...API, ...WITH_BACKUPS],
    },
  },
  {
    title: 'whom the user names is reached at every port',
    spec: {
      networkPolicy: { to: [{ podSelector: { matchLabels: { app: 'web' } } }, { ipBlock: { cidr: '0.0.0.0/0' } }] },
    },
    out: {
      'a member': [...NAMES, ...API, ...CLUSTER, 'an application', 'the web', ...METADATA, 'a store in public at 9000'],
    },
  },
  {
    title: 'who may come in does not say who is reached',
    spec: { networkPolicy: { from: [{ namespaceSelector: {} }, { ipBlock: { cidr: '0.0.0.0/0' } }] } },
    out: { 'a member': [...NAMES, ...API, ...CLUSTER] },
  },
  {
    title: 'all is open when it is switched off',
    spec: { networkPolicy: { enabled: false }, ...backup('pvc://') },
    out: { 'a member': EVERYTHING, 'a backup job': EVERYTHING, 'the repository host': EVERYTHING },
  },
  {
    title: 'MySQL reaches nobody',
    spec: { engine: 'mysql', version: '8.4', replicas: 1 },
    out: { 'a member': [] },
  },
  {
    title: 'MongoDB reaches nobody',
    spec: { engine: 'mongodb', version: '8.0', replicas: 1, monitoring: { enabled: true } },
    out: { 'a member': [] },
  },
  {
    title: 'MySQL reaches whom the user names, and the name service for that',
    spec: {
      engine: 'mysql',
      version: '8.4',
      replicas: 1,
      networkPolicy: { to: [{ podSelector: { matchLabels: { app: 'web' } } }] },
    },
    out: { 'a member': [...NAMES, 'an application'] },
  },
];

const MYSQL_PORT: TargetName = 'members at 5432';

function reached(written: Written): Record<string, string[]> {
  const manifests = rendered(written);
  return Object.fromEntries(
    Object.entries(ownEnds(manifests)).map(([name, end]) => [
      name,
      Object.entries(TARGETS)
        .filter(([, target]) => letsOut(manifests, end, target))
        .map(([target]) => target)
        .sort(),
    ]),
  );
}

const sorted = (all: Case['out']): Record<string, string[]> =>
  Object.fromEntries(Object.entries(all).map(([name, targets]) => [name, [...new Set<string>(targets)].sort()]));

describe('Whom the pods of a Database reach, as its policies say it', () => {
  for (const { title, out, ...written } of CASES) {
    it(title, () => {
      expect(reached(written)).to.deep.equal(sorted(out));
    });
  }

  for (const { written, bucket } of DESTINATIONS) {
    it(`members and backup pods reach the place of the backups: ${JSON.stringify(written)}`, () => {
      const manifests = rendered({ spec: backup(written) });
      const others = ['a backup job', 'the repository host'].filter((name) => name in ownEnds(manifests));
      const pods = Object.fromEntries(others.map((name) => [name, [...NAMES, ...API, ...WITH_BACKUPS, ...bucket]]));
      const members = { 'a member': [...NAMES, ...API, ...WITH_BACKUPS, ...bucket] };
      expect(reached({ spec: backup(written) })).to.deep.equal(sorted({ ...members, ...pods }));
    });
  }

  it('the job of an engine that is dumped reaches the member and the bucket', () => {
    const spec = { engine: 'mysql', version: '8.4', replicas: 1, ...backup('s3://acme-backups/orders') };
    const manifests = rendered({ spec });
    const job = ownEnds(manifests)['a backup job'];
    expect(job).to.not.equal(undefined);
    expect(letsOut(manifests, job!, { ...TARGETS[MYSQL_PORT], port: 3306 })).to.equal(true);
    expect(reached({ spec })['a backup job']).to.deep.equal([...NAMES, HTTPS].sort());
    expect(reached({ spec })['a member']).to.deep.equal([]);
  });
});

/** A namespace, or a whole cluster, in which nothing is allowed that no policy allows. */
const DENY: Manifest = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny', namespace: NAMESPACE },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
};

describe('Where nothing is allowed that no policy allows', () => {
  const manifests = [...rendered({ spec: { ...backup('pvc://'), monitoring: { enabled: true } } }), DENY];
  const ends: Record<string, End> = {
    ...ownEnds(manifests),
    'the controller': pod('ballast-system', {}),
    Prometheus: pod('monitoring', { app: 'prometheus' }),
    'an application': pod(NAMESPACE, { app: 'web' }),
  };
  const FLOWS: readonly (readonly [from: string, to: TargetName])[] = [
    ['a member', 'names'],
    ['a member', 'the API server of kubeadm'],
    ['a member', 'members at 5432'],
    ['a member', 'members at 8008'],
    ['a member', 'the repository'],
    ['a backup job', 'names'],
    ['a backup job', 'members at 8432'],
    ['a backup job', 'the repository'],
    ['the controller', 'members at 5432'],
    ['the controller', 'members at 8008'],
    ['Prometheus', 'members at 8008'],
    ['an application', 'members at 5432'],
  ];
  for (const [from, to] of FLOWS) {
    it(`${from} still reaches ${to}`, () => {
      const [end, target] = [ends[from]!, TARGETS[to]];
      // What others may send out is for their own policies to say.
      const isOwn = from in ownEnds(manifests);
      if (isOwn) expect(letsOut(manifests, end, target), 'out').to.equal(true);
      expect(letsIn(manifests, end, target), 'in').to.equal(true);
    });
  }
});
