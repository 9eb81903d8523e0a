import { DATABASE_LABEL } from '../database/vocabulary.ts';
import type { Json } from '../database/json.ts';
import type { Model } from './model.ts';

/** An object as it stands in a manifest. */
export type Manifest = { readonly apiVersion: string; readonly kind: string } & {
  readonly [field: string]: Json | undefined;
};

/** Labels that a selector is made of; they never change. */
export type Labels = Readonly<Record<string, string>>;

/** Label that says who makes an object: `ballast`, for what Ballast renders and makes. */
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';

/**
 * Order of a sync in Argo CD. Database comes first, so that one the webhook refuses stops the sync before anything is
 * touched. Claims go with the workload: with WaitForFirstConsumer they bind only when the pod comes.
 */
export const WAVE = { database: -20, configuration: -10, workload: 0, extras: 10 } as const;

/** What Argo CD must neither prune nor delete, because data hangs on it, or the right to take data away when that is asked for. */
const KEEP = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' } as const;

const component = { database: 'database', backup: 'backup', monitoring: 'monitoring' } as const;
/** What part an object plays in a Database. */
export type Component = keyof typeof component;

/** The labels that select what belongs to a Database's component. */
export function selectorLabels({ name }: Model, part: Component = 'database'): Labels {
  return { 'app.kubernetes.io/component': component[part], [DATABASE_LABEL]: name };
}

/** The labels of every object of a Database. */
export function labelsOf(model: Model, part: Component = 'database'): Labels {
  return {
    ...model.settings.labels,
    'app.kubernetes.io/component': component[part],
    'app.kubernetes.io/instance': model.name,
    [MANAGED_BY_LABEL]: 'ballast',
    'app.kubernetes.io/name': model.engine,
    'app.kubernetes.io/part-of': model.name,
    'app.kubernetes.io/version': model.version,
    [DATABASE_LABEL]: model.name,
  };
}

interface MetadataOptions {
  readonly wave: keyof typeof WAVE;
  readonly part?: Component;
  readonly keep?: boolean;
  readonly labels?: Labels;
}

/** The metadata of an object: name, namespace, labels, and the annotations that Argo CD reads. */
export function metadata(
  model: Model,
  name: string,
  { wave, part, keep = false, labels }: MetadataOptions,
): Record<string, Json> {
  return {
    name,
    namespace: model.namespace,
    labels: { ...labelsOf(model, part), ...labels },
    annotations: {
      ...model.settings.annotations,
      'argocd.argoproj.io/sync-wave': String(WAVE[wave]),
      ...(keep && KEEP),
    },
  };
}
