import type { Json } from '../../database/json.ts';
import { TO_API_SERVER, TO_NAME_SERVICE, toAsked, toBucket } from '../egress.ts';
import type { Engine } from '../engine.ts';
import { memberAccountOf } from '../accounts.ts';
import type { Manifest } from '../metadata.ts';
import { metadata, selectorLabels } from '../metadata.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import { allow, namespaceNamed, podsOf, policyOf, reach } from '../network.ts';

/**
 * Keeps a drain of nodes from evicting more than one member at a time. A single member may be evicted: otherwise its node could never be
 * drained.
 */
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

function clients({ spec }: Model): Json[] {
  const from = spec.networkPolicy?.from ?? [];
  return from.length > 0 ? from : [{ podSelector: {} }];
}

/**
 * Allows clients at the engine's port; members, controller, backup jobs and scrapers at the ports that they need; and members'
 * connections to their dependencies and to the user's peers.
 */
function membersPolicy(model: Model, engine: Engine): Manifest[] {
  const { settings, name } = model;
  const controller = namespaceNamed(settings.controller.namespace);
  return policyOf(model, {
    name: names.networkPolicy(name),
    selector: selectorLabels(model),
    ingress: [
      allow(clients(model), [engine.client]),
      allow([podsOf(name), controller], [engine.client, ...engine.internal(model)]),
      // Prometheus may run in any namespace; the metrics hold no data of the database.
      ...(model.monitoring ? [allow([{ namespaceSelector: {} }], engine.metrics(model))] : []),
    ],
    egress: [...engine.egress(model), ...toAsked(model)],
  });
}

/** Allows members and jobs at the repository host, and backup pods' connections to the members, the bucket, and the list of backups in the API server. */
function backupPolicy(model: Model, engine: Engine): Manifest[] {
  const { name, backup } = model;
  if (!backup) return [];
  const served = backup.destination.type === 'pvc' ? engine.repository : undefined;
  // A job has no listening port, so it needs no policy while egress is unrestricted.
  if (!served && memberAccountOf(model) === 'earlier') return [];
  const members = [engine.client, ...engine.internal(model)].map(({ port }) => port);
  return policyOf(model, {
    name: names.backup(name),
    part: 'backup',
    selector: selectorLabels(model, 'backup'),
    ingress: served ? [allow([podsOf(name)], [served])] : [],
    egress: [
      TO_NAME_SERVICE,
      ...(engine.backupJob(model).tellsTheList ? [TO_API_SERVER] : []),
      reach([podsOf(name)], members),
      ...toBucket(backup.destination, model),
    ],
  });
}

/** The NetworkPolicies of a Database: they deny all connections that they do not name, in both directions. */
export function networkPolicy(model: Model, engine: Engine): Manifest[] {
  return [...membersPolicy(model, engine), ...backupPolicy(model, engine)];
}
