import type { Json } from '../database/json.ts';
import type { Manifest } from '../generator/metadata.ts';
import type { Component } from './labels.ts';
import { componentLabel } from './labels.ts';
import { PORTS } from './names.ts';

/** A user of no name, as in the image. */
const NOBODY = 65_532;

const metricsPath = (path: string): Json => ({ path, port: 'metrics' });

/** A question to the server of metrics and health. */
export function probe(path: '/healthz' | '/readyz', rest: Readonly<Record<string, number>>): Json {
  return { httpGet: metricsPath(path), ...rest };
}

/** The environment of a program of Node's, with what V8 is told. */
export function environment(nodeOptions: string): Json[] {
  return [
    { name: 'NODE_OPTIONS', value: nodeOptions },
    // Threads share what malloc holds in reserve, instead of each keeping its own.
    { name: 'MALLOC_ARENA_MAX', value: '2' },
    // What is larger than this goes back to the system when it is freed; by itself malloc raises the limit to 32 MB.
    { name: 'MALLOC_MMAP_THRESHOLD_', value: '131072' },
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
  ];
}

/** The port at which Prometheus and the kubelet ask. */
export const METRICS_PORT: Json = { name: 'metrics', containerPort: PORTS.metrics };

/** No right on the node, and no file that can be written. */
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

/** Replicas keep to nodes of their own, as far as there are enough. */
function apart(component: Component): Json {
  const podAffinityTerm = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: componentLabel(component) },
  };
  return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] } };
}

/** What is special about a program's Deployment. */
export interface Program {
  readonly component: Component;
  /** The name of the Deployment, and of the account that its pods run under. */
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  /** Whether the pods mount the token of their account; their account says so where it is absent. */
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
    // Longer than it drains, ends, and finishes what was begun.
    terminationGracePeriodSeconds: 45,
    containers: [container],
    ...(volumes && { volumes: [...volumes] }),
  };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace, labels } },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      // A new replica answers, or is ready to take over, before an old one goes.
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: { metadata: { labels }, spec },
    },
  };
}
