import { ENGINES } from '../../database/engines/index.ts';
import type { Json } from '../../database/json.ts';
import { emitYaml } from '../emit.ts';
import { dumpJob } from '../dump-job.ts';
import type { Engine } from '../engine.ts';
import { downAlert, exporter, metricsAt, seriesOf } from '../exporter.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import { PLACES } from '../paths.ts';
import { configVolume, container, emptyVolume, fromSecret, port, probe, secretVolume, withoutEmpty } from '../pod.ts';

const { port: PORT, metricsPort } = ENGINES.mongodb;
const MEASURED = metricsAt(metricsPort);

type Tree = { [name: string]: Json };

/** Puts `a.b.c: value` into a tree of sections, as in mongod.conf. */
function put(tree: Tree, name: string, value: Json): void {
  const sections = name.split('.');
  const last = sections.pop() ?? name;
  let at = tree;
  for (const section of sections) {
    const below = at[section];
    const next: Tree = typeof below === 'object' && below !== null && !Array.isArray(below) ? (below as Tree) : {};
    at[section] = next;
    at = next;
  }
  at[last] = value;
}

function typed(value: string): Json {
  // Only a number in JavaScript's own spelling: 0644 and 1.10 stay text.
  if (/^-?[0-9]{1,15}(\.[0-9]{1,6})?$/.test(value) && String(Number(value)) === value) return Number(value);
  return value === 'true' || value === 'false' ? value === 'true' : value;
}

function mongodConf(model: Model): string {
  const tree: Tree = {};
  for (const [name, value] of Object.entries(model.parameters)) put(tree, name, typed(value));
  put(tree, 'net.bindIpAll', true);
  put(tree, 'net.port', PORT);
  put(tree, 'net.tls.CAFile', `${PLACES.tls}/ca.crt`);
  put(tree, 'net.tls.allowConnectionsWithoutCertificates', true);
  put(tree, 'net.tls.certificateKeyFile', `${PLACES.tls}/tls.pem`);
  put(tree, 'net.tls.mode', 'requireTLS');
  put(tree, 'net.unixDomainSocket.pathPrefix', PLACES.temporary);
  put(tree, 'security.authorization', 'enabled');
  put(tree, 'storage.dbPath', `${PLACES.data}/mongodb`);
  return emitYaml(tree);
}

const MOUNTS: Json[] = [
  { mountPath: PLACES.data, name: 'data' },
  { mountPath: PLACES.settings, name: 'settings', readOnly: true },
  { mountPath: PLACES.tls, name: 'tls', readOnly: true },
  { mountPath: PLACES.temporary, name: 'temporary' },
];

const ping: { readonly exec: Json } = {
  exec: {
    command: [
      'mongosh',
      '--quiet',
      '--tls',
      '--tlsAllowInvalidHostnames',
      `--tlsCAFile=${PLACES.tls}/ca.crt`,
      '--eval=db.adminCommand("ping").ok',
    ],
  },
};

function server(model: Model): Json {
  const { name } = model;
  return container(model.image, {
    name: 'mongodb',
    args: ['mongod', `--config=${PLACES.settings}/mongod.conf`],
    env: [
      fromSecret('MONGO_INITDB_ROOT_USERNAME', names.superuserSecret(name), 'username'),
      fromSecret('MONGO_INITDB_ROOT_PASSWORD', names.superuserSecret(name), 'password'),
      { name: 'HOME', value: PLACES.temporary },
    ],
    ports: [port('mongodb', PORT)],
    startupProbe: probe(ping, { periodSeconds: 5, failureThreshold: 24, timeoutSeconds: 10 }),
    livenessProbe: probe(ping, { periodSeconds: 20, failureThreshold: 6, timeoutSeconds: 10 }),
    readinessProbe: probe(ping, { periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 10 }),
    resources: withoutEmpty({ limits: model.limits, requests: model.requests }),
    volumeMounts: MOUNTS,
  });
}

function exporterOf(model: Model): Json {
  const { name, settings } = model;
  return exporter(model, {
    image: settings.images?.exporters?.['mongodb'] ?? 'ballast/mongodb-exporter:1',
    serves: MEASURED,
    args: [
      `--mongodb.uri=mongodb://localhost:${PORT}/?tls=true&tlsInsecure=true`,
      `--web.listen-address=:${MEASURED.port}`,
    ],
    env: [
      fromSecret('MONGODB_USER', names.superuserSecret(name), 'username'),
      fromSecret('MONGODB_PASSWORD', names.superuserSecret(name), 'password'),
    ],
  });
}

/** MongoDB with one member. */
export const mongodb: Engine = {
  client: { name: 'mongodb', port: PORT },
  metrics: () => [MEASURED],
  internal: () => [],
  egress: () => [],
  files: (model) => ({ 'mongod.conf': mongodConf(model) }),
  startConfiguration: mongodConf,
  containers: (model) => [server(model), ...(model.monitoring ? [exporterOf(model)] : [])],
  volumes: ({ name }) => [
    configVolume('settings', names.settings(name)),
    secretVolume('tls', names.tlsSecret(name)),
    emptyVolume('temporary'),
  ],
  rights: () => [],
  backupJob: dumpJob,
  alerts: (model) => [downAlert(model, 'mongodb_up')],
  panels: (model) => [
    { title: 'Connections', expr: `mongodb_ss_connections{${seriesOf(model)},conn_type="current"}`, unit: 'short' },
    { title: 'Operations per second', expr: `sum(rate(mongodb_ss_opcounters{${seriesOf(model)}}[5m]))`, unit: 'ops' },
  ],
};
