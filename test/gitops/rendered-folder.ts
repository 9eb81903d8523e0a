import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { KEPT_BY_ARGO } from '../../generator/metadata.ts';
import type { Cluster } from '../../lab/cluster/layout.ts';
import { run } from '../../lab/processes/command.ts';

const APPLY = ['apply', '--server-side', '--force-conflicts', '--field-manager=argocd-controller'] as const;
const KEPT = Object.entries(KEPT_BY_ARGO);

/** What tools read of a rendered object. */
export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

const objectName = ({ kind, apiVersion, metadata }: RenderedObject): string => {
  const [version = '', group] = apiVersion.split('/').reverse();
  return `${kind}${group === undefined ? '' : `.${version}.${group}`}/${metadata.name}`;
};

/** Whether no tool may prune an object. */
const isKept = ({ metadata: { annotations = {} } }: RenderedObject): boolean =>
  KEPT.every(([key, value]) => annotations[key]?.includes(value) === true);

/** The folder of a namespace that `generate --out` has written, and a tool that applies it with kubectl. */
export class RenderedFolder {
  readonly #cluster: Cluster;
  readonly #folder: string;

  constructor(cluster: Cluster, folder: string) {
    this.#cluster = cluster;
    this.#folder = folder;
  }

  /** All objects in it. */
  objects(): RenderedObject[] {
    return readdirSync(this.#folder).flatMap(
      (file) => loadAll(readFileSync(join(this.#folder, file), 'utf8')) as RenderedObject[],
    );
  }

  /** Applies the files of these Databases. */
  async apply(names: readonly string[]): Promise<void> {
    const files = names.map((name) => `--filename=${join(this.#folder, `${name}.yaml`)}`);
    await run([this.#cluster.kubectl, ...APPLY, ...files]);
  }

  /** Deletes what it held before and does not hold now, but for objects that must be kept; gives their names. */
  async prune(before: readonly RenderedObject[]): Promise<string[]> {
    const now = new Set(this.objects().map(objectName));
    const gone = before.filter((object) => !isKept(object) && !now.has(objectName(object)));
    for (const object of gone) {
      const namespace = `--namespace=${object.metadata.namespace ?? ''}`;
      await run([this.#cluster.kubectl, namespace, 'delete', '--ignore-not-found', objectName(object)]);
    }
    return gone.map(objectName);
  }
}
