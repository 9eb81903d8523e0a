import type { Json } from '../database/json.ts';
import type { Manifest } from '../generator/metadata.ts';
import { componentLabel } from './labels.ts';
import { NAMES, PORTS } from './names.ts';
import type { SharedOptions, WebhookOptions } from './options.ts';
import { CONTAINER_SECURITY, METRICS_PORT, deployment, environment, probe } from './pod.ts';
import { serviceAccount } from './rbac.ts';

const NAME = NAMES.webhook;
/** The mount path of cert-manager's pair. */
const TLS_FOLDER = '/tls';

/** The additions to the container for cert-manager's certificate. */
export const CERT_MANAGER_CONTAINER = {
  args: ['webhook', '--certificates', TLS_FOLDER],
  volumeMounts: [{ name: 'tls', mountPath: TLS_FOLDER, readOnly: true }],
} as const satisfies Json;

/** The volume at that path. */
export const TLS_VOLUME: Json = { name: 'tls', secret: { secretName: NAMES.tlsSecret } };

function container({ resources, certificate }: WebhookOptions, image: string): Record<string, Json> {
  return {
    ...{ name: 'webhook', image },
    // Where the API server has a client certificate (docs/webhook.md), an overlay adds --client-ca and mounts the file.
    ...(certificate === 'cert-manager' ? CERT_MANAGER_CONTAINER : { args: ['webhook'] }),
    // Reviews are small and many: a small young generation keeps memory low and flat.
    env: environment('--max-semi-space-size=4', 2),
    ports: [{ name: 'https', containerPort: PORTS.https }, METRICS_PORT],
    // A busy replica answers late; a restart would move its work to another replica, which is as busy.
    startupProbe: probe('/readyz', { periodSeconds: 1, failureThreshold: 60 }),
    readinessProbe: probe('/readyz', { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 2 }),
    livenessProbe: probe('/healthz', { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }),
    resources: resources as unknown as Json,
    securityContext: CONTAINER_SECURITY,
  };
}

/** The webhook's Deployment, Service and PodDisruptionBudget. */
export function webhook({ namespace, image }: SharedOptions, options: WebhookOptions): Manifest[] {
  const labels = componentLabel('webhook');
  const metadata = { name: NAME, namespace };
  const service = { selector: labels, ports: [{ name: 'https', port: 443, targetPort: 'https' }] };
  const { certificate, replicas } = options;
  return [
    serviceAccount(metadata),
    // The Service's namespace must be explicit for kustomize, like that of the account: the configurations name it.
    { apiVersion: 'v1', kind: 'Service', metadata, spec: service },
    {
      ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata },
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    },
    deployment({
      ...{ component: 'webhook', name: NAME, namespace, replicas, container: container(options, image) },
      ...(certificate === 'self-signed' && { mountsToken: true }),
      ...(certificate === 'cert-manager' && { volumes: [TLS_VOLUME] }),
    }),
  ];
}
