import { ENGINES } from '../../database/engines/index.ts';
import { isHibernating } from '../../database/resolve.ts';
import { memoize } from '../../database/memoize.ts';
import { parseSchedule } from '../../database/values/cron.ts';
import { longestGapDays } from '../../database/values/fires.ts';
import type { Json } from '../../database/json.ts';
import type { Alert, Engine, MetricsPort, Panel } from '../engine.ts';
import type { Manifest } from '../metadata.ts';
import { metadata, selectorLabels } from '../metadata.ts';
import type { BackupModel, Model } from '../model.ts';
import { names } from '../names.ts';
import { matchers } from '../writers.ts';

const ABOUT = { wave: 'extras', part: 'monitoring' } as const;

function endpoint(model: Model, { name, tls }: MetricsPort): Json {
  const ca: Json = { secret: { key: 'ca.crt', name: names.tlsSecret(model.name) } };
  const serverName = `${names.podsService(model.name)}.${model.namespace}.svc`;
  return {
    interval: '30s',
    path: '/metrics',
    port: name,
    scheme: tls ? 'https' : 'http',
    ...(tls && { tlsConfig: { ca, serverName } }),
  };
}

function serviceMonitor(model: Model, engine: Engine): Manifest {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: metadata(model, model.name, ABOUT),
    spec: {
      endpoints: engine.metrics(model).map((port) => endpoint(model, port)),
      namespaceSelector: { matchNames: [model.namespace] },
      selector: { matchLabels: { ...selectorLabels(model) } },
    },
  };
}

/** One and a half times the longest gap between two scheduled backups, in hours. */
const patience = memoize((schedule) => {
  const parsed = parseSchedule(schedule);
  return parsed.ok ? longestGapDays(parsed.schedule) * 36 : 36;
});

/** Before the first success the time counts from the creation of the CronJob, and from time 0 while that is unknown. */
function backupMissing({ name, namespace }: Model, { schedule }: BackupModel): Alert {
  const job = matchers({ namespace, cronjob: names.backup(name) });
  const hours = patience(schedule);
  const last = `max(kube_cronjob_status_last_successful_time{${job}}) or max(kube_cronjob_created{${job}}) or vector(0)`;
  return {
    alert: 'DatabaseBackupMissing',
    expr: `time() - (${last}) > ${hours * 3600}`,
    for: '10m',
    severity: 'warning',
    summary: `${namespace}/${name} has had no backup for more than ${hours} hours, or nothing tells of one.`,
    description: `The last jobs: kubectl get jobs -n ${namespace} -l db.example.com/database=${name}. Without kube-state-metrics nothing tells of them.`,
  };
}

/** The controller's gauge; where its scrape does not honor labels, Prometheus renames its `namespace` (honorLabels of a ServiceMonitor). */
function backupUnhealthy({ name, namespace }: Model): Alert {
  const gauge = (labels: Readonly<Record<string, string>>): string =>
    `ballast_database_backup_healthy{${matchers({ ...labels, name })}}`;
  const series = [gauge({ namespace, exported_namespace: '' }), gauge({ exported_namespace: namespace })];
  return {
    alert: 'DatabaseBackupUnhealthy',
    expr: `min(${series.join(' or ')}) == 0`,
    for: '2m',
    severity: 'critical',
    summary: `The backups of ${namespace}/${name} are not healthy: the condition BackupHealthy says why.`,
    description: `kubectl describe database -n ${namespace} ${name}`,
  };
}

/** The matchers of the claims of all members; a Database's name contains no character with a meaning in a pattern. */
function claimsOf({ name, namespace }: Model): string {
  return `${matchers({ namespace })},persistentvolumeclaim=~${JSON.stringify(`data-${name}-[0-9]+`)}`;
}

/** Alerts that are the same for every engine, from kube-state-metrics and the kubelet. */
function commonAlerts(model: Model): Alert[] {
  const { name, namespace, backup } = model;
  const claims = claimsOf(model);
  return [
    {
      alert: 'DatabaseVolumeFillingUp',
      expr: `kubelet_volume_stats_available_bytes{${claims}} / kubelet_volume_stats_capacity_bytes{${claims}} < 0.1`,
      for: '5m',
      severity: 'critical',
      summary: `A volume of ${namespace}/${name} has less than 10 % left.`,
    },
    ...(backup ? [backupMissing(model, backup)] : []),
    ...(backup && ENGINES[model.engine].can.backsUp ? [backupUnhealthy(model)] : []),
  ];
}

/** Adds the Database's labels to an alert, also to one about absent series: Alertmanager routes by them. */
function alertRule({ name, namespace }: Model, { severity, summary, description, ...alert }: Alert): Json {
  const annotations = { ...(description !== undefined && { description }), summary };
  return { ...alert, annotations, labels: { database: name, namespace, severity } };
}

function prometheusRule(model: Model, engine: Engine): Manifest {
  const rules = [...engine.alerts(model), ...commonAlerts(model)].map((alert) => alertRule(model, alert));
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: metadata(model, model.name, ABOUT),
    spec: { groups: [{ name: `${model.namespace}.${model.name}`, rules }] },
  };
}

function panel({ title, expr, unit, line = 'pod' }: Panel, index: number): Json {
  return {
    datasource: { type: 'prometheus', uid: '${datasource}' },
    fieldConfig: { defaults: { unit } },
    gridPos: { h: 8, w: 12, x: (index % 2) * 12, y: Math.floor(index / 2) * 8 },
    id: index + 1,
    targets: [{ expr, legendFormat: `{{${line}}}`, refId: 'A' }],
    title,
    type: 'timeseries',
  };
}

/** A ConfigMap with a dashboard, with the label by which Grafana's sidecar finds it. */
function dashboard(model: Model, engine: Engine): Manifest {
  const claims = claimsOf(model);
  const space: Panel = { title: 'Free space', expr: `kubelet_volume_stats_available_bytes{${claims}}`, unit: 'bytes' };
  const content = {
    panels: [...engine.panels(model), space].map(panel),
    schemaVersion: 39,
    tags: ['ballast', model.engine],
    templating: { list: [{ name: 'datasource', query: 'prometheus', type: 'datasource' }] },
    time: { from: 'now-6h', to: 'now' },
    title: `Database ${model.namespace}/${model.name}`,
    uid: dashboardId(model),
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(model, names.dashboard(model.name), { ...ABOUT, labels: { grafana_dashboard: '1' } }),
    data: { [`${model.namespace}-${model.name}.json`]: `${JSON.stringify(content, null, 1)}\n` },
  };
}

/** Grafana limits ids to 40 characters; a 64-bit hash of the full name keeps them apart (FNV-1a). */
function dashboardId({ namespace, name }: Model): string {
  let sum = 0xcbf29ce484222325n;
  for (const char of `${namespace}/${name}`)
    sum = ((sum ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n) & 0xffffffffffffffffn;
  return `ballast-${sum.toString(16).padStart(16, '0')}`;
}

/**
 * ServiceMonitor, PrometheusRule and dashboard; empty when monitoring is off. A hibernating Database has no alerts: its user asked for
 * neither running members nor backups.
 */
export function monitoring(model: Model, engine: Engine): Manifest[] {
  if (!model.monitoring) return [];
  const alerts = model.alerting && !isHibernating(model.database.metadata) ? [prometheusRule(model, engine)] : [];
  return [serviceMonitor(model, engine), ...alerts, dashboard(model, engine)];
}
