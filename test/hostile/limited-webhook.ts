import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import { freePort } from '../../lab/processes/process.ts';
import { credentialsFor } from '../webhook/credentials.ts';
import type { Limited } from './memory-limit.ts';
import { startInMemoryLimit } from './memory-limit.ts';

const ROOT = join(import.meta.dirname, '../..');
const START_MS = 20_000;

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly resources: { readonly limits: { readonly memory: string } };
}

/** The webhook's container as kustomize installs it. */
function container(): Container {
  const documents = loadAll(readFileSync(join(ROOT, 'kustomize/base/webhook.yaml'), 'utf8')) as {
    kind: string;
    spec: { template: { spec: { containers: [Container] } } };
  }[];
  return documents.find(({ kind }) => kind === 'Deployment')!.spec.template.spec.containers[0];
}

/** Bytes of memory that the webhook's container has. */
export function memoryOfContainer(): number {
  return Number(/^(\d+)Mi$/.exec(container().resources.limits.memory)?.[1]) * 2 ** 20;
}

/** A built webhook that runs as its container does. */
export interface LimitedWebhook extends Limited {
  readonly port: number;
  readonly healthPort: number;
  /** The certificate it shows. */
  readonly ca: string;
}

/** Builds the program into dist/. */
export async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build.ts')]);
}

/** A certificate of a client. */
export interface ClientCredentials {
  /** The file with the self-signed authority. */
  readonly file: string;
  readonly pair: { readonly cert: string; readonly key: string };
  readonly remove: () => void;
}

/** Makes a certificate for a client that calls itself as the API server does. */
export function clientCredentials(): ClientCredentials {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-hostile-client-'));
  const { certificate: cert, key } = credentialsFor('kube-apiserver');
  const file = join(folder, 'ca.crt');
  writeFileSync(file, cert);
  const remove = (): void => {
    rmSync(folder, { recursive: true });
  };
  return { file, pair: { cert, key }, remove };
}

/** Starts the built webhook with the words, the environment and the memory of its Deployment, on the loopback. */
export async function startLimitedWebhook(extra: readonly string[] = []): Promise<LimitedWebhook> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-hostile-'));
  const { certificate, key } = credentialsFor('webhook');
  writeFileSync(join(folder, 'tls.crt'), certificate);
  writeFileSync(join(folder, 'tls.key'), key);
  const { args, env } = container();
  const [port, healthPort] = [await freePort(), await freePort()];
  const where = ['--host', '127.0.0.1', '--port', String(port), '--metrics-address', `127.0.0.1:${healthPort}`];
  const all = [join(ROOT, 'dist/ballast.mjs'), ...args, ...where, '--certificates', folder, '--drain', '0', ...extra];
  const limited = await startInMemoryLimit({
    bytes: memoryOfContainer(),
    command: process.execPath,
    args: all,
    env: Object.fromEntries(env.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value])),
  });
  limited.child.stdout?.resume();
  limited.child.stderr?.pipe(process.stderr);
  const webhook = {
    ...limited,
    port,
    healthPort,
    ca: certificate,
    end: async () => {
      await limited.end();
      rmSync(folder, { recursive: true });
    },
  };
  const end = performance.now() + START_MS;
  while ((await probe(webhook, '/readyz')) === undefined) {
    if (limited.child.exitCode !== null || performance.now() > end) {
      await webhook.end();
      throw new Error('the webhook did not start');
    }
    await sleep(50);
  }
  return webhook;
}

/** Asks as the kubelet does, over a new connection; gives the milliseconds to a 200, undefined when there was none in time. */
export async function probe({ healthPort }: { healthPort: number }, path: string): Promise<number | undefined> {
  const start = performance.now();
  const signal = AbortSignal.timeout(5000);
  const headers = { connection: 'close' };
  const answer = await fetch(`http://127.0.0.1:${healthPort}${path}`, { signal, headers }).catch(() => undefined);
  await answer?.text();
  return answer?.ok === true ? performance.now() - start : undefined;
}

/** A number that the webhook tells Prometheus. */
export async function metric({ healthPort }: { healthPort: number }, series: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}
