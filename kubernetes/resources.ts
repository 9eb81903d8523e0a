import type { Resource } from './objects.ts';

/** Describes a kind of the API server. */
export function resource(
  apiVersion: string,
  kind: string,
  plural: string,
  scope: 'namespaced' | 'cluster' = 'namespaced',
): Resource {
  const slash = apiVersion.indexOf('/');
  return {
    group: apiVersion.slice(0, Math.max(slash, 0)),
    version: apiVersion.slice(slash + 1),
    plural,
    kind,
    namespaced: scope === 'namespaced',
  };
}

/** Kubernetes' own kinds, and Prometheus', that Ballast reads or writes, by their names. */
export const STANDARD_RESOURCES = {
  ConfigMap: resource('v1', 'ConfigMap', 'configmaps'),
  Namespace: resource('v1', 'Namespace', 'namespaces', 'cluster'),
  Node: resource('v1', 'Node', 'nodes', 'cluster'),
  PersistentVolumeClaim: resource('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  Pod: resource('v1', 'Pod', 'pods'),
  Secret: resource('v1', 'Secret', 'secrets'),
  Service: resource('v1', 'Service', 'services'),
  ServiceAccount: resource('v1', 'ServiceAccount', 'serviceaccounts'),
  Deployment: resource('apps/v1', 'Deployment', 'deployments'),
  StatefulSet: resource('apps/v1', 'StatefulSet', 'statefulsets'),
  CronJob: resource('batch/v1', 'CronJob', 'cronjobs'),
  Job: resource('batch/v1', 'Job', 'jobs'),
  Lease: resource('coordination.k8s.io/v1', 'Lease', 'leases'),
  Event: resource('events.k8s.io/v1', 'Event', 'events'),
  PrometheusRule: resource('monitoring.coreos.com/v1', 'PrometheusRule', 'prometheusrules'),
  ServiceMonitor: resource('monitoring.coreos.com/v1', 'ServiceMonitor', 'servicemonitors'),
  NetworkPolicy: resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  PodDisruptionBudget: resource('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  Role: resource('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  RoleBinding: resource('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  StorageClass: resource('storage.k8s.io/v1', 'StorageClass', 'storageclasses', 'cluster'),
} as const satisfies Readonly<Record<string, Resource>>;
