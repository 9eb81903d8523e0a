import type { AdmissionregistrationV1Api, ConfigurationOptions, CoreV1Api } from '@kubernetes/client-node';

/** What is called of the Kubernetes API, and how. */
export interface Client {
  readonly core: CoreV1Api;
  readonly admission: AdmissionregistrationV1Api;
  /** Options of a call that is no patch. */
  readonly plain: ConfigurationOptions;
  /** Options of a JSON patch. */
  readonly jsonPatch: ConfigurationOptions;
}

/** A call that is not answered by then has failed; otherwise a stalled connection would end the rotation for good. */
const CALL_MS = 10_000;

/** Connects with this kubeconfig; without one as a pod does, or as kubectl would. */
export async function connect(kubeconfig?: string): Promise<Client> {
  // Here, not at the top: it takes 300 ms, which who brings a certificate need not wait for.
  const kubernetes = await import('@kubernetes/client-node');
  const config = new kubernetes.KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  const limit = kubernetes.setHeaderMiddleware('User-Agent', 'ballast-webhook');
  const pre: typeof limit.pre = (request) => {
    request.setSignal(AbortSignal.timeout(CALL_MS));
    return limit.pre(request);
  };
  const plain: ConfigurationOptions = { middleware: [{ ...limit, pre }], middlewareMergeStrategy: 'append' };
  const jsonPatch = kubernetes.setHeaderOptions('Content-Type', kubernetes.PatchStrategy.JsonPatch, plain);
  return {
    core: config.makeApiClient(kubernetes.CoreV1Api),
    admission: config.makeApiClient(kubernetes.AdmissionregistrationV1Api),
    plain,
    jsonPatch,
  };
}

/** The HTTP status of a refused call; 0 when no answer came. */
export function statusOf(error: unknown): number {
  const isAnswer = error instanceof Error && 'code' in error && typeof error.code === 'number';
  return isAnswer ? (error.code as number) : 0;
}

function reasonOf(error: unknown): string {
  const status = statusOf(error);
  if (status === 403) return 'its Role or ClusterRole does not allow it';
  if (status !== 0) return `the API server answered ${status}`;
  if (!(error instanceof Error)) return 'unknown failure';
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** A failed call in one line. The error itself is left behind: it carries the answer's body, which is nothing for a log. */
export function callFailed(what: string, error: unknown): Error {
  return new Error(`${what}: ${reasonOf(error)}`);
}
