import type { Alert, Panel } from '../engine.ts';
import type { Model } from '../model.ts';
import { matchers } from '../writers.ts';

function members({ name, namespace }: Model): string {
  return matchers({ namespace, scope: name });
}

/** Alerts from Patroni's own metrics (patroni.readthedocs.io, REST API, GET /metrics). */
export function postgresqlAlerts(model: Model): Alert[] {
  const these = members(model);
  const lag = model.spec.highAvailability?.maximumLagBytes ?? 1_048_576;
  const replication: Alert[] = [
    {
      alert: 'DatabaseReplicationLag',
      expr: `(max(patroni_xlog_location{${these}}) - on() group_right() patroni_xlog_replayed_location{${these}} > ${lag}) and on (pod) patroni_replica{${these}} == 1`,
      for: '5m',
      severity: 'warning',
      summary: `A standby of ${model.namespace}/${model.name} is more than ${lag} bytes behind.`,
    },
    {
      alert: 'DatabaseStandbyMissing',
      expr: `count(patroni_postgres_running{${these}} == 1) < ${model.replicas}`,
      for: '10m',
      severity: 'warning',
      summary: `${model.namespace}/${model.name} has fewer than ${model.replicas} running members.`,
    },
  ];
  return [
    {
      alert: 'DatabaseWithoutPrimary',
      expr: `sum(patroni_primary{${these}}) < 1 or absent(patroni_primary{${these}})`,
      for: '1m',
      severity: 'critical',
      summary: `${model.namespace}/${model.name} has no primary.`,
    },
    ...(model.replicas > 1 ? replication : []),
  ];
}

/** Panels from Patroni's own metrics. */
export function postgresqlPanels(model: Model): Panel[] {
  const these = members(model);
  return [
    { title: 'Primary', expr: `patroni_primary{${these}}`, unit: 'short' },
    { title: 'Running members', expr: `sum(patroni_postgres_running{${these}})`, unit: 'short' },
    { title: 'Write-ahead log per second', expr: `rate(patroni_xlog_location{${these}}[5m])`, unit: 'Bps' },
    { title: 'Timeline', expr: `max(patroni_postgres_timeline{${these}})`, unit: 'short' },
  ];
}
