import type { BucketDestination, Destination } from '../database/destination.ts';
import { bucketIn } from '../database/destination.ts';
import type { Json } from '../database/json.ts';
import type { Model } from './model.ts';
import { namespaceNamed, reach, reachAnybody } from './network.ts';

const HTTPS = 443;
/** Ports of a cluster's DNS pods: 5353 with OpenShift, 53 elsewhere. */
const DNS_PORTS = [53, 5353] as const;
/** Ports of API servers: managed clusters, most others, minikube, MicroK8s. */
const API_SERVER_PORTS = [HTTPS, 6443, 8443, 16443] as const;

/** The cluster's DNS, wherever it runs: in a pod, or in a cache on the node with an address of its own. */
export const TO_NAME_SERVICE: Json = {
  ports: DNS_PORTS.flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ port, protocol }))),
};

/** The API server. A NetworkPolicy applies to the address and port behind its Service, which are unknown at rendering. */
export const TO_API_SERVER: Json = reachAnybody(API_SERVER_PORTS);

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** The namespace of a host that may be a Service: `minio`, `minio.storage`, or `minio.storage.svc` with the cluster's domain or without. */
function namespaceOf(host: string, { namespace, settings }: Model): string | undefined {
  const domain = `.${settings.clusterDomain}`;
  const short = host.endsWith(domain) ? host.slice(0, -domain.length) : host;
  const [, within = namespace, kind = 'svc', ...rest] = short.split('.');
  return kind === 'svc' && rest.length === 0 && LABEL.test(within) ? within : undefined;
}

/**
 * A NetworkPolicy applies to the port behind a Service, which is unknown at rendering: inside the cluster every port of the Service's
 * namespace is open. A host of two words may also be a public DNS name.
 */
function toEndpoint(endpoint: string, model: Model): Json[] {
  const [host = '', port = String(HTTPS)] = endpoint.toLowerCase().split(':');
  const within = namespaceOf(host, model);
  const inside = within === undefined ? [] : [{ to: [namespaceNamed(within)] }];
  return within !== undefined && host.split('.').length !== 2 ? inside : [...inside, reachAnybody([Number(port)])];
}

/** The service of a cloud that tells a pod or a node who it is. */
const METADATA: Json = { ipBlock: { cidr: '169.254.169.254/32' } };
/** Where GKE answers for it on each node (cloud.google.com, kubernetes-engine, network policy with workload identity). */
const GKE_METADATA: Json = { ipBlock: { cidr: '169.254.169.252/32' } };

/** The service that gives a pod its way into a bucket: it exchanges an identity or a key for a token. Empty where keys sign requests. */
function toTokenService({ type, credentialsSecret }: BucketDestination): Json[] {
  switch (type) {
    case 's3':
      return credentialsSecret === undefined ? [reachAnybody([HTTPS])] : [];
    case 'gcs':
      return credentialsSecret === undefined
        ? [reach([METADATA], [80]), reach([GKE_METADATA], [988])]
        : [reachAnybody([HTTPS])];
    case 'azure':
      return credentialsSecret === undefined ? [reach([METADATA], [80])] : [];
  }
}

/** The bucket of backups; empty for backups on a volume. */
export function toBucket(destination: Destination | undefined, model: Model): Json[] {
  const bucket = bucketIn(destination);
  if (!bucket) return [];
  const { endpoint } = bucket;
  if (endpoint !== undefined) return [...toEndpoint(endpoint, model), ...toTokenService(bucket)];
  return [reachAnybody([HTTPS]), ...(bucket.type === 's3' ? [] : toTokenService(bucket))];
}

/** The peers that the user lets members connect to, and DNS to resolve them. */
export function toAsked({ spec }: Model): Json[] {
  const to = spec.networkPolicy?.to ?? [];
  return to.length > 0 ? [TO_NAME_SERVICE, { to }] : [];
}
