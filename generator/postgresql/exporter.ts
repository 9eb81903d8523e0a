import { MONITOR_ROLE } from '../../database/engines/postgresql.ts';
import { memberAccountOf } from '../accounts.ts';
import type { Json } from '../../database/json.ts';
import { emitYaml } from '../emit.ts';
import { exporter, metricsAt } from '../exporter.ts';
import type { Model } from '../model.ts';
import { PATHS, PORTS } from './paths-and-ports.ts';

/**
 * The exporter's role, and the image's account that it runs under: the server maps one to the other (peer), so that the exporter needs no
 * password. The controller creates the role, the image the account.
 */
export const MONITOR = { role: MONITOR_ROLE, account: 998 } as const;

const PROGRAM = 'prometheus-postgres-exporter';

/** The port of the exporter. */
export const MEASURED = metricsAt(PORTS.metrics);

/** Members under an account of an earlier version have none: adding it would restart them. */
export function hasExporter(model: Model): boolean {
  return model.monitoring && memberAccountOf(model) !== 'earlier';
}

/**
 * One row per standby, also while a standby has two connections. The time lag is null when a standby has everything and no writes happen.
 * Only the primary has positions of its own to compare with.
 */
const STANDBYS = `SELECT application_name AS standby,
  coalesce(extract(epoch FROM max(replay_lag)), 0) AS replay_lag_seconds,
  max(pg_wal_lsn_diff(pg_current_wal_lsn(), sent_lsn)) AS sent_lag_bytes,
  max(pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn)) AS flush_lag_bytes,
  max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) AS replay_lag_bytes
FROM pg_stat_replication
WHERE NOT pg_is_in_recovery() AND state <> 'backup'
GROUP BY application_name`;

/** WAL segments that wait to be archived (pg_monitor may call this function). */
const ARCHIVE = `SELECT count(*) AS waiting_segments,
  coalesce(extract(epoch FROM now() - min(modification)), 0) AS oldest_waiting_seconds
FROM pg_ls_archive_statusdir()
WHERE name ~ '^[0-9A-F]{24}[.]ready$'
HAVING NOT pg_is_in_recovery()`;

const gauge = (name: string, description: string): Json => ({ [name]: { description, usage: 'GAUGE' } });

/**
 * Additional queries of the exporter, whose own queries report no time lag; their series are named pg_standby_… and, where backups are
 * asked for, pg_archive_….
 */
export function queriesYaml({ backup }: Pick<Model, 'backup'>): string {
  return emitYaml({
    ...(backup && {
      pg_archive: {
        query: ARCHIVE,
        metrics: [
          gauge('waiting_segments', 'Segments of write-ahead log that wait to be archived.'),
          gauge('oldest_waiting_seconds', 'How long the oldest of them has waited.'),
        ],
      },
    }),
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
  // A user's function must not shadow the server's own.
  search_path: 'pg_catalog',
} as const;

/**
 * Restarts the exporter whenever it ends, and ends on a signal. A container that does not run makes its pod unready and removes a serving
 * member from the Services: monitoring must not do that, also where an image lacks the exporter.
 */
export const KEEP_RUNNING = `trap 'exit 0' TERM; while :; do "$@" & wait $!; sleep 5 & wait $!; done`;

/** The exporter container with the member's own image, unless the installation names another image. */
export function postgresqlExporter(model: Model): Json {
  const other = model.settings.images?.exporters?.['postgresql'];
  const source = Object.entries(DATA_SOURCE).map(([name, value]) => `${name}=${value}`);
  return exporter(model, {
    image: other ?? model.image,
    serves: MEASURED,
    account: MONITOR.account,
    ...(other === undefined && { command: ['/bin/sh', '-c', KEEP_RUNNING, 'exporter', PROGRAM] }),
    args: [
      // The exporter's default queries give hundreds of series per member, some of them new with each connection.
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
