import type { Alert } from './engine.ts';
import type { Model } from './model.ts';
import { names } from './names.ts';
import { matchers } from './writers.ts';

/** The matchers of a Database's own series in a query, for engines that an exporter beside them measures. */
export function seriesOf({ namespace, name }: Model): string {
  return matchers({ namespace, service: names.podsService(name) });
}

/** The alert that no member answers; `metric` is 1 while the exporter reaches its server. */
export function downAlert(model: Model, metric: string): Alert {
  const series = `${metric}{${seriesOf(model)}}`;
  return {
    alert: 'DatabaseDown',
    expr: `max(${series}) < 1 or absent(${series})`,
    for: '1m',
    severity: 'critical',
    summary: `${model.namespace}/${model.name} does not answer.`,
  };
}
