import { ARGO_NAMESPACE } from '../../lab/gitops/argocd.ts';
import { run } from '../../lab/processes/command.ts';
import { until } from '../cluster/controller.ts';

/** Kinds of what is applied for a Database, and of what its controller makes. */
export const OWNED = 'sts,svc,cm,sa,role,rolebinding,pdb,networkpolicy,cronjob,deployment,pvc,secret';

/** What an Application of Argo CD says of itself. */
export interface ApplicationState {
  /** Synced, OutOfSync or Unknown. */
  readonly sync: string;
  readonly health: string;
  /** The commit that it compares with. */
  readonly revision: string;
  readonly operation: { readonly phase: string; readonly message: string; readonly revision: string };
  /** The results of the last sync, as `Kind name: status message`. */
  readonly results: readonly string[];
  /** What is not as in Git, as `Kind name`. */
  readonly outOfSync: readonly string[];
  /** Conditions such as ComparisonError, as `type: message`. */
  readonly conditions: readonly string[];
  /** What the hydrator says of its last work; empty without one. */
  readonly hydration: string;
  /** The commit that the hydrator worked on. */
  readonly dryRevision: string;
}

interface Stored {
  readonly status?: {
    readonly sync?: { readonly status?: string; readonly revision?: string };
    readonly health?: { readonly status?: string };
    readonly sourceHydrator?: {
      readonly currentOperation?: { readonly phase: string; readonly message?: string; readonly drySHA?: string };
    };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly resources?: readonly { readonly kind: string; readonly name: string; readonly status?: string }[];
    readonly operationState?: {
      readonly phase: string;
      readonly message?: string;
      readonly syncResult?: {
        readonly revision?: string;
        readonly resources?: readonly {
          readonly kind: string;
          readonly name: string;
          readonly status?: string;
          readonly message?: string;
        }[];
      };
    };
  };
}

type Status = NonNullable<Stored['status']>;

function operationOf({ operationState: operation }: Status): Pick<ApplicationState, 'operation' | 'results'> {
  const { revision = '', resources = [] } = operation?.syncResult ?? {};
  return {
    operation: { phase: operation?.phase ?? '', message: operation?.message ?? '', revision },
    results: resources.map(({ kind, name, status = '', message = '' }) => `${kind} ${name}: ${status} ${message}`),
  };
}

function hydrationOf({ sourceHydrator }: Status): Pick<ApplicationState, 'hydration' | 'dryRevision'> {
  const { phase = '', message = '', drySHA = '' } = sourceHydrator?.currentOperation ?? {};
  return { hydration: `${phase} ${message}`.trim(), dryRevision: drySHA };
}

function stateOf({ status = {} }: Stored): ApplicationState {
  const { sync, health, resources = [], conditions = [] } = status;
  return {
    ...operationOf(status),
    sync: sync?.status ?? '',
    health: health?.status ?? '',
    revision: sync?.revision ?? '',
    outOfSync: resources.filter((one) => one.status !== 'Synced').map(({ kind, name }) => `${kind} ${name}`),
    conditions: conditions.map(({ type, message }) => `${type}: ${message}`),
    ...hydrationOf(status),
  };
}

/** All that an Application says of itself; without the last sync, when that was of another commit. */
export function wordsOf({ operation, results, conditions, revision }: ApplicationState): string[] {
  const ofSync = operation.revision === revision ? [`${operation.phase}: ${operation.message}`, ...results] : [];
  return [...ofSync, ...conditions];
}

/** How an Application differs from others. */
export interface ApplicationOptions {
  readonly name: string;
  /** The bare repository on disk. */
  readonly repository: string;
  readonly namespace: string;
  readonly path?: string;
  readonly syncOptions?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  /** How often a failed sync is tried again; five times, over minutes, unless it is said. */
  readonly retries?: number;
  /** The rest of `source`, such as a plugin. */
  readonly source?: object;
  /** From where Argo CD itself renders, and into which branch it does, in place of a source. */
  readonly hydrator?: { readonly drySource: object; readonly syncSource: object };
}

function sourceOf({
  repository,
  path = 'rendered',
  source = { directory: { recurse: true } },
  hydrator,
}: Pick<ApplicationOptions, 'repository' | 'path' | 'source' | 'hydrator'>): object {
  const main = { repoURL: `file://${repository}`, targetRevision: 'main' };
  if (!hydrator) return { source: { ...main, path, ...source } };
  return { sourceHydrator: { ...hydrator, drySource: { ...main, ...hydrator.drySource } } };
}

