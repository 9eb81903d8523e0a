import { API_VERSION } from '../database/schema/common.ts';
import { kindNamed } from '../database/schema/kinds.ts';
import type { Resource } from '../kubernetes/objects.ts';
import { STANDARD_RESOURCES, resource } from '../kubernetes/resources.ts';

const ours = (kind: string): Resource => resource(API_VERSION, kind, kindNamed(kind)?.plural ?? '');

/** Every kind that the controller reads or writes, by name; no two of their groups share a kind. */
export const RESOURCES = {
  Database: ours('Database'),
  DatabaseBackup: ours('DatabaseBackup'),
  DatabaseRestore: ours('DatabaseRestore'),
  DatabaseUser: ours('DatabaseUser'),
  ...STANDARD_RESOURCES,
} as const satisfies Readonly<Record<string, Resource>>;

/** The resource of a kind that render or a watch has named. */
export function resourceNamed(kind: string): Resource {
  const found = Object.values<Resource>(RESOURCES).find((resource) => resource.kind === kind);
  if (!found) throw new Error(`the kind ${kind} is not known`);
  return found;
}

/** Namespaced kinds that every installation watches. */
export const WATCHED_KINDS = [
  RESOURCES.Pod,
  RESOURCES.StatefulSet,
  RESOURCES.PersistentVolumeClaim,
  RESOURCES.ConfigMap,
  RESOURCES.CronJob,
] as const;

/** Kinds that are watched only where Ballast applies or removes manifests. */
export const RENDERED_KINDS = [
  RESOURCES.Service,
  RESOURCES.ServiceAccount,
  RESOURCES.Role,
  RESOURCES.RoleBinding,
  RESOURCES.PodDisruptionBudget,
  RESOURCES.NetworkPolicy,
  RESOURCES.Deployment,
] as const;

/** Those of them that the API server may not serve. */
export const MONITORING_KINDS = [RESOURCES.ServiceMonitor, RESOURCES.PrometheusRule] as const;
