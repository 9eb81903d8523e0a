import type { Attempt } from './attempts.ts';
import { apply, create, labelled } from './attempts.ts';

const LABELS = labelled('fresh');
const CONTAINER = { name: 'server', image: 'none', securityContext: { allowPrivilegeEscalation: false } };

interface Pod {
  readonly labels?: object;
  readonly container?: object;
  readonly spec?: object;
}

function podOf({ labels = LABELS, container, spec }: Pod): object {
  return {
    metadata: { labels },
    spec: {
      ...{ serviceAccountName: 'fresh', securityContext: { runAsNonRoot: true } },
      containers: [{ ...CONTAINER, ...container }],
      ...spec,
    },
  };
}

function statefulSet(title: string, pod: Pod, metadata: object = { name: 'fresh', labels: LABELS }): Attempt {
  const selector = { matchLabels: pod.labels ?? LABELS };
  return create(title, 'statefulsets', {
    metadata,
    spec: { serviceName: 'fresh-pods', selector, template: podOf(pod) },
  });
}

function cronJob(title: string, pod: Pod): Attempt {
  const template = podOf({ ...pod, spec: { restartPolicy: 'Never', ...pod.spec } });
  return create(title, 'cronjobs', {
    metadata: { name: 'fresh-backup', labels: LABELS },
    spec: { schedule: '@daily', jobTemplate: { spec: { template } } },
  });
}

const secured = (securityContext: object): Pod => ({ container: { securityContext } });
const volume = (source: object): Pod => ({ spec: { volumes: [{ name: 'one', ...source }] } });
const TOKEN = { projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };

const PODS: readonly Attempt[] = [
  statefulSet('runs under another account', { spec: { serviceAccountName: 'billing' } }),
  statefulSet("runs under the namespace's account", { spec: { serviceAccountName: 'default' } }),
  statefulSet("runs under the namespace's account without naming it", { spec: { serviceAccountName: undefined } }),
  statefulSet("uses the node's network", { spec: { hostNetwork: true } }),
  statefulSet("sees the node's processes", { spec: { hostPID: true } }),
  statefulSet("sees the node's memory", { spec: { hostIPC: true } }),
  statefulSet("mounts the node's files", volume({ hostPath: { path: '/' } })),
  statefulSet('mounts a file server', volume({ nfs: { server: 'example.com', path: '/' } })),
  statefulSet('mounts the token of the namespace’s account', {
    spec: { serviceAccountName: undefined, automountServiceAccountToken: false, volumes: [{ name: 'one', ...TOKEN }] },
  }),
  statefulSet('is privileged', secured({ privileged: true })),
  statefulSet('may escalate', secured({})),
  statefulSet('has a capability', {
    container: { securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['SYS_ADMIN'] } } },
  }),
  statefulSet('is root', secured({ allowPrivilegeEscalation: false, runAsUser: 0 })),
  statefulSet('may be root', { spec: { securityContext: {} } }),
  statefulSet('takes a port of the node', { container: { ports: [{ containerPort: 80, hostPort: 80 }] } }),
  statefulSet('has a privileged init container', {
    spec: { initContainers: [{ ...CONTAINER, name: 'first', securityContext: { privileged: true } }] },
  }),
  statefulSet('selects the pods of another Database', { labels: labelled('orders') }),
  statefulSet('bears another name', {}, { name: 'web', labels: LABELS }),
  statefulSet('has no label', {}, { name: 'fresh' }),
  cronJob('runs jobs under another account', { spec: { serviceAccountName: 'billing' } }),
  cronJob('makes pods of another Database', { labels: labelled('orders') }),
  cronJob("mounts the node's files in a job", volume({ hostPath: { path: '/' } })),
];

const service = (title: string, spec: object, name = 'fresh-primary'): Attempt =>
  create(title, 'services', {
    metadata: { name, labels: LABELS },
    spec: { ports: [{ port: 80 }], selector: LABELS, ...spec },
  });

const labelledAs = (name: string, database: string): { readonly metadata: { readonly name: string } } => ({
  metadata: { name, ...{ labels: labelled(database) } },
});

const OTHERS: readonly Attempt[] = [
  service('leads a Service to other pods', { selector: { app: 'web' } }),
  service('leads a Service nowhere', { selector: {} }),
  service('leads a Service out', { type: 'ExternalName', externalName: 'example.com', selector: LABELS }),
  service('lets the world in', { type: 'LoadBalancer' }),
  service('opens a port of each node', { type: 'NodePort' }),
  service('takes an address over', { externalIPs: ['10.0.0.1'] }),
  service('names a Service freely', {}, 'kubernetes'),
  apply('takes over a Service that only bears a name of ours', 'services', {
    ...{ apiVersion: 'v1', kind: 'Service', ...labelledAs('billing-primary', 'billing') },
    ...{ spec: { ports: [{ port: 80 }], selector: labelled('billing') } },
  }),
  apply('takes over an account that only bears a name of ours', 'serviceaccounts', {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount', ...labelledAs('billing', 'billing') },
  }),
  apply('takes over settings that only bear a name of ours', 'configmaps', {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', data: {}, ...labelledAs('billing-settings', 'billing') },
  }),
  create('opens the network of all pods', 'networkpolicies', {
    metadata: { name: 'fresh-network', labels: LABELS },
    spec: { podSelector: {}, ingress: [{}], policyTypes: ['Ingress'] },
  }),
  create('keeps other pods from being drained', 'poddisruptionbudgets', {
    metadata: { name: 'fresh', labels: LABELS },
    spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'web' } } },
  }),
  create('makes a claim with an owner', 'persistentvolumeclaims', {
    metadata: {
      ...{ name: 'data-fresh-0', labels: LABELS },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'app', uid: '00000000-0000-0000-0000-000000000000' },
      ],
    },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  create('makes a claim of another name', 'persistentvolumeclaims', {
    metadata: { name: 'photos-2', labels: LABELS },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
];

/** What must not come of the right to apply workloads, and what leads to them. */
export const WORKLOADS: readonly Attempt[] = [...PODS, ...OTHERS];
