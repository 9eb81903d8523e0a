import { memberAccountOf } from './accounts.ts';
import type { Json } from '../database/json.ts';
import type { Alert, MetricsPort } from './engine.ts';
import type { Model } from './model.ts';
import { names } from './names.ts';
import { container, port } from './pod.ts';
import { matchers } from './writers.ts';

/** The port of an engine's exporter. */
export function metricsAt(number: number): MetricsPort {
  return { name: 'metrics', port: number, tls: false };
}

interface ExporterOptions {
  readonly image: string;
  readonly serves: MetricsPort;
  readonly command?: string[];
  readonly args: string[];
  readonly env: Json[];
  readonly volumeMounts?: Json[];
  /** The user id of the exporter, where it is not the pod's. */
  readonly account?: number;
}

/**
 * The exporter container beside the server. It has a CPU limit, whether the server has one or not: a ResourceQuota on CPU limits refuses
 * a pod with a container without one, and a slow scrape does no harm.
 */
export function exporter(model: Model, { image, serves, account, ...fields }: ExporterOptions): Json {
  // A container of an earlier version stays unchanged until its members restart anyway.
  const cpu = memberAccountOf(model) === 'earlier' ? {} : { cpu: '200m' };
  return container(
    image,
    {
      name: 'exporter',
      ...fields,
      ports: [port(serves.name, serves.port)],
      resources: { limits: { ...cpu, memory: '128Mi' }, requests: { cpu: '10m', memory: '32Mi' } },
    },
    account,
  );
}

/** The label matchers for a Database's own series of its members' exporters. */
export function seriesOf({ namespace, name }: Model): string {
  return matchers({ namespace, service: names.podsService(name) });
}

/** The alert that no member answers; `metric` is 1 while the exporter reaches its server. */
export function downAlert(model: Model, metric: string): Alert {
  const series = `${metric}{${seriesOf(model)}}`;
  return {
    alert: 'DatabaseDown',
    // An absent series counts as 0, in the same alert with the same labels.
    expr: `(max(${series}) or vector(0)) < 1`,
    for: '1m',
    severity: 'critical',
    summary: `${model.namespace}/${model.name} does not answer.`,
  };
}
