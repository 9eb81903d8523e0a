import { join } from 'node:path';
import { kubeconfigOf } from '../cluster/keys.ts';
import type { Cluster } from '../cluster/layout.ts';
import { requirePackages } from '../cluster/needs.ts';
import { startServer, stopServer } from '../cluster/server.ts';
import { run } from '../processes/command.ts';
import { FLUX_CONTROLLERS, FLUX_MODULE, findFlux } from '../programs/flux-programs.ts';
import { moduleSources } from '../programs/go-program.ts';
import { ownFolder, untilAnswers } from './servers.ts';

/** The namespace in which Flux keeps its own objects. */
export const FLUX_NAMESPACE = 'flux-system';

const GIT_PORT = '8085';
/** Where each controller says whether it is ready, and where the first one hands out what it fetched. */
const HEALTH = { 'source-controller': '127.0.0.1:9441', 'kustomize-controller': '127.0.0.1:9442' } as const;
const ARTIFACTS = '127.0.0.1:9790';

/** The URL of a repository below the folder that is served. */
export function repositoryUrl(path: string): string {
  return `http://127.0.0.1:${GIT_PORT}/${path}`;
}

async function install({ kubectl }: Cluster): Promise<void> {
  const apply = [kubectl, 'apply', '--server-side', '--force-conflicts'] as const;
  for (const name of FLUX_CONTROLLERS) {
    const folder = await moduleSources(FLUX_MODULE, `github.com/fluxcd/${name}`);
    await run([...apply, `--filename=${join(folder, 'config/crd/bases')}`]);
  }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: FLUX_NAMESPACE } };
  await run([...apply, '--filename=-'], JSON.stringify(namespace));
  const kinds = ['crd/gitrepositories.source.toolkit.fluxcd.io', 'crd/kustomizations.kustomize.toolkit.fluxcd.io'];
  await run([kubectl, 'wait', '--for=condition=Established', ...kinds]);
}

/**
 * Starts Flux on a cluster's control plane: source-controller and kustomize-controller as processes, and a server of the Git repositories
 * below a folder. Throws `NoPrograms` or `CannotRun` where that is impossible.
 */
export async function startFlux(cluster: Cluster, repositories: string): Promise<void> {
  requirePackages({ git: 'git' });
  const programs = new Map<string, string>();
  for (const name of FLUX_CONTROLLERS) programs.set(name, await findFlux(name));
  await install(cluster);
  const { control } = cluster;
  const folder = join(control.folder, 'flux');
  const server = join(import.meta.dirname, 'git-server.ts');
  await startServer(control, { name: 'git-server', command: [process.execPath, server, repositories, GIT_PORT] });
  const env = [
    ...['env', `KUBECONFIG=${kubeconfigOf(cluster, 'admin')}`, `TMPDIR=${ownFolder(folder, 'tmp')}`],
    `RUNTIME_NAMESPACE=${FLUX_NAMESPACE}`,
  ] as const;
  for (const name of FLUX_CONTROLLERS) {
    const artifacts = [
      `--storage-path=${ownFolder(folder, 'artifacts')}`,
      `--storage-addr=${ARTIFACTS}`,
      `--storage-adv-addr=${ARTIFACTS}`,
    ];
    const command = [
      ...env,
      ...[programs.get(name) ?? '', '--watch-all-namespaces', '--events-addr='],
      ...['--metrics-addr=127.0.0.1:0', `--health-addr=${HEALTH[name]}`],
      ...(name === 'source-controller' ? artifacts : []),
    ] as [string, ...string[]];
    await startServer(control, { name, command });
  }
  for (const name of FLUX_CONTROLLERS) await untilAnswers(control, name, `http://${HEALTH[name]}/readyz`);
}

/** Ends it. What it applied stays. */
export async function stopFlux({ control }: Cluster): Promise<void> {
  for (const name of [...FLUX_CONTROLLERS, 'git-server']) await stopServer(control, name);
}
