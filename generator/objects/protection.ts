import type { Json } from '../emit.ts';
import type { Engine } from '../engine.ts';
import type { Manifest } from '../metadata.ts';
import { metadata, selectorLabels } from '../metadata.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import { allow, ingressPolicy, ownPods } from '../network.ts';

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

const namespaceNamed = (name: string): Json => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });

function clients({ spec }: Model): Json[] {
  const from = spec.networkPolicy?.from ?? [];
  return from.length > 0 ? from : [{ podSelector: {} }];
}

/** Lets clients in at the engine's port, and members, controller, backup jobs and scrapers where they have business; nothing else. */
export function networkPolicy(model: Model, engine: Engine): Manifest[] {
  const { settings, name } = model;
  const controller: Json = { namespaceSelector: namespaceNamed(settings.controller?.namespace ?? 'ballast-system') };
  return ingressPolicy(model, {
    name: names.networkPolicy(name),
    selector: selectorLabels(model),
    ingress: [
      allow(clients(model), [engine.client]),
      allow([ownPods(model), controller], [engine.client, ...engine.internal(model)]),
      // Prometheus may stand in any namespace; the metrics hold no data of the database.
      ...(model.monitoring ? [allow([{ namespaceSelector: {} }], [engine.metrics])] : []),
    ],
  });
}
