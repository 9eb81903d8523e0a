import { DATABASE_LABEL } from '../database/vocabulary.ts';
import type { Json } from '../database/json.ts';
import type { Model } from './model.ts';

/** An object in a manifest. */
export type Manifest = { readonly apiVersion: string; readonly kind: string } & {
  readonly [field: string]: Json | undefined;
};

/** Labels of a selector; they never change. */
export type Labels = Readonly<Record<string, string>>;

/** The label that names the maker of an object: `ballast` for objects that Ballast renders or creates. */
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';

/** What stands in that label of a rendered object: Helm writes its own name over ours, into every object that it applies. */
const RENDERED_BY: readonly (string | undefined)[] = ['ballast', 'Helm'];

/** Whether an object with these labels may be one that Ballast rendered or created, whoever applied it. */
export function isRendered(labels: Labels): boolean {
  return RENDERED_BY.includes(labels[MANAGED_BY_LABEL]);
}

/**
 * Order of a sync in Argo CD. The Database comes first, so that a refusal by the webhook stops the sync before it changes any other
 * object. Claims share the wave of the workload: with WaitForFirstConsumer they bind only when the pod exists.
 */
export const WAVE = { database: -20, configuration: -10, workload: 0, extras: 10 } as const;

/** The annotation that gives an object's wave in a sync of Argo CD. */
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/** Argo CD calls a CronJob Degraded when its last run failed; a failed backup must not break the whole Application. */
export const IGNORE_HEALTH = { 'argocd.argoproj.io/ignore-healthcheck': 'true' } as const;

/** Objects that Argo CD neither prunes nor deletes, and that leave an Application synced where Git asks for them no more, or never did. */
export const KEPT_BY_ARGO = {
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
} as const;

/**
 * Objects that no tool may prune or delete: Argo CD, Helm, Flux. Data depend on them, or members that run on when the deletion of their
 * Database is refused: tools delete what stands beside it before they learn of that. The controller takes them away with the Database.
 */
const KEEP = {
  ...KEPT_BY_ARGO,
  'helm.sh/resource-policy': 'keep',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
} as const;

/**
 * All others go in Argo CD only after everything else was synced. A Database that may not be deleted stands in the first wave, which is
 * pruned last: without this, schedules, backup servers and network policies would be gone when its deletion is refused.
 */
const PRUNED_LAST = { 'argocd.argoproj.io/sync-options': 'PruneLast=true' } as const;

/**
 * Objects that Flux makes and then leaves alone. A claim may have grown beyond what Git asks for, which an apply could not take back; and with
 * `force` an apply that fails would delete it.
 */
export const MAKE_ONCE = { 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' } as const;

const component = { database: 'database', backup: 'backup', monitoring: 'monitoring' } as const;
/** The role of an object in a Database. */
export type Component = keyof typeof component;

/** The labels that select the objects of a Database's component. */
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
  readonly annotations?: Labels;
}

/** The metadata of an object: name, namespace, labels, and the annotations that Argo CD reads. */
export function metadata(
  model: Model,
  name: string,
  { wave, part, keep = false, labels, annotations }: MetadataOptions,
): Record<string, Json> {
  return {
    name,
    namespace: model.namespace,
    labels: { ...labelsOf(model, part), ...labels },
    annotations: {
      ...model.settings.annotations,
      ...annotations,
      [SYNC_WAVE]: String(WAVE[wave]),
      ...(keep ? KEEP : PRUNED_LAST),
    },
  };
}
