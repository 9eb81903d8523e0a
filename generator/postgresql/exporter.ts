import { MONITOR_ROLE } from '../../database/engines/postgresql.ts';
import { memberAccountOf } from '../accounts.ts';
import type { Json } from '../../database/json.ts';
import { emitYaml } from '../emit.ts';
import { exporter, metricsAt } from '../exporter.ts';
import type { Model } from '../model.ts';
import { PATHS, PORTS } from './paths-and-ports.ts';

/**
 * The role that the exporter logs in as, and the account of the image that it runs under: by the one name the server knows
 * the other (peer), so it takes no password. The controller makes the role, the image the account.
 */
export const MONITOR = { role: MONITOR_ROLE, account: 998 } as const;

const PROGRAM = 'prometheus-postgres-exporter';

/** Where the exporter serves what it measures. */
export const MEASURED = metricsAt(PORTS.metrics);

/** Members of an earlier account have none: it would restart them. */
export function hasExporter(model: Model): boolean {
  return model.monitoring && memberAccountOf(model) !== 'earlier';
}

/**
 * One row a standby, also while it has two connections at once. A lag in time is null when a standby has everything and
 * nothing is written. Only the primary has positions of its own to compare with.
 */
const STANDBYS = `SELECT application_name AS standby,
  coalesce(extract(epoch FROM max(replay_lag)), 0) AS replay_lag_seconds,
  max(pg_wal_lsn_diff(pg_current_wal_lsn(), sent_lsn)) AS sent_lag_bytes,
  max(pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn)) AS flush_lag_bytes,
  max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) AS replay_lag_bytes
FROM pg_stat_replication
WHERE NOT pg_is_in_recovery() AND state <> 'backup'
GROUP BY application_name`;

const gauge = (name: string, description: string): Json => ({ [name]: { description, usage: 'GAUGE' } });

/** What the exporter asks beside what it asks by itself, which has no lag in time; series are named pg_standby_…. */
export function queriesYaml(): string {
  return emitYaml({
    pg_standby: {
      query: STANDBYS,
      metrics: [
        { standby: { description: 'Name of the standby.', usage: 'LABEL' } },
        gauge('replay_lag_seconds', 'Time between a commit on the primary and its being visible on the standby.'),
        gauge('sent_lag_bytes', 'Write-ahead log that the primary has not sent to the standby.'),
        gauge('flush_lag_bytes', 'Write-ahead log that the standby has not stored.'),
        gauge('replay_lag_bytes', 'Write-ahead log that the standby has not replayed.'),
      ],
    },
  });
}

const DATA_SOURCE = {
  host: PATHS.socket,
  user: MONITOR.role,
  dbname: 'postgres',
  sslmode: 'disable',
  // No function that a user made stands in the way of the server's own.
  search_path: 'pg_catalog',
} as const;

/**
 * Runs the exporter again whenever it ends, and ends itself when asked. A container that is not running makes its pod not
 * ready, and takes a member that serves out of the Services: what only measures must not do that, also where an image lacks it.
 */
export const KEEP_RUNNING = `trap 'exit 0' TERM; while :; do "$@" & wait $!; sleep 5 & wait $!; done`;

/** The container with the exporter of the member's own image, unless the installation names another image. */
export function postgresqlExporter(model: Model): Json {
  const other = model.settings.images?.exporters?.['postgresql'];
  const source = Object.entries(DATA_SOURCE).map(([name, value]) => `${name}=${value}`);
  return exporter(model, {
    image: other ?? model.image,
    serves: MEASURED,
    account: MONITOR.account,
    ...(other === undefined && { command: ['/bin/sh', '-c', KEEP_RUNNING, 'exporter', PROGRAM] }),
    args: [
      // Its own queries come to hundreds of series a member, some of them new with each connection.
      '--disable-default-metrics',
      '--disable-settings-metrics',
      `--extend.query-path=${PATHS.queries}`,
      `--web.listen-address=:${MEASURED.port}`,
    ],
    env: [{ name: 'DATA_SOURCE_NAME', value: source.join(' ') }],
    volumeMounts: [
      { mountPath: PATHS.settings, name: 'settings', readOnly: true },
      { mountPath: PATHS.socket, name: 'socket', readOnly: true },
    ],
  });
}
