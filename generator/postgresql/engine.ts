import { bucketKeys } from '../bucket.ts';
import type { Json } from '../emit.ts';
import type { Engine } from '../engine.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import {
  configVolume,
  container,
  emptyVolume,
  fromPod,
  fromSecret,
  port,
  probe,
  secretVolume,
  withoutEmpty,
} from '../pod.ts';
import { postgresqlAlerts, postgresqlPanels } from './monitoring.ts';
import { jobConf, memberConf, repositoryServer, restoreConf } from './pgbackrest.ts';
import { PATHS, PORTS } from './places.ts';
import { besideRepository, repositoryHost } from './repository-host.ts';
import { restoreOf } from './restore.ts';
import { memberRights } from './rights.ts';
import { hbaConf, patroniYaml, postgresqlConf, startConfiguration } from './settings.ts';

function files(model: Model): Record<string, string> {
  const restore = restoreOf(model);
  return {
    'patroni.yaml': patroniYaml(model),
    'pg_hba.conf': hbaConf(),
    'postgresql.conf': postgresqlConf(model),
    ...(model.backup && {
      'pgbackrest.conf': memberConf(model, model.backup),
      'pgbackrest-job.conf': jobConf(model, model.backup),
    }),
    ...(restore && { 'pgbackrest-restore.conf': restoreConf(model, restore.from, restore.destination) }),
  };
}

function environment(model: Model): Json[] {
  const { name, namespace, settings } = model;
  const host = `$(POD_NAME).${names.podsService(name)}.${namespace}.svc.${settings.clusterDomain ?? 'cluster.local'}`;
  return [
    fromPod('POD_NAME', 'metadata.name'),
    fromPod('POD_IP', 'status.podIP'),
    { name: 'PATRONI_NAME', value: '$(POD_NAME)' },
    { name: 'PATRONI_KUBERNETES_POD_IP', value: '$(POD_IP)' },
    { name: 'PATRONI_POSTGRESQL_CONNECT_ADDRESS', value: `$(POD_IP):${PORTS.postgresql}` },
    { name: 'PATRONI_RESTAPI_CONNECT_ADDRESS', value: `${host}:${PORTS.patroni}` },
    fromSecret('PATRONI_SUPERUSER_PASSWORD', names.superuserSecret(name), 'password'),
    fromSecret('PATRONI_REPLICATION_PASSWORD', names.replicationSecret(name), 'password'),
    ...repositoryKeys(model),
  ];
}

/** The keys of a bucket as pgBackRest reads them: of our own backups, or of the one that the data begin with. */
function repositoryKeys(model: Model): Json[] {
  const variables = { id: 'PGBACKREST_REPO1_S3_KEY', secret: 'PGBACKREST_REPO1_S3_KEY_SECRET' };
  const own = bucketKeys(model.backup?.destination, variables);
  return own.length > 0 ? own : bucketKeys(restoreOf(model)?.destination, variables);
}

const MOUNTS: Json[] = [
  { mountPath: PATHS.data, name: 'data' },
  { mountPath: PATHS.settings, name: 'settings', readOnly: true },
  { mountPath: PATHS.tls, name: 'tls', readOnly: true },
  { mountPath: PATHS.socket, name: 'socket' },
  { mountPath: PATHS.temporary, name: 'temporary' },
];

const httpGet = (path: string): { readonly httpGet: Json } => ({
  httpGet: { path, port: PORTS.patroni, scheme: 'HTTPS' },
});

function server(model: Model): Json {
  return container(model.image, {
    name: 'postgresql',
    // Over the loopback by its number: no name service stands between a death and its notice.
    command: ['ballast-member', PATHS.pgdata, PATHS.tls, `127.0.0.1:${PORTS.patroni}`, 'patroni', PATHS.patroni],
    env: environment(model),
    ports: [port('postgresql', PORTS.postgresql), port('patroni', PORTS.patroni)],
    // A first start from a backup may take hours: Patroni answers /liveness all the while, so startup waits for that only.
    startupProbe: probe(httpGet('/liveness'), { periodSeconds: 2, failureThreshold: 30, timeoutSeconds: 2 }),
    livenessProbe: probe(httpGet('/liveness'), { periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 }),
    readinessProbe: probe(httpGet('/readiness'), { periodSeconds: 3, failureThreshold: 3, timeoutSeconds: 3 }),
    resources: withoutEmpty({ limits: model.limits, requests: model.requests }),
    volumeMounts: [...MOUNTS, { mountPath: '/dev/shm', name: 'shared-memory' }],
  });
}

const SMALL: Json = { limits: { memory: '256Mi' }, requests: { cpu: '10m', memory: '64Mi' } };

/** Lets the backup job read the member's files over TLS. */
function backupServer(model: Model): Json {
  return container(model.image, {
    name: 'backup-server',
    command: repositoryServer(PATHS.pgbackrest),
    env: repositoryKeys(model),
    ports: [port('backup', PORTS.pgbackrest)],
    resources: SMALL,
    volumeMounts: MOUNTS,
  });
}

/** PostgreSQL under Patroni, with pgBackRest beside it when backups are on. */
export const postgresql: Engine = {
  client: { name: 'postgresql', port: PORTS.postgresql },
  metrics: { name: 'patroni', port: PORTS.patroni, tls: true },
  internal: ({ backup }) => [
    { name: 'patroni', port: PORTS.patroni },
    ...(backup ? [{ name: 'backup', port: PORTS.pgbackrest }] : []),
  ],
  replicated: true,
  files,
  startConfiguration,
  containers: (model) => [server(model), ...(model.backup ? [backupServer(model)] : [])],
  volumes: ({ name }) => [
    configVolume('settings', names.settings(name)),
    secretVolume('tls', names.tlsSecret(name)),
    emptyVolume('socket'),
    emptyVolume('temporary'),
    emptyVolume('shared-memory', { medium: 'Memory' }),
  ],
  rights: memberRights,
  backupJob: (model) => ({
    arguments: [`--config=${PATHS.pgbackrestJob}`],
    environment: repositoryKeys(model),
    placement: besideRepository(model),
  }),
  repositoryHost,
  alerts: postgresqlAlerts,
  panels: postgresqlPanels,
};
