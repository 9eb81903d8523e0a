import { isPaused } from './configuration.ts';
import { primaryOf, reportsPrimary } from '../../databases/state/members.ts';
import type { Leader, MemberPod, Observation } from '../../databases/observation.ts';
import type { Choice } from '../engine-control.ts';

/** Patroni's ttl as rendered: after this time without a renewal another member may hold the leader lock. */
const TTL_MS = 20_000;
/** Kubelets write times in whole seconds, rounded down. */
const SECOND_MS = 1000;
const PRIMARY = 'primary';

function isFresh({ renewedAt }: Leader, now: Date): boolean {
  return renewedAt !== undefined && now.getTime() - renewedAt.getTime() < TTL_MS;
}

/**
 * Removes the role label of the primary from a pod that lost the role, so that no Service directs writes to it. Only while the holder of
 * the leader lock is alive and itself reports to lead, on a timeline that is not older: so neither an outdated view of the lock nor a
 * free lock takes the label from the real primary.
 */
export function relabelFormerPrimary(seen: Observation, now: Date): Choice | undefined {
  const { leader, pods } = seen;
  const primary = primaryOf(seen);
  if (!leader || !primary || !isFresh(leader, now)) return undefined;
  if (primary.deleting || primary.server?.state !== 'running' || !reportsPrimary(primary)) return undefined;
  const timeline = primary.report?.term ?? 0;
  const former = pods.find((pod) => pod !== primary && pod.role === PRIMARY && (pod.report?.term ?? 0) <= timeline);
  if (!former) return undefined;
  const { name, uid, resourceVersion } = former;
  return {
    step: { do: 'relabel', pod: name, uid, resourceVersion },
    because: `${primary.name} leads, and ${name} still carries the label of the primary`,
  };
}

/**
 * Whether the process that held and last renewed the leader lock is dead by the kubelet's report: its container ended after the renewal.
 * The pod must be older than the lock; otherwise the lock may belong to an earlier pod of the same name, which may live on an unreachable
 * node. A pod that is not ready, unreachable, being deleted or absent from the API server proves nothing.
 */
export function isProvenDead(pod: MemberPod, { acquiredAt, renewedAt }: Leader): boolean {
  const finishedAt = pod.server?.finishedAt;
  if (!pod.server || !finishedAt || !acquiredAt || !renewedAt) return false;
  if (pod.createdAt > acquiredAt) return false;
  // While no container runs, no renewal can fall into the second that the kubelet rounds down: no container is up again so soon.
  const slack = pod.server.state === 'running' ? 0 : SECOND_MS;
  return renewedAt.getTime() < finishedAt.getTime() + slack;
}

/** Releases the leader lock of a primary whose death is proven, so that the standbys race for it now instead of after its expiry. */
export function releaseLockOfDeadLeader(seen: Observation): Choice | undefined {
  const { leader, pods } = seen;
  const primary = primaryOf(seen);
  if (!leader || !primary || isPaused(seen) || !isProvenDead(primary, leader)) return undefined;
  const heir = pods.find(
    (pod) => pod !== primary && !pod.deleting && pod.server?.state === 'running' && pod.report?.runs === true,
  );
  if (!heir) return undefined;
  return {
    step: { do: 'release-leader-lock', member: primary.name, resourceVersion: leader.resourceVersion },
    because: `the kubelet reports that the server of ${primary.name}, which holds the lock, has ended`,
  };
}
