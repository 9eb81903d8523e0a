import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { freePort } from '../lab/processes/process.ts';
import { SYSTEM, page } from '../test/cluster/controller.ts';

const ROOT = join(import.meta.dirname, '..');
const DEPLOYMENT = join(ROOT, 'kustomize/controller/deployment.yaml');

interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

interface Deployment {
  readonly kind: string;
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly [Container] } } };
}

/** The Deployment's settings for Node: options on its command line, and environment variables. */
export interface NodeSettings {
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Reads them from the Deployment. */
export function nodeSettings(): NodeSettings {
  const documents = loadAll(readFileSync(DEPLOYMENT, 'utf8')) as Deployment[];
  const deployment = documents.find(({ kind }) => kind === 'Deployment');
  if (!deployment) throw new Error(`${DEPLOYMENT} holds no Deployment`);
  const [{ command, env }] = deployment.spec.template.spec.containers;
  const values = env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  return { options: command.slice(1, -1), env: Object.fromEntries(values) };
}

/** Memory in MB (10^6 bytes). */
export interface Memory {
  readonly now: number;
  readonly peak: number;
}

/** A built controller that runs as in its Deployment. */
export interface Controller {
  readonly memory: () => Memory;
  /** Seconds of CPU time. */
  readonly cpu: () => number;
  /** Passes over Databases so far. */
  readonly passes: () => Promise<number>;
  readonly end: () => Promise<void>;
}

/** How a controller is started. */
export interface StartOptions {
  /** Kubeconfig of its own account. */
  readonly config: string;
  readonly folder: string;
  /** A script that it loads before everything else. */
  readonly before: string;
}

const TICKS_A_SECOND = 100;

function residentMemory(pid: number | undefined): Memory {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  const of = (field: string): number => (Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / 1e6;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

function cpuOf(pid: number | undefined): number {
  const [, fields = ''] = readFileSync(`/proc/${String(pid)}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return ((user ?? NaN) + (system ?? NaN)) / TICKS_A_SECOND;
}

/** Starts `ballast controller`. The kernel ends it with this process. */
export async function startController({ config, folder, before }: StartOptions): Promise<Controller> {
  const script = join(folder, 'before.cjs');
  writeFileSync(script, before);
  const port = await freePort();
  const { options, env } = nodeSettings();
  const program = [process.execPath, ...options, join(ROOT, 'dist/ballast.mjs'), 'controller'];
  const words = ['--metrics-address', `127.0.0.1:${port}`, '--log-level', 'warn'];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...program, ...words], {
    env: {
      ...{ ...process.env, ...env, KUBECONFIG: config, POD_NAMESPACE: SYSTEM },
      NODE_OPTIONS: `--require ${script} ${env['NODE_OPTIONS'] ?? ''}`,
    },
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return {
    memory: () => residentMemory(child.pid),
    cpu: () => cpuOf(child.pid),
    passes: async () => {
      const { text } = await page(port, '/metrics');
      return Number(/^ballast_reconcile_duration_seconds_count (\d+)$/m.exec(text)?.[1]);
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
