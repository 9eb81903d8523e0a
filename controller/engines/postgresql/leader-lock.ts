import { isPaused } from './configuration.ts';
import { primaryOf, reportsPrimary } from '../../databases/state/members.ts';
import type { Leader, MemberPod, Observation } from '../../databases/observation.ts';
import type { Choice } from '../engine-control.ts';

/** Patroni's ttl as it is rendered: a lock that was renewed longer ago may belong to somebody else by now. */
const TTL_MS = 20_000;
/** Kubelets write whole seconds, cut off. */
const SECOND_MS = 1000;
const PRIMARY = 'primary';

function isFresh({ renewedAt }: Leader, now: Date): boolean {
  return renewedAt !== undefined && now.getTime() - renewedAt.getTime() < TTL_MS;
}

/**
 * Takes the label of a primary from a pod that is none any more, so that no Service leads writes there. Only when the
 * holder of the lock lives and says itself that it leads, on a timeline that is not older: so neither an old view of the
 * lock nor a free one can take the label from the real primary.
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
 * Whether the process that took the lock and renewed it last is dead, on the kubelet's word: its container ended after
 * that. The pod must be older than the lock, else the lock may be that of a pod of the same name before it, which may
 * live on a node that nobody hears of. What is not ready, not heard of, being deleted or gone from the API server alone
 * proves nothing.
 */
export function isProvenDead(pod: MemberPod, { acquiredAt, renewedAt }: Leader): boolean {
  const finishedAt = pod.server?.finishedAt;
  if (!pod.server || !finishedAt || !acquiredAt || !renewedAt) return false;
  if (pod.createdAt > acquiredAt) return false;
  // While none runs, nobody can have renewed in the second that the kubelet cut off: no container is up again so soon.
  const slack = pod.server.state === 'running' ? 0 : SECOND_MS;
  return renewedAt.getTime() < finishedAt.getTime() + slack;
}

/** Frees the lock of a primary whose death is proven, so that the standbys race for it now and not when it expires. */
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
