import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../processes/command.ts';
import { until } from '../processes/until.ts';
import { ARGO_MODULE, findArgo } from '../programs/argo-programs.ts';
import { kubeconfigOf } from '../cluster/keys.ts';
import type { Cluster } from '../cluster/layout.ts';
import { requirePackages } from '../cluster/needs.ts';
import { runIn } from '../cluster/machine.ts';
import { startServer, stopServer } from '../cluster/server.ts';

/** The namespace in which Argo CD keeps its own objects. */
export const ARGO_NAMESPACE = 'argocd';

const START_MS = 60_000;
const CACHE = '127.0.0.1:6379';
const REPOSITORIES = '127.0.0.1:8081';
const CUSTOMIZATIONS = join(import.meta.dirname, '../../argocd/argocd-cm.yaml');
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

/** The folder of Argo CD's sources, where its CRDs are. */
async function sources(): Promise<string> {
  await run(['go', '-C', ARGO_MODULE, 'mod', 'download', 'github.com/argoproj/argo-cd/v3']);
  return (
    await run(['go', '-C', ARGO_MODULE, 'list', '-m', '-f', '{{.Dir}}', 'github.com/argoproj/argo-cd/v3'])
  ).trim();
}

async function install({ kubectl }: Cluster): Promise<void> {
  const apply = [kubectl, 'apply', '--server-side', '--force-conflicts'] as const;
  const folder = join(await sources(), 'manifests/crds');
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

/** The environment of Argo CD's servers: folders of their own, and the cluster that they run beside. */
function environment(folder: string, kubeconfig: string): string[] {
  const of = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    return join(folder, name);
  };
  return [
    'ARGOCD_GPG_ENABLED=false',
    'ARGOCD_FAKE_IN_CLUSTER=true',
    `KUBECONFIG=${kubeconfig}`,
    `ARGOCD_TLS_DATA_PATH=${of('tls')}`,
    `ARGOCD_SSH_DATA_PATH=${of('ssh')}`,
    `ARGOCD_GNUPGHOME=${of('keys')}`,
    `ARGOCD_PLUGINSOCKFILEPATH=${of('plugins')}`,
    `HOME=${of('home')}`,
    `TMPDIR=${of('tmp')}`,
  ];
}

/**
 * Starts Argo CD on a cluster's control plane: its application controller and its repository server as processes, without a user interface.
 * Throws `NoPrograms` or `CannotRun` where that is impossible.
 */
export async function startArgo(cluster: Cluster): Promise<void> {
  requirePackages({ 'redis-server': 'redis-server', git: 'git' });
  const program = await findArgo();
  await install(cluster);
  const { control } = cluster;
  const env = ['env', ...environment(join(control.folder, 'argocd'), kubeconfigOf(cluster, 'admin'))] as const;
  const redis = ['redis-server', '--port', '6379', '--save', '', '--bind', '127.0.0.1'] as const;
  await startServer(control, { name: 'argo-redis', command: redis });
  await startServer(control, {
    name: 'argo-repositories',
    command: [
      ...env,
      'ARGOCD_BINARY_NAME=argocd-repo-server',
      ...[program, '--redis', CACHE, '--disable-tls', '--port', '8081'],
    ],
  });
  await startServer(control, {
    name: 'argo-applications',
    command: [
      ...env,
      'ARGOCD_BINARY_NAME=argocd-application-controller',
      ...[program, '--kubeconfig', kubeconfigOf(cluster, 'admin'), '--namespace', ARGO_NAMESPACE],
      ...['--redis', CACHE, '--repo-server', REPOSITORIES, '--repo-server-plaintext'],
    ],
  });
  const answers = (): Promise<boolean> =>
    runIn(control, ['busybox', 'wget', '-qO-', 'http://127.0.0.1:8084/healthz?full=true']).then(
      () => true,
      () => false,
    );
  await until(
    answers,
    START_MS,
    `Argo CD's repository server does not answer; see ${control.folder}/argo-repositories.log`,
  );
}

/** Ends it. What it applied stays. */
export async function stopArgo({ control }: Cluster): Promise<void> {
  for (const name of ['argo-applications', 'argo-repositories', 'argo-redis']) await stopServer(control, name);
}
