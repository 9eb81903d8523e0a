import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeSettings } from '../../../bench/controller-process.ts';
import { ROOT } from '../../cli/run.ts';
import type { ControlPlane } from '../../../lab/api-server/control-plane.ts';
import { SYSTEM, argumentsOf, page } from '../../cluster/controller.ts';
import { freePort } from '../../../lab/processes/process.ts';
import type { Limited } from '../memory-limit.ts';
import { startInMemoryLimit } from '../memory-limit.ts';

/** The limit of its Deployment (kustomize/controller/deployment.yaml). */
export const LIMIT_BYTES = 512 * 2 ** 20;
/** Thousands of large objects are read page by page; the other replica acts meanwhile. */
const START_MS = 400_000;
const LONGEST_LOG = 200_000;

/** A controller as its Deployment runs it: the bundle, the options of Node, the account, the limit of memory. */
export interface LimitedController extends Limited {
  readonly port: number;
  /** Ends it in order, so that the next need not wait for its Lease. */
  readonly stop: () => Promise<void>;
  /** The end of its log. */
  readonly log: () => string;
}

/** Makes the bundle from the sources as they are. */
export function buildProgram(): void {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/build.ts')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** Starts one and waits until it is ready; throws with its log when it ends before. */
export async function startLimited(plane: ControlPlane): Promise<LimitedController> {
  const account = await plane.admin.as(SYSTEM, 'ballast-controller');
  const port = await freePort();
  const { options, env } = nodeSettings();
  const own = ['--metrics-address', `127.0.0.1:${port}`, '--log-level', 'warn'];
  const words = [...(await argumentsOf(plane)), ...own];
  const limited = await startInMemoryLimit({
    bytes: LIMIT_BYTES,
    command: process.execPath,
    args: [...options, join(ROOT, 'dist/ballast.mjs'), ...words],
    env: { ...env, PATH: process.env['PATH'], KUBECONFIG: account.config, POD_NAMESPACE: SYSTEM },
  });
  let log = '';
  const { child } = limited;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => (log = (log + part).slice(-LONGEST_LOG)));
  }
  const end = performance.now() + START_MS;
  while ((await page(port, '/readyz')).code !== 200) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > end) {
      await limited.end();
      throw new Error(`the controller did not start: ${log}`);
    }
    await sleep(100);
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await limited.end();
  };
  return { ...limited, port, stop, log: () => log };
}
