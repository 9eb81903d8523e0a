import type { Json } from '../../database/json.ts';
import { TO_NAME_SERVICE, toAsked, toBucket } from '../egress.ts';
import type { Engine } from '../engine.ts';
import { memberAccountOf } from '../accounts.ts';
import type { Manifest } from '../metadata.ts';
import { metadata, selectorLabels } from '../metadata.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import { allow, namespaceNamed, podsOf, policyOf, reach } from '../network.ts';

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

function clients({ spec }: Model): Json[] {
  const from = spec.networkPolicy?.from ?? [];
  return from.length > 0 ? from : [{ podSelector: {} }];
}

/** Lets clients in at the engine's port, members, controller, backup jobs and scrapers where they have business, and members out to what they need and to whom the user names. */
function membersPolicy(model: Model, engine: Engine): Manifest[] {
  const { settings, name } = model;
  const controller = namespaceNamed(settings.controller.namespace);
  return policyOf(model, {
    name: names.networkPolicy(name),
    selector: selectorLabels(model),
    ingress: [
      allow(clients(model), [engine.client]),
      allow([podsOf(name), controller], [engine.client, ...engine.internal(model)]),
      // Prometheus may stand in any namespace; the metrics hold no data of the database.
      ...(model.monitoring ? [allow([{ namespaceSelector: {} }], engine.metrics(model))] : []),
    ],
    egress: [...engine.egress(model), ...toAsked(model)],
  });
}

/** Lets members and jobs in where the repository is served, and backup pods out to the members and the bucket. */
function backupPolicy(model: Model, engine: Engine): Manifest[] {
  const { name, backup } = model;
  if (!backup) return [];
  const served = backup.destination.type === 'pvc' ? engine.repository : undefined;
  // Nothing listens in a job, so there is no policy for it where nobody's egress is held to anything.
  if (!served && memberAccountOf(model) === 'earlier') return [];
  const members = [engine.client, ...engine.internal(model)].map(({ port }) => port);
  return policyOf(model, {
    name: names.backup(name),
    part: 'backup',
    selector: selectorLabels(model, 'backup'),
    ingress: served ? [allow([podsOf(name)], [served])] : [],
    egress: [TO_NAME_SERVICE, reach([podsOf(name)], members), ...toBucket(backup.destination, model)],
  });
}

/** Who may connect to the pods of a Database, and to whom they may: nobody else either way. */
export function networkPolicy(model: Model, engine: Engine): Manifest[] {
  return [...membersPolicy(model, engine), ...backupPolicy(model, engine)];
}
