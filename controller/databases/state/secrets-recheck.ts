import type { MemberPod, Observation } from '../observation.ts';

/** The kubelet's reasons for a container that has not started (pkg/kubelet/kubelet_pods.go, kuberuntime/kuberuntime_container.go). */
const NOT_STARTED: ReadonlySet<string> = new Set([
  'ContainerCreating',
  'CreateContainerConfigError',
  'PodInitializing',
]);
/** A pod that has its Secrets normally starts within 30 s. */
const STARTED_MS = 30_000;
const READ_AGAIN_MS = 60_000;

function isToStart({ server }: MemberPod): boolean {
  return server?.state === 'waiting' && NOT_STARTED.has(server.reason ?? '');
}

/**
 * When to read the Secrets again because a member does not start, as it cannot without one of them; undefined when all members have
 * started.
 */
export function secretsRecheckAt({ credentials, pods }: Pick<Observation, 'credentials' | 'pods'>): Date | undefined {
  const since = pods.filter(isToStart).map(({ createdAt }) => createdAt.getTime());
  if (!credentials?.readAt || since.length === 0) return undefined;
  return new Date(Math.max(Math.min(...since) + STARTED_MS, credentials.readAt.getTime() + READ_AGAIN_MS));
}
