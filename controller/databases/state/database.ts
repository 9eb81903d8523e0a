import { isHibernating as isToHibernate, replicasOf } from '../../../database/resolve.ts';
import type { Observation } from '../observation.ts';

type Own = Pick<Observation, 'own'>;

/** Name of the Database. */
export function nameOf({ own }: Own): string {
  return own.database.metadata.name ?? '';
}

/** Namespace of the Database. */
export function namespaceOf({ own }: Own): string {
  return own.database.metadata.namespace ?? '';
}

/** Whether Patroni runs it: it has a lock, roles and standbys. Of other engines there is one member. */
export function isReplicated({ own }: Own): boolean {
  return own.database.spec.engine === 'postgresql';
}

/** Whether it is to sleep: no members, all data kept. */
export function isHibernating({ own }: Own): boolean {
  return isToHibernate(own);
}

/** Whether rules are broken, so that the spec says nothing reliable. */
export function isInvalid({ problems }: Pick<Observation, 'problems'>): boolean {
  return problems.length > 0;
}

/** How many members there are to be now. While the spec is not to be relied on, as many as there are. */
export function wantedMembers(seen: Observation): number {
  if (isInvalid(seen)) return seen.workload?.replicas ?? 0;
  return isHibernating(seen) ? 0 : replicasOf(seen.own.database.spec);
}

/** Whether a member has made the cluster, or has taken up an old one. */
export function isInitialized(seen: Observation): boolean {
  if (isReplicated(seen)) return seen.patroni?.systemIdentifier !== undefined;
  return seen.own.status?.handled?.primary !== undefined || seen.pods.some(({ ready }) => ready);
}

/** Whether a person has paused Patroni: it then hands nothing over, and nobody else should. */
export function isPaused({ patroni }: Observation): boolean {
  return patroni?.config['pause'] === true;
}
