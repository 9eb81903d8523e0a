import { backupServerResources } from '../backup-pod.ts';
import type { SecretFile } from '../bucket.ts';
import { bucketFiles, filesIn } from '../bucket.ts';
import type { Json } from '../../database/json.ts';
import { TO_API_SERVER, TO_NAME_SERVICE, toBucket } from '../egress.ts';
import type { BackupJob, Engine, EnginePort } from '../engine.ts';
import { memberAccountOf } from '../accounts.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import { podsOf, reach } from '../network.ts';
import {
  accountMount,
  accountVolume,
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
import { repositoryFingerprint } from '../repository.ts';
import { argument } from '../writers.ts';
import { MEASURED, hasExporter, postgresqlExporter, queriesYaml } from './exporter.ts';
import { hbaConf } from './logins.ts';
import { postgresqlAlerts, postgresqlPanels } from './monitoring.ts';
import { jobConf, memberConf, recoverConf, repositoryServer, restoreConf, verifyConf } from './pgbackrest.ts';
import { PATHS, PORTS } from './paths-and-ports.ts';
import { memberKeys, ownKeys } from './repository-keys.ts';
import { LISTENS, besideRepository, repositoryHost } from './repository-host.ts';
import { restoreOf } from './restore.ts';
import { memberRights } from './rights.ts';
import { patroniYaml, postgresqlConf, restartSettings, startConfiguration } from './settings.ts';

function files(model: Model): Record<string, string> {
  const restore = restoreOf(model);
  return {
    'patroni.yaml': patroniYaml(model),
    'pg_hba.conf': hbaConf(model),
    'postgresql.conf': postgresqlConf(model),
    ...(hasExporter(model) && { 'exporter.yaml': queriesYaml(model) }),
    ...(model.backup && {
      'pgbackrest.conf': memberConf(model, model.backup),
      'pgbackrest-job.conf': jobConf(model, model.backup),
    }),
    ...(model.backup?.recovers && { 'pgbackrest-recover.conf': recoverConf(model, model.backup) }),
    ...(model.backup?.verification && {
      'pgbackrest-verify.conf': verifyConf(model, model.backup),
      'verify.json': `${JSON.stringify(model.backup.verification.sql, undefined, 2)}\n`,
    }),
    ...(restore?.destination && {
      'pgbackrest-restore.conf': restoreConf(model, restore, restore.destination),
    }),
  };
}

function environment(model: Model): Json[] {
  const { name, namespace, settings } = model;
  const host = `$(POD_NAME).${names.podsService(name)}.${namespace}.svc.${settings.clusterDomain}`;
  return [
    fromPod('POD_NAME', 'metadata.name'),
    fromPod('POD_IP', 'status.podIP'),
    { name: 'PATRONI_NAME', value: '$(POD_NAME)' },
    { name: 'PATRONI_KUBERNETES_POD_IP', value: '$(POD_IP)' },
    { name: 'PATRONI_POSTGRESQL_CONNECT_ADDRESS', value: `$(POD_IP):${PORTS.postgresql}` },
    { name: 'PATRONI_RESTAPI_CONNECT_ADDRESS', value: `${host}:${PORTS.patroni}` },
    fromSecret('PATRONI_SUPERUSER_PASSWORD', names.superuserSecret(name), 'password'),
    fromSecret('PATRONI_REPLICATION_PASSWORD', names.replicationSecret(name), 'password'),
    ...memberKeys(model, restoreOf(model)).environment,
  ];
}

/** The files that members need for buckets: for the backups, and for what the data begin with, which may lie elsewhere. */
function bucketSecrets(model: Model): SecretFile[] {
  const source = restoreOf(model)?.destination;
  return filesIn(bucketFiles(model.backup?.destination, 'bucket'), bucketFiles(source, 'restore'));
}

const MOUNTS: Json[] = [
  { mountPath: PATHS.data, name: 'data' },
  { mountPath: PATHS.settings, name: 'settings', readOnly: true },
  { mountPath: PATHS.tls, name: 'tls', readOnly: true },
  { mountPath: PATHS.socket, name: 'socket' },
  { mountPath: PATHS.temporary, name: 'temporary' },
];

/** Name of the volume with the token of the members' account. */
const ACCOUNT = 'account';

const httpGet = (path: string): { readonly httpGet: Json } => ({
  httpGet: { path, port: PORTS.patroni, scheme: 'HTTPS' },
});

function server(model: Model): Json {
  return container(model.image, {
    name: 'postgresql',
    // Over the loopback address: DNS must not delay the detection of a death.
    command: ['ballast-member', PATHS.pgdata, PATHS.tls, `127.0.0.1:${PORTS.patroni}`, 'patroni', PATHS.patroni],
    env: environment(model),
    ports: [port('postgresql', PORTS.postgresql), port('patroni', PORTS.patroni)],
    // A first start from a backup may take hours, during which Patroni answers /liveness: the startup probe checks no more.
    startupProbe: probe(httpGet('/liveness'), { periodSeconds: 2, failureThreshold: 30, timeoutSeconds: 2 }),
    livenessProbe: probe(httpGet('/liveness'), { periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 }),
    readinessProbe: probe(httpGet('/readiness'), { periodSeconds: 3, failureThreshold: 3, timeoutSeconds: 3 }),
    resources: withoutEmpty({ limits: model.limits, requests: model.requests }),
    volumeMounts: [
      ...MOUNTS,
      { mountPath: '/dev/shm', name: 'shared-memory' },
      ...bucketSecrets(model).map(({ mount }) => mount),
      // Only Patroni calls the API server.
      ...(memberAccountOf(model) === 'earlier' ? [] : [accountMount(ACCOUNT)]),
    ],
  });
}

function volumes(model: Model): Json[] {
  return [
    configVolume('settings', names.settings(model.name)),
    secretVolume('tls', names.tlsSecret(model.name)),
    emptyVolume('socket'),
    emptyVolume('temporary'),
    emptyVolume('shared-memory', { medium: 'Memory' }),
    ...(memberAccountOf(model) === 'earlier' ? [] : [accountVolume(ACCOUNT)]),
    ...bucketSecrets(model).map(({ volume }) => volume),
  ];
}

/** Lets the backup job read the member's files over TLS. */
function backupServer(model: Model): Json {
  return container(model.image, {
    name: 'backup-server',
    command: repositoryServer(PATHS.pgbackrest),
    env: [...memberKeys(model, restoreOf(model)).environment],
    ports: [port('backup', PORTS.pgbackrest)],
    resources: backupServerResources(model),
    volumeMounts: [...MOUNTS, ...bucketSecrets(model).map(({ mount }) => mount)],
  });
}

const PATRONI = { name: 'patroni', port: PORTS.patroni } as const;

function internal({ backup }: Model): EnginePort[] {
  return [PATRONI, ...(backup ? [LISTENS] : [])];
}

/**
 * Allows connections to other members, to Patroni's store in the API server, and to the backups, the Database's own or those that it
 * starts from.
 */
function egress(model: Model): Json[] {
  const ports = [PORTS.postgresql, ...internal(model).map(({ port: number }) => number)];
  return [
    TO_NAME_SERVICE,
    TO_API_SERVER,
    reach([podsOf(model.name)], ports),
    ...toBucket(model.backup?.destination, model),
    // The volume of a backup to start from is the Database's own, among whose pods its host is.
    ...toBucket(restoreOf(model)?.destination, model),
  ];
}

function backupJob(model: Model): BackupJob {
  const affinity = besideRepository(model);
  return {
    arguments: [
      `--config=${PATHS.pgbackrestJob}`,
      argument('repository', repositoryFingerprint(model) ?? ''),
      ...(model.replicas > 1 ? ['--from-standby'] : []),
    ],
    // The name of the Job, for the list of backups.
    environment: [fromPod('JOB_NAME', "metadata.labels['job-name']"), ...ownKeys(model)],
    tellsTheList: true,
    ...(affinity !== undefined && { affinity }),
  };
}

function verificationJob(model: Model): BackupJob {
  const affinity = besideRepository(model);
  return {
    arguments: [
      `--config=${PATHS.pgbackrestVerify}`,
      `--data=${PATHS.pgdata}`,
      argument('major', model.series),
      `--statements=${PATHS.statements}`,
      argument('repository', repositoryFingerprint(model) ?? ''),
    ],
    environment: ownKeys(model),
    tellsTheList: true,
    ...(affinity !== undefined && { affinity }),
  };
}

/** PostgreSQL under Patroni, with pgBackRest beside it when backups are on. */
export const postgresql: Engine = {
  client: { name: 'postgresql', port: PORTS.postgresql },
  metrics: (model) => [{ ...PATRONI, tls: true }, ...(hasExporter(model) ? [MEASURED] : [])],
  internal,
  egress,
  files,
  startConfiguration,
  restartSettings,
  containers: (model) => [
    server(model),
    ...(model.backup ? [backupServer(model)] : []),
    ...(hasExporter(model) ? [postgresqlExporter(model)] : []),
  ],
  volumes,
  rights: memberRights,
  backupJob,
  verificationJob,
  repository: LISTENS,
  repositoryHost,
  alerts: postgresqlAlerts,
  panels: postgresqlPanels,
};
