import { ENGINES } from '../../database/engines/index.ts';
import { parseQuantity, wholeValue } from '../../database/values/quantity.ts';
import type { Json } from '../../database/json.ts';
import { dumpJob } from '../dump-job.ts';
import type { Engine } from '../engine.ts';
import { downAlert, exporter, metricsAt, seriesOf } from '../exporter.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import { PLACES } from '../paths.ts';
import { mysqlOption } from '../writers.ts';
import { configVolume, container, emptyVolume, fromSecret, port, probe, secretVolume, withoutEmpty } from '../pod.ts';

const { port: PORT, metricsPort, superuser } = ENGINES.mysql;
const MEASURED = metricsAt(metricsPort);
const SOCKET = '/var/run/mysqld/mysqld.sock';

/** Half the memory for pages leaves room for connections and for the operating system's cache. */
const BUFFER_SHARE = 0.5;
const LEAST_MEBIBYTES = 128;

function bufferPool({ limits, requests }: Model): string {
  const memory = parseQuantity(limits['memory'] ?? requests['memory'] ?? '256Mi');
  const bytes = memory.ok ? Number(wholeValue(memory.quantity)) : 0;
  return `${Math.max(LEAST_MEBIBYTES, Math.floor((bytes / 2 ** 20) * BUFFER_SHARE))}M`;
}

function myCnf(model: Model): string {
  const own: Record<string, string> = {
    datadir: `${PLACES.data}/mysql`,
    pid_file: '/var/run/mysqld/mysqld.pid',
    port: String(PORT),
    require_secure_transport: 'ON',
    socket: SOCKET,
    ssl_ca: `${PLACES.tls}/ca.crt`,
    ssl_cert: `${PLACES.tls}/tls.crt`,
    ssl_key: `${PLACES.tls}/tls.key`,
    tmpdir: PLACES.temporary,
  };
  const users = Object.entries(model.parameters).map(([name, value]): [string, string] => [
    name.replaceAll('-', '_'),
    value,
  ]);
  const all = {
    innodb_buffer_pool_size: bufferPool(model),
    skip_name_resolve: 'ON',
    ...Object.fromEntries(users),
    ...own,
  };
  const lines = Object.entries(all).map(([name, value]) => mysqlOption(name, value));
  return `[mysqld]\n${lines.sort().join('')}\n[client]\n${mysqlOption('socket', SOCKET)}`;
}

const MOUNTS: Json[] = [
  { mountPath: PLACES.data, name: 'data' },
  { mountPath: PLACES.settings, name: 'settings', readOnly: true },
  { mountPath: PLACES.tls, name: 'tls', readOnly: true },
  { mountPath: '/var/run/mysqld', name: 'socket' },
  { mountPath: PLACES.temporary, name: 'temporary' },
];

/** A probe for an answer of the server; it needs no password, because a refused login is an answer too. */
const ping: { readonly exec: Json } = {
  exec: { command: ['mysqladmin', `--defaults-file=${PLACES.settings}/my.cnf`, '--connect-timeout=2', 'ping'] },
};

function server(model: Model): Json {
  const { name } = model;
  return container(model.image, {
    name: 'mysql',
    args: ['mysqld', `--defaults-file=${PLACES.settings}/my.cnf`],
    env: [
      fromSecret('MYSQL_ROOT_PASSWORD', names.superuserSecret(name), 'password'),
      { name: 'MYSQL_DATABASE', value: 'app' },
      { name: 'MYSQL_USER', value: 'app' },
      fromSecret('MYSQL_PASSWORD', names.appSecret(name), 'password'),
    ],
    ports: [port('mysql', PORT)],
    startupProbe: probe(ping, { periodSeconds: 2, failureThreshold: 60, timeoutSeconds: 5 }),
    livenessProbe: probe(ping, { periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 }),
    readinessProbe: probe(ping, { periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 5 }),
    resources: withoutEmpty({ limits: model.limits, requests: model.requests }),
    volumeMounts: MOUNTS,
  });
}

function exporterOf(model: Model): Json {
  const { name, settings } = model;
  return exporter(model, {
    image: settings.images?.exporters?.['mysql'] ?? 'ballast/mysql-exporter:1',
    serves: MEASURED,
    // The exporter reads the socket only from the [client] section of a file.
    args: [
      `--mysqld.username=${superuser}`,
      `--config.my-cnf=${PLACES.settings}/my.cnf`,
      `--web.listen-address=:${MEASURED.port}`,
    ],
    env: [fromSecret('MYSQLD_EXPORTER_PASSWORD', names.superuserSecret(name), 'password')],
    volumeMounts: [
      { mountPath: PLACES.settings, name: 'settings', readOnly: true },
      { mountPath: '/var/run/mysqld', name: 'socket' },
    ],
  });
}

/** MySQL with one member. */
export const mysql: Engine = {
  client: { name: 'mysql', port: PORT },
  metrics: () => [MEASURED],
  internal: () => [],
  egress: () => [],
  files: (model) => ({ 'my.cnf': myCnf(model) }),
  startConfiguration: myCnf,
  containers: (model) => [server(model), ...(model.monitoring ? [exporterOf(model)] : [])],
  volumes: ({ name }) => [
    configVolume('settings', names.settings(name)),
    secretVolume('tls', names.tlsSecret(name)),
    emptyVolume('socket'),
    emptyVolume('temporary'),
  ],
  rights: () => [],
  backupJob: dumpJob,
  alerts: (model) => [downAlert(model, 'mysql_up')],
  panels: (model) => [
    { title: 'Connections', expr: `mysql_global_status_threads_connected{${seriesOf(model)}}`, unit: 'short' },
    { title: 'Queries per second', expr: `rate(mysql_global_status_queries{${seriesOf(model)}}[5m])`, unit: 'reqps' },
  ],
};
