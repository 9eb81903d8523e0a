import { filledSettings } from '../../database/settings.ts';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../cli/run.ts';
import { startChild } from '../../lab/processes/child.ts';
import type { Settings } from '../../database/types.ts';
import { SYSTEM, installController } from '../cluster/controller.ts';
import { Kubectl } from '../../lab/api-server/kubectl.ts';
import { run } from '../../lab/processes/command.ts';
import { bringImages } from '../../lab/cluster/images.ts';
import { apiServerUrl, kubeconfigOf } from '../../lab/cluster/keys.ts';
import type { Cluster } from '../../lab/cluster/layout.ts';
import { SERVICES } from '../../lab/cluster/layout.ts';
import { runIn } from '../../lab/cluster/machine.ts';
import { requireImage } from '../../lab/cluster/needs.ts';
import { clusterOrSkip } from './suite.ts';
import { until } from '../../lab/processes/until.ts';

/** The PostgreSQL that members run: the major version that Debian 12 has. */
export const POSTGRESQL = { version: '15', image: 'localhost/ballast/postgresql:15' } as const;

/** Settings of the installation: the same for the controller and for rendering into Git. */
export const SETTINGS = filledSettings({ images: { postgresql: { [POSTGRESQL.version]: POSTGRESQL.image } } });

/** A checkout of Ballast, and the overlay that installs its controller. */
export interface Build {
  readonly root: string;
  readonly overlay: 'controller' | 'controller-gitops';
}

const USUAL: Build = { root: ROOT, overlay: 'controller' };

const ELECTED_MS = 60_000;
const METRICS = '127.0.0.1:18080';
/** Where a pod would find the DNS server; members are reached by name. */
const RESOLVER = `search svc.cluster.local cluster.local\nnameserver ${SERVICES.dns}\n`;

/** A process of the controller. */
export interface ControllerProcess {
  /** Ends it in order. */
  readonly stop: () => Promise<void>;
  /** Kills it on the spot. */
  readonly kill: () => Promise<void>;
  /** Its log, line by line. */
  readonly log: readonly string[];
  /** Its metrics for Prometheus. */
  readonly metrics: () => Promise<string>;
}

/** Ballast on a cluster of real nodes, as kustomize installs it, but for the webhook. */
export interface Installation {
  readonly cluster: Cluster;
  readonly admin: Kubectl;
  /** Starts the built controller under its service account; resolves when it is elected. */
  readonly startController: (settings?: Settings) => Promise<ControllerProcess>;
  /** Installs another build over this one. */
  readonly upgrade: (build: Build) => Promise<Installation>;
}

function adminToken(cluster: Cluster): string {
  const { users } = JSON.parse(readFileSync(kubeconfigOf(cluster, 'admin'), 'utf8')) as {
    users: [{ user: { token: string } }];
  };
  return users[0].user.token;
}

/** The starter of the controller, and its folder. */
interface Starting {
  readonly cluster: Cluster;
  readonly admin: Kubectl;
  readonly folder: string;
}

async function startController(
  { cluster, admin, folder }: Starting,
  { root, overlay }: Build,
  given: Settings,
): Promise<ControllerProcess> {
  const account = await admin.as(SYSTEM, 'ballast-controller');
  const [settings, resolver] = [join(folder, 'ballast.yaml'), join(folder, 'resolv.conf')];
  writeFileSync(settings, JSON.stringify(given));
  writeFileSync(resolver, RESOLVER);
  // The names of members are known inside of the cluster only, as in a pod.
  const inside = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"';
  const program = [process.execPath, join(root, 'dist/ballast.mjs'), 'controller'];
  const allowed = overlay === 'controller' ? ['--apply-allowed'] : [];
  const flags = [...allowed, '--settings', settings, '--metrics-address', METRICS];
  const file = createWriteStream(join(folder, 'controller.log'), { flags: 'a' });
  const log: string[] = [];
  const child = startChild(
    [
      ...(['nsenter', `--net=/run/netns/${cluster.control.namespace}`, 'unshare', '--mount'] as const),
      ...['env', `KUBECONFIG=${account.config}`, `POD_NAMESPACE=${SYSTEM}`],
      ...['sh', '-c', inside, 'sh', resolver, ...program, ...flags],
    ],
    {
      onLine: (line) => {
        log.push(line);
        file.write(`${line}\n`);
      },
    },
  );
  const isElected = (): boolean => {
    const ended = child.ended();
    if (ended !== undefined) throw new Error(ended);
    return log.some((line) => line.includes('"elected"'));
  };
  await until(isElected, ELECTED_MS, 'the controller was not elected');
  const metrics = (): Promise<string> =>
    runIn(cluster.control, ['busybox', 'wget', '-qO-', `http://${METRICS}/metrics`]);
  return { log, metrics, stop: child.stop, kill: child.kill };
}

async function install(starting: Starting, build: Build): Promise<Installation> {
  const { cluster, admin } = starting;
  await run([process.execPath, join(build.root, 'scripts/build.ts')]);
  await installController({ admin }, build.overlay, build.root);
  // Their image is made by one test only; in the others the controller is a process of the test.
  await admin.succeed(['scale', 'deployment', '--all', '--replicas=0', '--namespace', SYSTEM]);
  return {
    ...{ cluster, admin },
    startController: (settings = SETTINGS) => startController(starting, build, settings),
    upgrade: (next) => install(starting, next),
  };
}

/**
 * Installs Ballast on the tests' cluster, for a `before` hook. A computer that cannot run it, or lacks an image that is
 * needed beside PostgreSQL's, skips the suite, and says why.
 */
export async function installationOrSkip(
  hook: Mocha.Context,
  images: readonly string[] = [],
  build = USUAL,
): Promise<Installation> {
  const cluster = await clusterOrSkip(hook, () => {
    for (const image of [POSTGRESQL.image, ...images]) requireImage(image, POSTGRESQL.version);
  });
  await bringImages([POSTGRESQL.image], cluster.nodes);
  const folder = join(cluster.control.folder, 'ballast');
  mkdirSync(folder, { recursive: true });
  const admin = new Kubectl({
    ...{ program: cluster.kubectl, folder, url: apiServerUrl(cluster), token: adminToken(cluster) },
  });
  return install({ cluster, admin, folder }, build);
}
