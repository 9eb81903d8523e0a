import { memberAccountOf } from './accounts.ts';
import type { Json } from '../database/json.ts';
import type { Alert, MetricsPort } from './engine.ts';
import type { Model } from './model.ts';
import { names } from './names.ts';
import { container, port } from './pod.ts';
import { matchers } from './writers.ts';

/** Where the exporter of an engine serves what it measures. */
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
  /** The number that it runs under where that is not the pod's. */
  readonly account?: number;
}

/**
 * The container that measures the server beside it. It has a limit of processor time, whether the server has one or not:
 * a quota on such limits takes no pod without one, and a slow scrape harms nobody.
 */
export function exporter(model: Model, { image, serves, account, ...fields }: ExporterOptions): Json {
  // A container of an earlier version stays as it is until its members restart anyway.
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

/** The matchers of a Database's own series in a query, for what an exporter beside its members measures. */
export function seriesOf({ namespace, name }: Model): string {
  return matchers({ namespace, service: names.podsService(name) });
}

/** The alert that no member answers; `metric` is 1 while the exporter reaches its server. */
export function downAlert(model: Model, metric: string): Alert {
  const series = `${metric}{${seriesOf(model)}}`;
  return {
    alert: 'DatabaseDown',
    // A series that is not there counts as 0, in the same alert with the same labels.
    expr: `(max(${series}) or vector(0)) < 1`,
    for: '1m',
    severity: 'critical',
    summary: `${model.namespace}/${model.name} does not answer.`,
  };
}