const GROWN_VOLUMES = {
  kind: 'PersistentVolumeClaim',
  jqPathExpressions: [
    'select(.metadata.labels["app.kubernetes.io/component"] == "database") | .spec.resources.requests.storage',
  ],
};
/** How long a look at the repository may take. */
const LOOKED_MS = 120_000;
const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** An Application of Argo CD that syncs, prunes and heals by itself. */
export class Application {
  readonly #kubectl: string;
  readonly #options: ApplicationOptions;

  constructor(kubectl: string, options: ApplicationOptions) {
    this.#kubectl = kubectl;
    this.#options = options;
  }

  #run(args: readonly string[], input = ''): Promise<string> {
    return run([this.#kubectl, `--namespace=${ARGO_NAMESPACE}`, ...args], input);
  }

  async #annotate(annotation: string): Promise<void> {
    await this.#run(['annotate', '--overwrite', 'application', this.#options.name, annotation]);
  }

  /** Makes it, or changes it to what the options say. */
  async apply(changes: Partial<ApplicationOptions> = {}): Promise<void> {
    const { name, namespace, syncOptions, annotations, retries, ...where } = { ...this.#options, ...changes };
    const object = {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
      metadata: { name, finalizers: [FINALIZER], ...(annotations && { annotations }) },
      spec: {
        project: 'default',
        ...sourceOf(where),
        destination: { server: 'https://kubernetes.default.svc', namespace },
        // As docs/gitops.md says: a volume that somebody has grown further breaks no sync.
        ignoreDifferences: [GROWN_VOLUMES],
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ['RespectIgnoreDifferences=true', ...(syncOptions ?? [])],
          // A revert must not wait until the change that it reverts has been tried for the last time.
          retry: { limit: retries ?? 5, refresh: true },
        },
      },
    };
    await this.#run(['apply', '--server-side', '--force-conflicts', '--filename=-'], JSON.stringify(object));
  }

  async state(): Promise<ApplicationState> {
    const text = await this.#run(['get', 'application', this.#options.name, '--output=json']);
    return stateOf(JSON.parse(text) as Stored);
  }

  /** Tells it to look at the repository now, as a forge does after a push; `hard` is to forget what it rendered before. */
  async refresh(how: 'normal' | 'hard' = 'normal'): Promise<void> {
    const path = String.raw`--output=jsonpath={.metadata.annotations.argocd\.argoproj\.io/refresh}`;
    // Argo CD takes the annotation away when it has looked: a second request before that would be lost.
    await until(
      () => this.#run(['get', 'application', this.#options.name, path]),
      (asked) => asked === '',
      LOOKED_MS,
    );
    await this.#annotate(`argocd.argoproj.io/refresh=${how}`);
  }

  /** Tells its hydrator to render what is in the repository now, as a forge does after a push. */
  async hydrate(): Promise<void> {
    await this.#annotate('argocd.argoproj.io/hydrate=normal');
  }

  /** Waits until its state is as wanted; throws with the last one when that does not come in time. */
  until(what: string, wanted: (state: ApplicationState) => boolean, limitMs: number): Promise<ApplicationState> {
    return until(() => this.state(), wanted, limitMs).catch((error: unknown) => {
      throw new Error(`the Application never was ${what}: ${String(error)}`, { cause: error });
    });
  }

  /** Waits until a commit is Synced and Healthy. */
  untilDone(revision: string, limitMs: number): Promise<ApplicationState> {
    const isDone = ({ sync, health, revision: compared, operation }: ApplicationState): boolean =>
      sync === 'Synced' && health === 'Healthy' && compared === revision && operation.phase === 'Succeeded';
    return this.until(`Synced and Healthy at ${revision}`, isDone, limitMs);
  }

  /** Deletes it; with the cascade it takes what it applied, as far as that may be deleted. */
  async delete({ isCascading }: { readonly isCascading: boolean }, limitMs: number): Promise<void> {
    const { name } = this.#options;
    if (!isCascading) {
      await this.#run(['patch', 'application', name, '--type=merge', '--patch={"metadata":{"finalizers":null}}']);
    }
    await this.#run(['delete', 'application', name, '--ignore-not-found', `--timeout=${limitMs / 1000}s`]);
  }
}
