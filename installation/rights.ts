import { WATCHED_KINDS, MONITORING_KINDS, RENDERED_KINDS, RESOURCES } from '../controller/resources.ts';
import type { ControllerMode } from './options.ts';
import { NAMES } from './names.ts';
import type { Right } from './rbac.ts';

/**
 * A right that gives nothing: whoever holds it is held to the policies about the controller, under whatever name and in
 * whatever namespace. It stands in each ClusterRole of the controller's, so that none of their rights comes without it.
 */
export const ACT_WITHIN = {
  resource: { group: `policies.${RESOURCES.Database.group}`, plural: 'controllers' },
  verbs: ['act-within'],
} as const satisfies Right;

/** Kinds of which a Database is made, beside its Secrets and what its StatefulSet makes. */
export const APPLIED_KINDS = [
  ...WATCHED_KINDS.filter(({ kind }) => kind !== 'Pod'),
  ...RENDERED_KINDS,
  ...MONITORING_KINDS,
];

/** What it follows, and takes away with a Database that is deleted. */
const WATCH_RIGHTS: readonly Right[] = [...WATCHED_KINDS, ...RENDERED_KINDS, ...MONITORING_KINDS].map((resource) => ({
  ...{ resource, verbs: ['list', 'watch', 'delete'] },
}));

/** What it does where somebody else applies what is rendered: the acts of controller/databases/acts/, and what it tells. */
const ACT_RIGHTS: readonly Right[] = [
  { resource: RESOURCES.Database, verbs: ['list', 'watch', 'patch'] },
  { resource: RESOURCES.Database, subresource: 'status', verbs: ['patch'] },
  // A member is replaced within its disruption budget, if it is still as it was seen.
  { resource: RESOURCES.Pod, verbs: ['get', 'patch'] },
  { resource: RESOURCES.Pod, subresource: 'eviction', verbs: ['create'] },
  // Patroni's own note of a switchover is made; the lock and the configuration are changed.
  { resource: RESOURCES.ConfigMap, verbs: ['create', 'patch'] },
  { resource: RESOURCES.PersistentVolumeClaim, verbs: ['patch'] },
  { resource: RESOURCES.StatefulSet, subresource: 'scale', verbs: ['patch'] },
  // A right to create knows no names; to read, change or delete Secrets it has rights from a Role of each Database's own.
  { resource: RESOURCES.Secret, verbs: ['create'] },
  { resource: RESOURCES.Event, verbs: ['create', 'patch'] },
];

/** What the controller may do in a namespace that it looks after, however it is installed. */
const NAMESPACE_RIGHTS: readonly Right[] = [ACT_WITHIN, ...ACT_RIGHTS, ...WATCH_RIGHTS];

/** What it may do beside, where it applies what is rendered: Roles too, with rights that it does not have itself. */
export const DIRECT_RIGHTS: readonly Right[] = [
  ...APPLIED_KINDS.map((resource): Right => ({ resource, verbs: ['get', 'create', 'patch'] })),
  { resource: RESOURCES.Role, verbs: ['escalate', 'bind'] },
];

/** Of kinds that stand in no namespace: only an installation for all of them may see them. */
export const CLUSTER_RIGHTS: readonly Right[] = [
  ACT_WITHIN,
  { resource: RESOURCES.StorageClass, verbs: ['list', 'watch'] },
  // To label them, and for nothing else: the policy about namespaces.
  { resource: RESOURCES.Namespace, verbs: ['list', 'watch', 'patch'] },
];

/** The one Lease by which the replicas elect the one that acts. */
export const ELECTION_RIGHTS: readonly Right[] = [
  // A right to create knows no names.
  { resource: RESOURCES.Lease, verbs: ['create'] },
  { resource: RESOURCES.Lease, names: [NAMES.controller], verbs: ['get', 'patch'] },
];

/** What the controller may do in a namespace that it looks after. */
export function rightsWithin(mode: ControllerMode): readonly Right[] {
  return mode === 'direct' ? [...NAMESPACE_RIGHTS, ...DIRECT_RIGHTS] : NAMESPACE_RIGHTS;
}
