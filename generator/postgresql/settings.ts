import { DATABASE_LABEL, ROLE_LABEL } from '../../database/vocabulary.ts';
import { highAvailabilityOf, quantityOf } from '../../database/resolve.ts';
import { wholeValue } from '../../database/values/quantity.ts';
import { defaultSharedBuffers } from '../../policies/parameters.ts';
import { contextOf } from '../../policies/parameters/context.ts';
import type { Json } from '../../database/json.ts';
import { emitYaml } from '../emit.ts';
import type { Model } from '../model.ts';
import { hasExporter, queriesYaml } from './exporter.ts';
import { AUTHENTICATION, loginsAtStart } from './logins.ts';
import { postgresqlSetting } from '../writers.ts';
import { PATHS, PORTS } from './paths-and-ports.ts';
import { INITDB, bootstrapMethod } from './restore.ts';

/**
 * Settings that Patroni reads from its dynamic configuration only, because all members must agree on them (patroni.readthedocs.io,
 * dynamic_configuration), with Ballast's values.
 */
export const COMMON: Readonly<Record<string, string>> = {
  hot_standby: 'on',
  max_connections: '100',
  max_locks_per_transaction: '64',
  max_prepared_transactions: '0',
  max_replication_slots: '16',
  max_wal_senders: '16',
  max_worker_processes: '8',
  track_commit_timestamp: 'off',
  wal_keep_size: '128MB',
  wal_level: 'logical',
  wal_log_hints: 'on',
  // A standby on a lost node sends no farewell. While it counts, commits may wait for it (default: 60 s).
  wal_sender_timeout: '10s',
};

type Parameters = Readonly<Record<string, string>>;

/**
 * The push of a segment: by pgBackRest, and where that fails by the image's ballast-archive, which decides whether the segment may be
 * given up. While archiving is suspended only that one runs (docs/decisions/0041-archiving.md). Without quotes, as the policy about members'
 * writes has it: names of segments need none.
 */
export function archiveCommand(name: string): string {
  const push = `pgbackrest --config=${PATHS.pgbackrest} --stanza=${name} --archive-timeout=10 archive-push %p`;
  return `test ! -e ${PATHS.archiveSuspended} && ${push} || ballast-archive ${PATHS.pgbackrest} ${name} %p`;
}

/**
 * WAL archiving, where backups are asked for. Elsewhere the mode is off, and not a command without effect: a server that archives fills
 * up its last segment when it stops, and sends all of it to the standbys while clients wait.
 */
function archiving(model: Model): Parameters {
  if (!model.backup) return { archive_mode: 'off' };
  return { archive_mode: 'on', archive_command: archiveCommand(model.name), archive_timeout: '60s' };
}

/**
 * Ballast's own settings in the dynamic configuration that take a restart. They are rendered too, where the controller sees them: a version
 * that has others restarts no member before its manifests are applied.
 */
export function restartSettings(model: Model): Parameters {
  const takesRestart = ([name]: readonly [string, string]): boolean =>
    contextOf(model.engine, model.version, name) === 'restart';
  return Object.fromEntries(Object.entries({ ...COMMON, ...archiving(model) }).filter(takesRestart));
}

const MEGABYTE = 2n ** 20n;

/** PostgreSQL's own limit, which a volume of this size can hold beside its data. */
const DEFAULT_WAL = 1024n;

/**
 * Limits of the WAL on the volume, in MB. A slot of a standby that is away keeps at most half of the volume: a standby that must be copied
 * again is better than a primary that takes no writes. Checkpoints of a small volume come before a quarter of it is WAL.
 */
function boundsOfWal({ storage }: Model): Parameters {
  const size = quantityOf(storage.size);
  if (!size) return {};
  const megabytes = wholeValue(size) / MEGABYTE;
  const quarter = megabytes / 4n;
  return {
    max_slot_wal_keep_size: `${megabytes / 2n}MB`,
    ...(quarter < DEFAULT_WAL && { max_wal_size: `${quarter}MB` }),
  };
}

/** Paths and ports of the server inside the container: equal in every version of a Database. */
const PLACED: Parameters = {
  hba_file: PATHS.hba,
  listen_addresses: '*',
  password_encryption: 'scram-sha-256',
  port: String(PORTS.postgresql),
  ssl: 'on',
  ssl_ca_file: `${PATHS.tls}/ca.crt`,
  ssl_cert_file: `${PATHS.tls}/tls.crt`,
  ssl_key_file: `${PATHS.tls}/tls.key`,
  unix_socket_directories: PATHS.socket,
};

/**
 * postgresql.conf: settings that follow from the pod itself, its paths and its memory. The file changes only with the pod, so that it
 * never needs a reload; settings that a user may change at any time are in the dynamic configuration, which Patroni carries to all
 * members at once and which overrides this file.
 */
