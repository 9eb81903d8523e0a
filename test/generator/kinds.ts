import { PrometheusRule, ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { CronJob } from 'kubernetes-models/batch/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Role, RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import { ConfigMap, PersistentVolumeClaim, Service, ServiceAccount } from 'kubernetes-models/v1';
import type { Manifest } from '../../generator/metadata.ts';

interface Kind {
  readonly prototype: { validate(): void };
}

/** The kinds that a Database becomes, with the schemas that their projects publish. */
const KINDS: Readonly<Record<string, Kind>> = {
  ConfigMap,
  CronJob,
  Deployment,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  PrometheusRule,
  Role,
  RoleBinding,
  Service,
  ServiceAccount,
  ServiceMonitor,
  StatefulSet,
};

/** The paths of unread fields, and a view of the value that records reads. */
function watched(value: object, unread: Set<string>, path = ''): object {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of Object.keys(value)) unread.add(at(name));
  return new Proxy(value, {
    get(target, name) {
      const field: unknown = Reflect.get(target, name);
      if (typeof name === 'symbol' || !Object.hasOwn(target, name)) return field;
      unread.delete(at(name));
      return typeof field === 'object' && field !== null ? watched(field, unread, at(name)) : field;
    },
  });
}

/**
 * The problems of an object by the schema of its kind. The schemas ignore unknown fields, so a field that was not read is an unknown one.
 */
export function schemaProblems(object: Manifest): string[] {
  const Known = KINDS[object.kind];
  if (!Known) return [`${object.kind} is not a kind that a Database becomes`];
  const unread = new Set<string>();
  try {
    Known.prototype.validate.call(watched(object, unread));
  } catch (error) {
    return [`${object.kind}: ${String(error)}`];
  }
  return [...unread].map((path) => `${object.kind} ${path}: unknown field`);
}
