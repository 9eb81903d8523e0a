import { CONFIRM_DELETE } from '../../../database/vocabulary.ts';
import { isHibernating as isToHibernate, replicasOf } from '../../../database/resolve.ts';
import type { Observation } from '../observation.ts';

type Own = Pick<Observation, 'own'>;

/** Name of the Database. */
export function nameOf({ own }: Own): string {
  return own.database.metadata.name ?? '';
}

/** Whether a deletion would take the data, and somebody has confirmed that. */
export function isLossConfirmed(seen: Own): boolean {
  const { database, annotations } = seen.own;
  return database.spec.deletionPolicy === 'Delete' && annotations[CONFIRM_DELETE] === nameOf(seen);
}

/** Namespace of the Database. */
export function namespaceOf({ own }: Own): string {
  return own.database.metadata.namespace ?? '';
}

/** Whether it is to sleep: no members, all data kept. */
export function isHibernating({ own }: Own): boolean {
  return isToHibernate(own);
}

/** Whether rules are violated, so that the spec cannot be trusted. */
export function isInvalid({ problems }: Pick<Observation, 'problems'>): boolean {
  return problems.length > 0;
}

/** The wanted number of members. While the spec cannot be trusted: the present number. */
export function wantedMembers(seen: Observation): number {
  if (isInvalid(seen)) return seen.workload?.replicas ?? 0;
  return isHibernating(seen) ? 0 : replicasOf(seen.own.database.spec);
}

/** Whether a member has initialised the cluster, or taken over an existing one. */
export function isInitialized(seen: Observation): boolean {
  return seen.control.isInitialized(seen);
}

/** Whether a person has paused what leads the members: it then switches over to none, and the controller must not either. */
export function isPaused(seen: Observation): boolean {
  return seen.control.replication?.isPaused(seen) ?? false;
}
