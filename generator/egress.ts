import type { Destination } from '../database/destination.ts';
import type { Json } from '../database/json.ts';
import type { Model } from './model.ts';
import { namespaceNamed, reachAnybody } from './network.ts';

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

/** The bucket of backups; empty for backups on a volume. */
export function toBucket(destination: Destination | undefined, model: Model): Json[] {
  if (destination?.type !== 's3') return [];
  return destination.endpoint === undefined ? [reachAnybody([HTTPS])] : toEndpoint(destination.endpoint, model);
}

/** The peers that the user lets members connect to, and DNS to resolve them. */
export function toAsked({ spec }: Model): Json[] {
  const to = spec.networkPolicy?.to ?? [];
  return to.length > 0 ? [TO_NAME_SERVICE, { to }] : [];
}
