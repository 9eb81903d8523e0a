import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FLUX_NAMESPACE, repositoryUrl, startFlux, stopFlux } from '../../../lab/gitops/flux.ts';
import { run } from '../../../lab/processes/command.ts';
import { saidBy } from './said.ts';
import type { Scene, Tool } from './tool.ts';

const NAME = 'guarded';
const DONE_MS = 240_000;
const POLL_MS = 500;
const READY = 'Ready';

interface Stored {
  readonly status?: {
    readonly lastAttemptedRevision?: string;
    readonly lastHandledReconcileAt?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message: string }[];
  };
}

/** Flux's source-controller and kustomize-controller, with a Kustomization that prunes. */
export function fluxTool(): Tool {
  let scene: Scene | undefined;
  const at = (): Scene => {
    if (!scene) throw new Error('Flux has not begun');
    return scene;
  };
  const kubectl = (args: readonly string[], input = ''): Promise<string> =>
    run([at().cluster.kubectl, `--namespace=${FLUX_NAMESPACE}`, ...args], input);
  const apply = (object: object): Promise<string> =>
    kubectl(['apply', '--server-side', '--force-conflicts', '--filename=-'], JSON.stringify(object));

  function source(): object {
    const { bare } = at().team.repository;
    return {
      ...{ apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata: { name: NAME } },
      spec: {
        ...{ interval: '1h', ref: { branch: 'main' } },
        url: repositoryUrl(join(basename(dirname(bare)), basename(bare))),
      },
    };
  }

  function kustomization(name: string, force: boolean): object {
    return {
      ...{ apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { name } },
      spec: {
        ...{ interval: '1h', retryInterval: '1h', timeout: '30s', prune: true, force, path: './rendered' },
        sourceRef: { kind: 'GitRepository', name: NAME },
      },
    };
  }

  /** Tells an object to look again, and waits until it has; gives what it says of itself. */
  async function again(kind: string, name: string): Promise<string> {
    const moment = new Date().toISOString();
    await kubectl(['annotate', '--overwrite', kind, name, `reconcile.fluxcd.io/requestedAt=${moment}`]);
    const end = performance.now() + DONE_MS;
    for (;;) {
      const { status = {} } = JSON.parse(await kubectl(['get', kind, name, '--output=json'])) as Stored;
      const { conditions = [], lastHandledReconcileAt } = status;
      const ready = conditions.find(({ type }) => type === READY);
      if (lastHandledReconcileAt === moment && ready && ready.status !== 'Unknown') {
        return conditions.map(({ type, message }) => `${type}: ${message}`).join('\n');
      }
      if (performance.now() > end) throw new Error(`${kind} ${name} was never done: ${JSON.stringify(status)}`);
      await sleep(POLL_MS);
    }
  }

  async function sync(name: string, force: boolean): Promise<string> {
    await apply(source());
    await again('gitrepository', NAME);
    await apply(kustomization(name, force));
    return again('kustomization', name);
  }

  /** Deletes a Kustomization with what it applied. Why one cannot go stands in the controller's log alone; it is let go without. */
  async function remove(name: string): Promise<string> {
    const log = join(at().cluster.control.folder, 'kustomize-controller.log');
    const before = readFileSync(log, 'utf8').length;
    const said = await saidBy([
      ...([at().cluster.kubectl, `--namespace=${FLUX_NAMESPACE}`, 'delete', 'kustomization', name] as const),
      '--timeout=20s',
    ]);
    await letGo(name);
    return `${said}\n${readFileSync(log, 'utf8').slice(before)}`;
  }

  async function letGo(name: string): Promise<void> {
    const finalizers = '--patch={"metadata":{"finalizers":null}}';
    await kubectl(['patch', 'kustomization', name, '--type=merge', finalizers]).catch(() => '');
    await kubectl(['delete', 'kustomization', name, '--ignore-not-found', '--timeout=20s']).catch(() => '');
  }

  return {
    name: 'Flux',
    unknown: { replace: '`force` replaces' },
    begin: async (given) => {
      scene = given;
      await startFlux(given.cluster, dirname(dirname(given.team.repository.bare)));
    },
    end: async () => {
      if (!scene) return;
      for (const name of [NAME, `${NAME}-2`]) await letGo(name);
      await kubectl(['delete', 'gitrepository', NAME, '--ignore-not-found']);
      await stopFlux(at().cluster);
    },
    sync: (manner) => sync(NAME, manner === 'force'),
    deleteApplication: () => remove(NAME),
    twoApplications: async () => {
      const second = `${NAME}-2`;
      const said = await sync(second, false);
      return `${said}\n${await remove(second)}`;
    },
  };
}
