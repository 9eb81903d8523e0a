import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAll } from 'js-yaml';
import { ROOT } from '../cli/run.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import type { Kubectl } from '../../lab/api-server/kubectl.ts';
import { freePort } from '../../lab/processes/process.ts';

/** Namespace in which the controller is installed. */
export const SYSTEM = 'ballast-system';
const START_MS = 60_000;
const DEADLINE_MS = 60_000;

/** A controller that runs as its Deployment does: the same words, and the rights of its own service account only. */
export interface RunningController {
  readonly account: Kubectl;
  readonly port: number;
  /** Ends it in order; gives its exit code. */
  readonly end: () => Promise<number | null>;
}

/** The answer of one of its pages, and its HTTP status; 0 while no server listens. */
export function page(port: number, path: string): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ code: response.statusCode ?? 0, text });
      });
    });
    asked.on('error', () => {
      resolve({ code: 0, text: '' });
    });
  });
}

/** The user who installs, and the namespace. */
type Installing = Pick<ControlPlane, 'admin'>;

/** What an installation is made of, but for what needs more than an API server: nothing answers for the webhook. */
async function objectsOf({ admin }: Installing, folder: string, root = ROOT): Promise<string> {
  const rendered = loadAll(await admin.succeed(['kustomize', join(root, 'kustomize', folder)]));
  const objects = (rendered as { readonly kind: string }[]).filter(
    ({ kind }) => !kind.endsWith('WebhookConfiguration'),
  );
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
}

/** Installs the controller with one of its overlays, and CRDs and namespace with it: those of this checkout, or of another. */
export async function installController(plane: Installing, overlay: string, root = ROOT): Promise<void> {
  for (const folder of ['base', `overlays/${overlay}`]) {
    const objects = await objectsOf(plane, folder, root);
    await plane.admin.succeed(['apply', '--server-side', '--force-conflicts', '-f', '-'], objects);
  }
  await plane.admin.succeed(['wait', '--for=condition=Established', 'crd/databases.db.example.com']);
}

/** Takes away what an overlay brought. */
export async function removeController(plane: ControlPlane, overlay: string): Promise<void> {
  const objects = await objectsOf(plane, `overlays/${overlay}`);
  await plane.admin.succeed(['delete', '--ignore-not-found', '--wait=false', '-f', '-'], objects);
}

/** Where a controller is installed, and under which name. */
export interface Installed {
  readonly namespace: string;
  readonly name: string;
}

const USUAL: Installed = { namespace: SYSTEM, name: 'ballast-controller' };

/** The arguments that the Deployment gives it. */
export async function argumentsOf({ admin }: Installing, { namespace, name } = USUAL): Promise<string[]> {
  const path = 'jsonpath={.spec.template.spec.containers[0].args}';
  return JSON.parse(await admin.succeed(['get', 'deployment', name, '-n', namespace, '-o', path])) as string[];
}

/** Starts a controller and waits until it is ready. */
export async function startController(
  plane: Installing,
  args: readonly string[] = [],
  installed = USUAL,
): Promise<RunningController> {
  const { namespace, name } = installed;
  const account = await plane.admin.as(namespace, name);
  const port = await freePort();
  const own = ['--metrics-address', `127.0.0.1:${port}`, '--log-level', 'error', ...args];
  const words = [...(await argumentsOf(plane, installed)), ...own];
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, 'cli/main.ts'), ...words], {
    env: { ...process.env, KUBECONFIG: account.config, POD_NAMESPACE: namespace },
    // It logs servers that it cannot reach here, such as members of a Database.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const end = performance.now() + START_MS;
  while ((await page(port, '/readyz')).code !== 200) {
    if (child.exitCode !== null || performance.now() > end) throw new Error('the controller did not start');
    await sleep(100);
  }
  return {
    account,
    port,
    end: async () => {
      if (child.exitCode !== null) return child.exitCode;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}

/** Asks until an answer is as wanted; throws with the last one when that does not come. */
export async function until<T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  limitMs = DEADLINE_MS,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > end) throw new Error(`it stayed so: ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}
