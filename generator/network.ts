import { DATABASE_LABEL } from '../database/vocabulary.ts';
import type { Json } from '../database/json.ts';
import type { EnginePort } from './engine.ts';
import { memberAccountOf } from './accounts.ts';
import type { Component, Labels, Manifest } from './metadata.ts';
import { metadata } from './metadata.ts';
import type { Model } from './model.ts';

const tcp = (port: number): Json => ({ port, protocol: 'TCP' });

/** An ingress rule of a NetworkPolicy: these peers may connect to these ports. */
export function allow(from: Json[], ports: readonly Pick<EnginePort, 'port'>[]): Json {
  return { from, ports: ports.map(({ port }) => tcp(port)) };
}

/** An egress rule of a NetworkPolicy: the pod may connect to these peers at these ports. */
export function reach(to: Json[], ports: readonly number[]): Json {
  return { ports: ports.map(tcp), to };
}

/**
 * An egress rule to any address at these ports. It names no range of addresses: some networks do not count nodes, and with them the API
 * server, among those of any range.
 */
export function reachAnybody(ports: readonly number[]): Json {
  return { ports: ports.map(tcp) };
}

/** Selects a namespace by its name. */
export function namespaceNamed(name: string): Json {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

/** All pods of a Database: members, backup jobs, and the host of the repository. */
export function podsOf(name: string): Json {
  return { podSelector: { matchLabels: { [DATABASE_LABEL]: name } } };
}

interface PolicyOptions {
  readonly name: string;
  readonly part?: Component;
  readonly selector: Labels;
  readonly ingress: Json[];
  /** Unrestricted while the members run under the account of an earlier version. */
  readonly egress: Json[];
}

/** The NetworkPolicy of some pods; empty where the user switched it off. */
export function policyOf(model: Model, { name, part, selector, ingress, egress }: PolicyOptions): Manifest[] {
  if (model.spec.networkPolicy?.enabled === false) return [];
  const holdsEgress = memberAccountOf(model) !== 'earlier';
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata(model, name, { wave: 'configuration', ...(part && { part }) }),
      spec: {
        // The API server omits an empty list, which allows no peer.
        ...(holdsEgress && egress.length > 0 && { egress }),
        ...(ingress.length > 0 && { ingress }),
        podSelector: { matchLabels: { ...selector } },
        policyTypes: holdsEgress ? ['Ingress', 'Egress'] : ['Ingress'],
      },
    },
  ];
}
