import type { Json } from '../database/json.ts';
import type { Manifest } from '../generator/metadata.ts';
import type { Component } from './labels.ts';
import { componentLabel } from './labels.ts';
import { PORTS } from './names.ts';

/** An unnamed user, as in the image. */
const NOBODY = 65_532;

const metricsPath = (path: string): Json => ({ path, port: 'metrics' });

/** A probe of the server for metrics and health. */
export function probe(path: '/healthz' | '/readyz', rest: Readonly<Record<string, number>>): Json {
  return { httpGet: metricsPath(path), ...rest };
}

/** The environment of a Node program, with options for V8, and the number of malloc's arenas: fewer waste less, and threads wait for each other. */
export function environment(nodeOptions: string, arenas: number): Json[] {
  return [
    { name: 'NODE_OPTIONS', value: nodeOptions },
    // Threads share malloc's reserves instead of each keeping its own.
    { name: 'MALLOC_ARENA_MAX', value: String(arenas) },
    // Larger allocations return to the system when they are freed; by default malloc raises this threshold to 32 MB.
    { name: 'MALLOC_MMAP_THRESHOLD_', value: '131072' },
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
  ];
}

/** The port for Prometheus and for the kubelet's probes. */
export const METRICS_PORT: Json = { name: 'metrics', containerPort: PORTS.metrics };

/** No right on the node, and no writable file. */
export const CONTAINER_SECURITY: Json = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

const POD_SECURITY: Json = {
  runAsNonRoot: true,
  runAsUser: NOBODY,
  runAsGroup: NOBODY,
  fsGroup: NOBODY,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Spreads replicas over nodes, as far as there are enough nodes. */
function apart(component: Component): Json {
  const podAffinityTerm = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: componentLabel(component) },
  };
  return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] } };
}

/** The particulars of a program's Deployment. */
export interface Program {
  readonly component: Component;
  /** The name of the Deployment and of its service account. */
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  /** Whether the pods mount their service account's token; the account decides when absent. */
  readonly mountsToken?: boolean;
  readonly container: { readonly [field: string]: Json | undefined };
  readonly volumes?: readonly Json[];
}

/** The Deployment of a program. */
export function deployment(program: Program): Manifest {
  const { component, name, namespace, replicas, mountsToken, container, volumes } = program;
  const labels = componentLabel(component);
  const spec = {
    serviceAccountName: name,
    ...(mountsToken !== undefined && { automountServiceAccountToken: mountsToken }),
    securityContext: POD_SECURITY,
    affinity: apart(component),
    // Longer than the program takes to drain and to finish its work.
    terminationGracePeriodSeconds: 45,
    containers: [container],
    ...(volumes && { volumes: [...volumes] }),
  };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace, labels } },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      // A new replica is ready before an old one stops.
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: { metadata: { labels }, spec },
    },
  };
}
