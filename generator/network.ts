import type { Json } from './emit.ts';
import type { EnginePort } from './engine.ts';
import type { Component, Labels, Manifest } from './metadata.ts';
import { DATABASE_LABEL, metadata } from './metadata.ts';
import type { Model } from './model.ts';

/** Who may connect to which ports, as a rule of a NetworkPolicy. */
export function allow(from: Json[], ports: readonly EnginePort[]): Json {
  return { from, ports: ports.map(({ port }) => ({ port, protocol: 'TCP' })) };
}

/** All pods of the Database: members, backup jobs, and the host of the repository. */
export function ownPods({ name }: Model): Json {
  return { podSelector: { matchLabels: { [DATABASE_LABEL]: name } } };
}

interface IngressOptions {
  readonly name: string;
  readonly part?: Component;
  readonly selector: Labels;
  readonly ingress: Json[];
}

/** The NetworkPolicy of some pods; none where the user switched it off. */
export function ingressPolicy(model: Model, { name, part, selector, ingress }: IngressOptions): Manifest[] {
  if (model.spec.networkPolicy?.enabled === false) return [];
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata(model, name, { wave: 'configuration', ...(part && { part }) }),
      spec: { ingress, podSelector: { matchLabels: { ...selector } }, policyTypes: ['Ingress'] },
    },
  ];
}
