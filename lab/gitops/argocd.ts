import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../processes/command.ts';
import { run } from '../processes/command.ts';
import { until } from '../processes/until.ts';
import { ARGO_MODULE, findArgo } from '../programs/argo-programs.ts';
import { kubeconfigOf } from '../cluster/keys.ts';
import type { Cluster } from '../cluster/layout.ts';
import { requirePackages } from '../cluster/needs.ts';
import { logOf, startServer, stopServer } from '../cluster/server.ts';
import { moduleSources } from '../programs/go-program.ts';
import type { Plugin, PluginServer } from './plugin.ts';
import { pluginServer } from './plugin.ts';
import { START_MS, argoEnvironment, cacheCommand, ownFolder, untilAnswers } from './servers.ts';

/** The namespace in which Argo CD keeps its own objects. */
export const ARGO_NAMESPACE = 'argocd';

const CACHE = '127.0.0.1:6379';
const REPOSITORIES = '127.0.0.1:8081';
const COMMITS = ['127.0.0.1', '8086'] as const;
const CUSTOMIZATIONS = join(import.meta.dirname, '../../argocd/argocd-cm.yaml');
const PLUGIN = 'argo-plugin';
/** Runs a program without the rights of an administrator over files, as the containers of Argo CD run that drop all capabilities. */
const WITHOUT_RIGHTS: Command = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--'];
const PART_OF = { labels: { 'app.kubernetes.io/part-of': 'argocd' } };

/** Argo CD's own configuration: a look at the repositories every ten seconds, and one project that may do everything. */
const OBJECTS: readonly object[] = [
  {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-cm', ...PART_OF } },
    data: { 'timeout.reconciliation': '10s', 'timeout.reconciliation.jitter': '1s' },
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-rbac-cm', ...PART_OF } },
  {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-secret', ...PART_OF } },
    stringData: { 'server.secretkey': 'only-a-test' },
  },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-redis' }, stringData: { auth: '' } },
  {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'default' } },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ namespace: '*', server: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  },
];

async function install({ kubectl }: Cluster): Promise<void> {
  const apply = [kubectl, 'apply', '--server-side', '--force-conflicts'] as const;
  const folder = join(await moduleSources(ARGO_MODULE, 'github.com/argoproj/argo-cd/v3'), 'manifests/crds');
  for (const name of ['application', 'appproject', 'applicationset']) {
    await run([...apply, `--filename=${join(folder, `${name}-crd.yaml`)}`]);
  }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ARGO_NAMESPACE } };
  await run([...apply, '--filename=-'], JSON.stringify(namespace));
  await run([
    kubectl,
    'wait',
    '--for=condition=Established',
    'crd/applications.argoproj.io',
    'crd/appprojects.argoproj.io',
  ]);
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: OBJECTS });
  await run([...apply, `--namespace=${ARGO_NAMESPACE}`, '--filename=-'], list);
  // As an installation takes our checks and actions: beside what it has.
  await run(
    [kubectl, 'apply', '--server-side', '--field-manager=ballast', '--filename=-'],
    readFileSync(CUSTOMIZATIONS, 'utf8'),
  );
}

const folderOf = ({ control }: Cluster): string => join(control.folder, 'argocd');

/** Starts a plugin beside Argo CD's repository server, and waits until it listens. */
export async function startPlugin(cluster: Cluster, plugin: Plugin): Promise<PluginServer> {
  const { control } = cluster;
  const server = pluginServer(await findArgo(), folderOf(cluster), plugin);
  await startServer(control, { name: PLUGIN, command: [...WITHOUT_RIGHTS, ...server.command] });
  await until(() => existsSync(server.socket), START_MS, `the plugin does not listen; see ${logOf(control, PLUGIN)}`);
  return server;
}

/** Kills the plugin, as a crash of its sidecar would. */
export async function stopPlugin({ control }: Cluster): Promise<void> {
  await stopServer(control, PLUGIN);
}

/** How an Argo CD differs from others. */
export interface ArgoOptions {
  /** Whether it renders into branches, by its source hydrator. */
  readonly hydrates?: boolean;
}

/** The server that pushes to branches. */
function commitServer(program: string): string[] {
  const [host, port] = COMMITS;
  const place = ['--address', host, '--port', port, '--metrics-address', host];
  return ['ARGOCD_BINARY_NAME=argocd-commit-server', program, ...place];
}

/** The environment of an application controller that has its commit server render into branches. */
const HYDRATES = ['ARGOCD_HYDRATOR_ENABLED=true', `ARGOCD_APPLICATION_CONTROLLER_COMMIT_SERVER=${COMMITS.join(':')}`];

/**
 * Starts Argo CD on a cluster's control plane: its application controller and its repository server as processes, without a user interface.
 * Throws `NoPrograms` or `CannotRun` where that is impossible.
 */
export async function startArgo(cluster: Cluster, { hydrates = false }: ArgoOptions = {}): Promise<void> {
  requirePackages({ 'redis-server': 'redis-server', git: 'git' });
  const program = await findArgo();
  await install(cluster);
  const { control } = cluster;
  const folder = folderOf(cluster);
  const kubeconfig = kubeconfigOf(cluster, 'admin');
  const inCluster = ['ARGOCD_FAKE_IN_CLUSTER=true', `KUBECONFIG=${kubeconfig}`];
  const env = [
    'env',
    ...argoEnvironment(folder),
    ...inCluster,
    `ARGOCD_GNUPGHOME=${ownFolder(folder, 'keys')}`,
  ] as const;
  await startServer(control, { name: 'argo-redis', command: cacheCommand(6379) });
  await startServer(control, {
    name: 'argo-repositories',
    command: [
      ...WITHOUT_RIGHTS,
      ...env,
      'ARGOCD_BINARY_NAME=argocd-repo-server',
      ...[program, '--redis', CACHE, '--disable-tls', '--port', '8081'],
    ],
  });
  if (hydrates) await startServer(control, { name: 'argo-commits', command: [...env, ...commitServer(program)] });
  await startServer(control, {
    name: 'argo-applications',
    command: [
      ...env,
      ...(hydrates ? HYDRATES : []),
      'ARGOCD_BINARY_NAME=argocd-application-controller',
      ...[program, '--kubeconfig', kubeconfig, '--namespace', ARGO_NAMESPACE],
      ...['--redis', CACHE, '--repo-server', REPOSITORIES, '--repo-server-plaintext'],
    ],
  });
  await untilAnswers(control, 'argo-repositories', 'http://127.0.0.1:8084/healthz?full=true');
}

/** Ends it, and its plugin. What it applied stays. */
export async function stopArgo({ control }: Cluster): Promise<void> {
  for (const name of ['argo-applications', 'argo-commits', 'argo-repositories', 'argo-redis', PLUGIN])
    await stopServer(control, name);
}
