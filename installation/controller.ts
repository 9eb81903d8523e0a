import type { Json } from '../database/json.ts';
import type { Manifest } from '../generator/metadata.ts';
import { componentLabel } from './labels.ts';
import { NAMES, PORTS } from './names.ts';
import type { ControllerOptions, SharedOptions } from './options.ts';
import { CONTAINER_SECURITY, METRICS_PORT, deployment, environment, probe } from './pod.ts';
import type { RoleName } from './rbac.ts';
import { binding, role, serviceAccount } from './rbac.ts';
import { ELECTION_RIGHTS, CLUSTER_RIGHTS, rightsWithin } from './rights.ts';

const NAME = NAMES.controller;
const NAMESPACE_ROLE: RoleName = { kind: 'ClusterRole', name: NAME };
const CLUSTER_ROLE: RoleName = { kind: 'ClusterRole', name: NAMES.clusterRights };

/** The flag that lets Databases ask the controller to apply their manifests. */
export const APPLY_ALLOWED = '--apply-allowed';

/** The flag that restricts the controller to the named namespaces. */
export function lookAfter(namespace: string): string {
  return `--namespace=${namespace}`;
}

/** The arguments of the controller. */
function argumentsFor({ mode, namespaces }: ControllerOptions): string[] {
  return ['controller', ...(mode === 'direct' ? [APPLY_ALLOWED] : []), ...namespaces.map(lookAfter)];
}

function container(options: ControllerOptions, image: string): Record<string, Json> {
  return {
    ...{ name: 'controller', image },
    // The image's own entry point, with V8 optimised for size, and without the compiler in the middle, which leaves tens of MB of malloc's
    // memory in pieces: docs/controller.md gives the figures.
    command: ['/usr/local/bin/node', '--optimize-for-size', '--no-maglev', '/ballast/ballast.mjs'],
    args: argumentsFor(options),
    // The controller looks for ballast.yaml here.
    workingDir: '/settings',
    // Events are small and many: a small young generation keeps memory low and flat. Below 256 MB V8 lets the old generation grow by a
    // third of its live data before a collection, with more memory by up to four times.
    env: environment('--max-semi-space-size=1 --max-old-space-size=256', 1),
    ports: [METRICS_PORT],
    readinessProbe: probe('/readyz', { periodSeconds: 2, failureThreshold: 1 }),
    livenessProbe: probe('/healthz', { periodSeconds: 10 }),
    resources: options.resources as unknown as Json,
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [{ name: 'settings', mountPath: '/settings', readOnly: true }],
  };
}

/** Optional, with the key ballast.yaml: the same settings as in the tree of sources. */
const SETTINGS_VOLUME: Json = { name: 'settings', configMap: { name: NAMES.settings, optional: true } };

/** The controller's Deployment, and the Service for its metrics. */
export function controller({ namespace, image }: SharedOptions, options: ControllerOptions): Manifest[] {
  const labels = componentLabel('controller');
  const metadata = { name: NAME, namespace };
  return [
    serviceAccount(metadata),
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, labels } },
      spec: { selector: labels, ports: [{ name: 'metrics', port: PORTS.metrics, targetPort: 'metrics' }] },
    },
    deployment({
      ...{ component: 'controller', name: NAME, namespace, replicas: options.replicas, mountsToken: true },
      ...{ container: container(options, image), volumes: [SETTINGS_VOLUME] },
    }),
  ];
}

/** The right to the Lease, and its binding. */
export function election({ namespace }: SharedOptions): Manifest[] {
  const account = { name: NAME, namespace };
  const ofNamespace: RoleName = { kind: 'Role', ...account };
  return [role(ofNamespace, ELECTION_RIGHTS), binding(ofNamespace, account, namespace)];
}

/** The controller's rights in each namespace that it watches; they take effect with a binding. */
export function rights({ mode }: Pick<ControllerOptions, 'mode'>): Manifest {
  return role(NAMESPACE_ROLE, rightsWithin(mode));
}

/** Binds the controller's rights in one namespace. */
export function rightsIn(databaseNamespace: string, { namespace }: SharedOptions): Manifest {
  return binding(NAMESPACE_ROLE, { name: NAME, namespace }, databaseNamespace);
}

/** Binds the controller's rights in all namespaces. */
export function rightsEverywhere({ namespace }: SharedOptions): Manifest {
  return binding(NAMESPACE_ROLE, { name: NAME, namespace });
}

/** The rights to cluster-scoped kinds, and their binding. */
export function rightsToCluster({ namespace }: SharedOptions): Manifest[] {
  return [role(CLUSTER_ROLE, CLUSTER_RIGHTS), binding(CLUSTER_ROLE, { name: NAME, namespace })];
}
