import type { MemberPod, Observation } from '../observation.ts';

/** What kubelets say of a container that is yet to start (pkg/kubelet/kubelet_pods.go, kuberuntime/kuberuntime_container.go). */
const NOT_STARTED: ReadonlySet<string> = new Set([
  'ContainerCreating',
  'CreateContainerConfigError',
  'PodInitializing',
]);
/** Who has all that is needed has started by then, unless an image is large. */
const STARTED_MS = 30_000;
const READ_AGAIN_MS = 60_000;

function isToStart({ server }: MemberPod): boolean {
  return server?.state === 'waiting' && NOT_STARTED.has(server.reason ?? '');
}

/** When the Secrets are to be read again because a member does not start, which it cannot without one of them; undefined when all do. */
export function secretsRecheckAt({ credentials, pods }: Pick<Observation, 'credentials' | 'pods'>): Date | undefined {
  const since = pods.filter(isToStart).map(({ createdAt }) => createdAt.getTime());
  if (!credentials?.readAt || since.length === 0) return undefined;
  return new Date(Math.max(Math.min(...since) + STARTED_MS, credentials.readAt.getTime() + READ_AGAIN_MS));
}
