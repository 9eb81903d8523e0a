import { highAvailabilityOf } from '../../database/resolve.ts';
import type { Alert, Panel } from '../engine.ts';
import { seriesOf } from '../exporter.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import { matchers } from '../writers.ts';
import { hasExporter } from './exporter.ts';

/** The matchers of Patroni's metrics about members (patroni.readthedocs.io, REST API, GET /metrics). */
function members({ name, namespace }: Model): string {
  return matchers({ namespace, scope: name });
}

/** The matchers of the primary's metrics about its standbys; other receivers of its WAL have other names. */
function standbys(model: Model): string {
  return `${seriesOf(model)},standby=~${JSON.stringify(`${model.name}-[0-9]+`)}`;
}

/** The command that shows the state of a broken cluster best. */
function list({ name, namespace }: Model): string {
  return `What the members say: kubectl exec -n ${namespace} ${names.member(name, 0)} -c postgresql -- patronictl list`;
}

/** A member may lead while its server does not run; no member at all counts as none too. */
function withoutPrimary(model: Model): Alert {
  const these = members(model);
  return {
    alert: 'DatabaseWithoutPrimary',
    expr: `(sum(patroni_primary{${these}} * patroni_postgres_running{${these}}) or vector(0)) < 1`,
    for: '1m',
    severity: 'critical',
    summary: `No member of ${model.namespace}/${model.name} says that it is the primary and runs.`,
    description: list(model),
  };
}

/** Counts streaming standbys, not running ones. */
function standbyMissing(model: Model): Alert {
  const wanted = model.replicas - 1;
  return {
    alert: 'DatabaseStandbyMissing',
    expr: `(count(patroni_postgres_streaming{${members(model)}} == 1) or vector(0)) < ${wanted}`,
    for: '10m',
    severity: 'warning',
    summary: `${model.namespace}/${model.name} has {{ $value }} of ${wanted} standbys that stream.`,
    description: list(model),
  };
}

const MOST_SECONDS = 30;

/** From pg_stat_replication of the primary. */
function replicationLag(model: Model): Alert[] {
  const behind = (series: string, most: number): string =>
    `max by (standby) (pg_standby_${series}{${standbys(model)}}) > ${most}`;
  const which = `{{ $labels.standby }} in ${model.namespace}`;
  const most = highAvailabilityOf(model.spec).maximumLagBytes;
  return [
    {
      alert: 'DatabaseReplicationLag',
      expr: behind('replay_lag_seconds', MOST_SECONDS),
      for: '5m',
      severity: 'warning',
      summary: `The standby ${which} shows what was committed {{ $value | humanizeDuration }} ago.`,
      description: `A long query there may hold up the replay, or its volume or network is slow: pg_stat_activity on the standby, pg_stat_replication on the primary.`,
    },
    {
      alert: 'DatabaseReplicationLagBytes',
      expr: behind('flush_lag_bytes', most),
      for: '5m',
      severity: 'warning',
      summary: `The standby ${which} lacks {{ $value | humanize1024 }}B of the log; with more than ${most} bytes it does not become primary.`,
      description: `Its network or volume is slower than the primary writes: pg_stat_replication on the primary.`,
    },
  ];
}

const MOST_WAITING_SECONDS = 180;

/** PostgreSQL keeps each segment until a repository has it: restores to the latest moments are impossible, and the volume fills. */
function archiveWaits(model: Model): Alert {
  return {
    alert: 'DatabaseArchiveWaits',
    expr: `max(pg_archive_oldest_waiting_seconds{${seriesOf(model)}}) > ${MOST_WAITING_SECONDS}`,
    for: '1m',
    severity: 'critical',
    summary: `The write-ahead log of ${model.namespace}/${model.name} has not been archived for {{ $value | humanizeDuration }}.`,
    description: `Why: kubectl logs -n ${model.namespace} -l db.example.com/database=${model.name},db.example.com/role=primary -c postgresql | grep -A2 archive-push`,
  };
}

/** Without the exporter a lag would go unnoticed. */
function exporterDown(model: Model): Alert {
  const series = seriesOf(model);
  const asked = `(pg_up{${series}} == 1 and pg_exporter_last_scrape_error{${series}} == 0)`;
  return {
    alert: 'DatabaseExporterDown',
    expr: `patroni_postgres_running{${members(model)}} == 1 unless on (pod) ${asked}`,
    for: '15m',
    severity: 'warning',
    summary: `{{ $labels.pod }} in ${model.namespace} runs, and its exporter does not measure it.`,
    description: `kubectl logs -n ${model.namespace} {{ $labels.pod }} -c exporter`,
  };
}

/** Alerts from Patroni's own metrics, and from the exporter beside each member. */
export function postgresqlAlerts(model: Model): Alert[] {
  const hasStandbys = model.replicas > 1;
  return [
    withoutPrimary(model),
    ...(hasStandbys ? [standbyMissing(model)] : []),
    ...(hasStandbys && hasExporter(model) ? replicationLag(model) : []),
    ...(model.backup && hasExporter(model) ? [archiveWaits(model)] : []),
    ...(hasExporter(model) ? [exporterDown(model)] : []),
  ];
}

function lagPanels(model: Model): Panel[] {
  const panel = (title: string, series: string, unit: string): Panel => ({
    title,
    expr: `max by (standby) (pg_standby_${series}{${standbys(model)}})`,
    unit,
    line: 'standby',
  });
  return [
    panel('Replication lag', 'replay_lag_seconds', 's'),
    panel('Log not sent', 'sent_lag_bytes', 'bytes'),
    panel('Log not stored', 'flush_lag_bytes', 'bytes'),
    panel('Log not replayed', 'replay_lag_bytes', 'bytes'),
  ];
}

/** Panels from the same metrics as the alerts. */
export function postgresqlPanels(model: Model): Panel[] {
  const these = members(model);
  return [
    { title: 'Primary', expr: `patroni_primary{${these}}`, unit: 'short' },
    { title: 'Running members', expr: `sum(patroni_postgres_running{${these}})`, unit: 'short' },
    { title: 'Write-ahead log per second', expr: `rate(patroni_xlog_location{${these}}[5m])`, unit: 'Bps' },
    { title: 'Timeline', expr: `max(patroni_postgres_timeline{${these}})`, unit: 'short' },
    ...(model.backup && hasExporter(model)
      ? [{ title: 'Log not archived', expr: `max(pg_archive_waiting_segments{${seriesOf(model)}})`, unit: 'short' }]
      : []),
    ...(model.replicas > 1 && hasExporter(model) ? lagPanels(model) : []),
  ];
}
