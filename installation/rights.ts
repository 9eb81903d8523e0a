import { WATCHED_KINDS, MONITORING_KINDS, RENDERED_KINDS, RESOURCES } from '../controller/resources.ts';
import type { ControllerMode } from './options.ts';
import { NAMES } from './names.ts';
import type { Right } from './rbac.ts';

/**
 * A right that grants nothing: the policies about the controller apply to every account that holds it, under any name and in any
 * namespace. Each ClusterRole of the controller contains it, so that none of the other rights comes without it.
 */
export const ACT_WITHIN = {
  resource: { group: `policies.${RESOURCES.Database.group}`, plural: 'controllers' },
  verbs: ['act-within'],
} as const satisfies Right;

/** Kinds that are rendered for a Database, besides its Secrets and the objects of its StatefulSet. */
export const APPLIED_KINDS = [
  ...WATCHED_KINDS.filter(({ kind }) => kind !== 'Pod'),
  ...RENDERED_KINDS,
  ...MONITORING_KINDS,
];

/** Rights to watch kinds, and to remove them with a deleted Database. */
const WATCH_RIGHTS: readonly Right[] = [...WATCHED_KINDS, ...RENDERED_KINDS, ...MONITORING_KINDS].map((resource) => ({
  ...{ resource, verbs: ['list', 'watch', 'delete'] },
}));

/** Rights where another tool applies the manifests: for the acts of controller/databases/acts/, for statuses and for events. */
const ACT_RIGHTS: readonly Right[] = [
  { resource: RESOURCES.Database, verbs: ['list', 'watch', 'patch'] },
  { resource: RESOURCES.Database, subresource: 'status', verbs: ['patch'] },
  // A member is replaced within its disruption budget, and only at the version that the controller saw.
  { resource: RESOURCES.Pod, verbs: ['get', 'patch'] },
  { resource: RESOURCES.Pod, subresource: 'eviction', verbs: ['create'] },
  // Creates Patroni's ConfigMap for a switchover, and that of a restore in place; changes the leader lock and the configuration.
  { resource: RESOURCES.ConfigMap, verbs: ['create', 'patch'] },
  { resource: RESOURCES.PersistentVolumeClaim, verbs: ['patch'] },
  { resource: RESOURCES.StatefulSet, subresource: 'scale', verbs: ['patch'] },
  // A right to create cannot name objects; rights to read, change or delete Secrets come from a Role of each Database.
  { resource: RESOURCES.Secret, verbs: ['create'] },
  // Requests of backups, and what the repository holds; each request becomes one Job.
  { resource: RESOURCES.DatabaseBackup, verbs: ['list', 'watch', 'create', 'delete'] },
  { resource: RESOURCES.DatabaseBackup, subresource: 'status', verbs: ['patch'] },
  { resource: RESOURCES.DatabaseRestore, verbs: ['list', 'watch'] },
  { resource: RESOURCES.DatabaseRestore, subresource: 'status', verbs: ['patch'] },
  { resource: RESOURCES.Job, verbs: ['get', 'list', 'watch', 'create', 'delete'] },
  // The CronJob of each DatabaseBackup with a schedule.
  { resource: RESOURCES.CronJob, verbs: ['get', 'create', 'patch'] },
  { resource: RESOURCES.Event, verbs: ['create', 'patch'] },
];

/** The controller's rights in a namespace that it watches, in every mode. */
const NAMESPACE_RIGHTS: readonly Right[] = [ACT_WITHIN, ...ACT_RIGHTS, ...WATCH_RIGHTS];

/** Additional rights where the controller applies manifests: also Roles, with rights that the controller does not have itself. */
export const DIRECT_RIGHTS: readonly Right[] = [
  ...APPLIED_KINDS.filter(({ kind }) => kind !== RESOURCES.CronJob.kind).map((resource): Right => ({
    ...{ resource, verbs: ['get', 'create', 'patch'] },
  })),
  { resource: RESOURCES.Role, verbs: ['escalate', 'bind'] },
];

/** Rights to cluster-scoped kinds, which only an installation for all namespaces may read. */
export const CLUSTER_RIGHTS: readonly Right[] = [
  ACT_WITHIN,
  { resource: RESOURCES.StorageClass, verbs: ['list', 'watch'] },
  // Only to label them: the policy about namespaces refuses all other changes.
  { resource: RESOURCES.Namespace, verbs: ['list', 'watch', 'patch'] },
];

/** The Lease by which the replicas elect the acting one. */
export const ELECTION_RIGHTS: readonly Right[] = [
  // A right to create cannot name objects.
  { resource: RESOURCES.Lease, verbs: ['create'] },
  { resource: RESOURCES.Lease, names: [NAMES.controller], verbs: ['get', 'patch'] },
];

/** The controller's rights in a namespace that it watches. */
export function rightsWithin(mode: ControllerMode): readonly Right[] {
  return mode === 'direct' ? [...NAMESPACE_RIGHTS, ...DIRECT_RIGHTS] : NAMESPACE_RIGHTS;
}
