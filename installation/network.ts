import { ENGINES } from '../database/engines/index.ts';
import { PATRONI_PORT } from '../database/engines/postgresql.ts';
import { DATABASE_LABEL } from '../database/vocabulary.ts';
import type { Json } from '../database/json.ts';
import type { Manifest } from '../generator/metadata.ts';
import type { Component } from './labels.ts';
import { podLabels } from './labels.ts';
import { NAMES } from './names.ts';
import type { SharedOptions } from './options.ts';
import type { Part } from './part.ts';

type Way = 'Ingress' | 'Egress';

const tcp = (port: number | string): Json => ({ port, protocol: 'TCP' });

/** The API server has no label; behind its Service its port is 6443 nearly everywhere. */
const TO_API_SERVER: Json = { ports: [tcp(443), tcp(6443)] };
const TO_NAME_SERVICE: Json = { ports: [{ port: 53, protocol: 'UDP' }, tcp(53)] };
const TO_MEMBERS: Json = {
  to: [{ namespaceSelector: {}, podSelector: { matchExpressions: [{ key: DATABASE_LABEL, operator: 'Exists' }] } }],
  ports: [tcp(ENGINES.postgresql.port), tcp(PATRONI_PORT)],
};
const FROM_PROMETHEUS: Json = { from: [{ namespaceSelector: {} }], ports: [tcp('metrics')] };
const FROM_ANYBODY: Json = { ports: [tcp('https')] };

interface Opening {
  readonly policyTypes: readonly Way[];
  readonly ingress?: readonly Json[];
  readonly egress?: readonly Json[];
}

function policy(
  { namespace }: SharedOptions,
  name: string,
  podSelector: Json,
  { policyTypes, ingress, egress }: Opening,
): Manifest {
  return {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace } },
    spec: {
      podSelector,
      policyTypes: [...policyTypes],
      ...(ingress && { ingress: [...ingress] }),
      ...(egress && { egress: [...egress] }),
    },
  };
}

const BOTH: readonly Way[] = ['Ingress', 'Egress'];
const podsOf = (component: Component): Json => ({ matchLabels: podLabels(component) });

/** Denies all traffic of the namespace by default. */
export function closedNetwork(options: SharedOptions): Part {
  const about =
    'The namespace is Ballast’s alone: what is not allowed here, by the controller’s network.yaml, or by the overlay is not let ' +
    'through. Probes come from the node, which no NetworkPolicy keeps out.';
  return { about, manifests: [policy(options, NAMES.nothingElse, {}, { policyTypes: BOTH })] };
}

/** Allows requests to the webhook. */
export function webhookNetwork(options: SharedOptions): Part {
  const about =
    'The webhook is asked by the API server, which has no label and often no address of the cluster. Its metrics are read by ' +
    'Prometheus, which may stand in any namespace. It calls nobody.';
  const opening = { policyTypes: BOTH, ingress: [FROM_ANYBODY, FROM_PROMETHEUS] };
  return { about, manifests: [policy(options, NAMES.webhook, podsOf('webhook'), opening)] };
}

/** Allows the webhook to call the API server, where it makes its own certificate. */
export function certificateNetwork(options: SharedOptions): Part {
  const about =
    'To keep its certificate in a Secret, and to write it into the configurations. The API server has no label; its port is 6443 ' +
    'behind its Service nearly everywhere: where it is another, an overlay names it.';
  const opening: Opening = { policyTypes: ['Egress'], egress: [TO_API_SERVER] };
  return { about, manifests: [policy(options, NAMES.certificateSecret, podsOf('webhook'), opening)] };
}

/** Allows the controller's connections to the API server and to members, and the scraping of its metrics. */
export function controllerNetwork(options: SharedOptions): Part {
  const about =
    'Prometheus may stand in any namespace; what the controller shows are names and figures. It calls the API server, which has no ' +
    'label and whose port is 6443 behind its Service nearly everywhere (where it is another, an overlay names it), members of ' +
    'Databases, and a DNS server for their names.';
  const opening = {
    ...{ policyTypes: BOTH, ingress: [FROM_PROMETHEUS] },
    egress: [TO_NAME_SERVICE, TO_API_SERVER, TO_MEMBERS],
  };
  return { about, manifests: [policy(options, NAMES.controller, podsOf('controller'), opening)] };
}
