import { ENGINES } from '../../database/engines/index.ts';
import { ROLE_LABEL } from '../../database/vocabulary.ts';
import type { Json } from '../../database/json.ts';
import type { Engine, EnginePort } from '../engine.ts';
import type { Labels, Manifest } from '../metadata.ts';
import { metadata, selectorLabels } from '../metadata.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';

function servicePort({ name, port }: EnginePort): Json {
  return { name, port, protocol: 'TCP', targetPort: port };
}

interface ServiceOptions {
  readonly selector: Labels;
  readonly ports: readonly EnginePort[];
  readonly headless?: boolean;
}

function service(model: Model, name: string, { selector, ports, headless = false }: ServiceOptions): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(model, name, { wave: 'configuration', keep: true }),
    spec: {
      ...(headless && { clusterIP: 'None' }),
      internalTrafficPolicy: 'Cluster',
      ports: ports.map(servicePort),
      // Members find each other before they are ready.
      ...(headless && { publishNotReadyAddresses: true }),
      selector,
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
  };
}

/** NAME-primary for reads and writes, NAME-replica for reads, NAME-pods for connections between members. */
export function services(model: Model, engine: Engine): Manifest[] {
  const members = selectorLabels(model);
  const { replicates } = ENGINES[model.engine].can;
  const role = (value: string): Labels => (replicates ? { ...members, [ROLE_LABEL]: value } : members);
  const { client } = engine;
  const internal = engine.internal(model);
  const scraped = (model.monitoring ? engine.metrics(model) : []).filter(
    (metrics) => !internal.some(({ port }) => port === metrics.port),
  );
  const { name } = model;
  return [
    service(model, names.primaryService(name), { selector: role('primary'), ports: [client] }),
    service(model, names.replicaService(name), { selector: role('replica'), ports: [client] }),
    service(model, names.podsService(name), {
      selector: members,
      ports: [client, ...internal, ...scraped],
      headless: true,
    }),
  ];
}
