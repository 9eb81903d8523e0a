import { FLUX_NAMESPACE, repositoryUrl } from '../../lab/gitops/flux.ts';
import { run } from '../../lab/processes/command.ts';
import { until } from '../cluster/controller.ts';

/** What a Kustomization of Flux says of itself. */
export interface KustomizationState {
  /** True, False or Unknown. */
  readonly ready: string;
  readonly reason: string;
  readonly message: string;
  /** The commit that was applied last. */
  readonly applied: string;
  /** The commit that was tried last. */
  readonly attempted: string;
}

interface Stored {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { type: string; status: string; reason: string; message: string }[];
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
  };
}

/** How a Kustomization differs from others. */
export interface KustomizationOptions {
  readonly name: string;
  /** Path of the bare repository below the folder that is served. */
  readonly repository: string;
  readonly path?: string;
  readonly isForced?: boolean;
}

const commitOf = (revision = ''): string => revision.split(':').at(-1) ?? '';

/** A Kustomization of Flux that prunes, and waits until what it applied is Ready. */
export class FluxKustomization {
  readonly #kubectl: string;
  readonly #options: KustomizationOptions;

  constructor(kubectl: string, options: KustomizationOptions) {
    this.#kubectl = kubectl;
    this.#options = options;
  }

  #run(args: readonly string[], input = ''): Promise<string> {
    return run([this.#kubectl, `--namespace=${FLUX_NAMESPACE}`, ...args], input);
  }

  /** Makes it with its source, or changes both to what the options say. */
  async apply(changes: Partial<KustomizationOptions> = {}): Promise<void> {
    const { name, repository, path = './rendered', isForced = false } = { ...this.#options, ...changes };
    const source = {
      ...{ apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata: { name } },
      spec: { interval: '10s', url: repositoryUrl(repository), ref: { branch: 'main' } },
    };
    const kustomization = {
      ...{ apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { name } },
      spec: {
        ...{ interval: '10s', retryInterval: '10s', timeout: '5m', prune: true, wait: true, force: isForced, path },
        sourceRef: { kind: 'GitRepository', name },
      },
    };
    const list = { apiVersion: 'v1', kind: 'List', items: [source, kustomization] };
    await this.#run(['apply', '--server-side', '--force-conflicts', '--filename=-'], JSON.stringify(list));
  }

  async state(): Promise<KustomizationState> {
    const text = await this.#run(['get', 'kustomization', this.#options.name, '--output=json']);
    const { status } = JSON.parse(text) as Stored;
    const {
      status: ready = '',
      reason = '',
      message = '',
    } = status?.conditions?.find(({ type }) => type === 'Ready') ?? {};
    const [applied, attempted] = [commitOf(status?.lastAppliedRevision), commitOf(status?.lastAttemptedRevision)];
    return { ready, reason, message, applied, attempted };
  }

  /** Tells it to look at the repository now, as a forge does after a push. */
  async refresh(): Promise<void> {
    const { name } = this.#options;
    const now = `reconcile.fluxcd.io/requestedAt=${String(performance.now())}`;
    await this.#run(['annotate', '--overwrite', `gitrepository/${name}`, now]);
  }

  /** Waits until its state is as wanted; throws with the last one when that does not come in time. */
  until(what: string, wanted: (state: KustomizationState) => boolean, limitMs: number): Promise<KustomizationState> {
    return until(() => this.state(), wanted, limitMs).catch((error: unknown) => {
      throw new Error(`the Kustomization never was ${what}: ${String(error)}`, { cause: error });
    });
  }

  /** Waits until a commit is applied, and all of it Ready. */
  untilDone(commit: string, limitMs: number): Promise<KustomizationState> {
    return this.until(`Ready at ${commit}`, ({ ready, applied }) => ready === 'True' && applied === commit, limitMs);
  }

  /** Deletes it with its source; what it applied goes, as far as that may be pruned. */
  async delete(limitMs: number): Promise<void> {
    const { name } = this.#options;
    const objects = [`kustomization/${name}`, `gitrepository/${name}`];
    await this.#run(['delete', ...objects, '--ignore-not-found', `--timeout=${limitMs / 1000}s`]);
  }
}
