import type { Json } from '../emit.ts';
import type { Engine } from '../engine.ts';
import type { Manifest } from '../metadata.ts';
import { metadata, selectorLabels } from '../metadata.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';

/** Keeps a drain of nodes from taking more than one member at a time. With one member, a drain may take it: else no node could ever be drained. */
export function disruptionBudget(model: Model): Manifest[] {
  return [
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadata(model, model.name, { wave: 'configuration' }),
      spec: { maxUnavailable: 1, selector: { matchLabels: { ...selectorLabels(model) } } },
    },
  ];
}

const tcp = (port: number): Json => ({ port, protocol: 'TCP' });
const namespaceNamed = (name: string): Json => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });

function clients({ spec }: Model): Json[] {
  const from = spec.networkPolicy?.from ?? [];
  return from.length > 0 ? from : [{ podSelector: {} }];
}

/** Lets clients in at the engine's port, and members, controller, backup jobs and scrapers where they have business; nothing else. */
export function networkPolicy(model: Model, engine: Engine): Manifest[] {
  if (model.spec.networkPolicy?.enabled === false) return [];
  const { settings, name } = model;
  const own: Json = { podSelector: { matchLabels: { 'db.example.com/database': name } } };
  const controller: Json = { namespaceSelector: namespaceNamed(settings.controller?.namespace ?? 'ballast-system') };
  const all = [engine.client, ...engine.internal].map(({ port }) => tcp(port));
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata(model, names.networkPolicy(name), { wave: 'configuration' }),
      spec: {
        ingress: [
          { from: clients(model), ports: [tcp(engine.client.port)] },
          { from: [own, controller], ports: all },
          // Prometheus may stand in any namespace; the metrics hold no data of the database.
          ...(model.monitoring ? [{ from: [{ namespaceSelector: {} }], ports: [tcp(engine.metrics.port)] }] : []),
        ],
        podSelector: { matchLabels: { ...selectorLabels(model) } },
        policyTypes: ['Ingress'],
      },
    },
  ];
}