export function postgresqlConf(model: Model): string {
  const memory = model.limits['memory'] ?? model.requests['memory'] ?? '512Mi';
  const settings = {
    ...PLACED,
    log_destination: 'stderr',
    logging_collector: 'off',
    shared_buffers: defaultSharedBuffers(memory),
  };
  const lines = Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => postgresqlSetting(name, value));
  return `# Settings that a user may change are in Patroni's dynamic configuration (bootstrap.dcs in patroni.yaml).\n${lines.join('')}`;
}

/**
 * With two or more standbys any one of them confirms a commit, so that the loss of one blocks no commit; a quorum of them then decides
 * which may be promoted (patroni.readthedocs.io, replication_modes, quorum commit).
 */
function synchronousMode({ replicas, spec }: Model): Record<string, Json> {
  const mode = highAvailabilityOf(spec).synchronous;
  const isOn = mode === 'required' || (mode === 'preferred' && replicas > 1);
  return {
    synchronous_mode: isOn && replicas > 2 ? 'quorum' : isOn,
    synchronous_mode_strict: mode === 'required',
  };
}

/**
 * Patroni's dynamic configuration, with all settings that the user may change while members run. Patroni reads it from its file once,
 * when the cluster is initialised; the controller writes later changes. A ttl of 20 s is Patroni's minimum, and ttl ≥ loop_wait + 2 ×
 * retry_timeout.
 */
export function dynamicConfiguration(model: Model): Json {
  return {
    check_timeline: true,
    failsafe_mode: true,
    loop_wait: 5,
    maximum_lag_on_failover: highAvailabilityOf(model.spec).maximumLagBytes,
    postgresql: {
      // A new member waits for the primary's checkpoint before the copy starts: with the default, spread out over minutes.
      basebackup: { checkpoint: 'fast' },
      parameters: { ...COMMON, ...boundsOfWal(model), ...model.parameters, ...archiving(model) },
      remove_data_directory_on_diverged_timelines: false,
      // Otherwise a member that cannot be rewound, for lack of space for example, would stay broken; Patroni does it only beside a
      // healthy primary.
      remove_data_directory_on_rewind_failure: true,
      use_pg_rewind: true,
      use_slots: true,
    },
    primary_start_timeout: 0,
    retry_timeout: 7,
    ...synchronousMode(model),
    ttl: 20,
  };
}

/** The configuration that a member reads at its start. Name, address and passwords come from the environment. */
function memberConfiguration(model: Model, authentication: Json): Record<string, Json> {
  const tls = { cafile: `${PATHS.tls}/ca.crt`, certfile: `${PATHS.tls}/tls.crt`, keyfile: `${PATHS.tls}/tls.key` };
  return {
    scope: model.name,
    kubernetes: {
      bypass_api_service: false,
      follower_label_value: 'replica',
      labels: { 'app.kubernetes.io/component': 'database', 'app.kubernetes.io/managed-by': 'ballast' },
      leader_label_value: 'primary',
      namespace: model.namespace,
      role_label: ROLE_LABEL,
      scope_label: DATABASE_LABEL,
      standby_leader_label_value: 'primary',
      use_endpoints: false,
    },
    restapi: { listen: `0.0.0.0:${PORTS.patroni}`, ...tls, verify_client: 'optional' },
    ctl: { cacert: tls.cafile, certfile: tls.certfile, keyfile: tls.keyfile },
    postgresql: {
      authentication,
      // The new primary relabels a former one that cannot do so itself, so that failover needs no controller.
      callbacks: { on_role_change: `ballast-on-role-change ${ROLE_LABEL} ${DATABASE_LABEL}` },
      bin_dir: `/usr/lib/postgresql/${model.series}/bin`,
      custom_conf: PATHS.postgresqlConf,
      data_dir: PATHS.pgdata,
      listen: `0.0.0.0:${PORTS.postgresql}`,
      parameters: PLACED,
      pgpass: `${PATHS.temporary}/pgpass`,
      use_unix_socket: true,
      use_unix_socket_repl: true,
    },
    tags: { clonefrom: true },
  };
}

/** patroni.yaml: the member's configuration, and how the first member initialises the cluster. */
export function patroniYaml(model: Model): string {
  return emitYaml({
    ...memberConfiguration(model, AUTHENTICATION),
    bootstrap: {
      dcs: dynamicConfiguration(model),
      initdb: INITDB.map(([option, value]) => (value === undefined ? option : { [option]: value })),
      ...bootstrapMethod(model),
    },
  });
}

/** The configuration that a member reads only at its start. */
export function startConfiguration(model: Model): string {
  const { authentication, hba } = loginsAtStart(model);
  const queries = hasExporter(model) ? queriesYaml(model) : '';
  return emitYaml(memberConfiguration(model, authentication)) + postgresqlConf(model) + hba + queries;
}
