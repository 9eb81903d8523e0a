import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kubectl } from './kubectl.ts';
import { makeOwnFolder } from '../processes/own-folder.ts';
import { freePort, start } from '../processes/process.ts';
import type { Programs } from '../programs/kubernetes-programs.ts';
import { findPrograms } from '../programs/kubernetes-programs.ts';

/** A real kube-apiserver on a real etcd, RBAC on, that lives as long as the tests. */
export interface ControlPlane {
  /** kubectl with all rights. */
  readonly admin: Kubectl;
  readonly url: string;
  /** Address of the etcd behind it. */
  readonly etcd: string;
  /** The API server's certificate, PEM. */
  readonly certificate: string;
  /** Why one of its servers ended unexpectedly, with the end of its log; undefined while they run. */
  readonly failure: () => string | undefined;
  readonly stop: () => Promise<void>;
}

const START_MS = 90_000;
const ADMIN_TOKEN = randomBytes(16).toString('hex');

function etcdArguments(folder: string, client: number, peer: number): string[] {
  const url = (port: number): string => `http://127.0.0.1:${port}`;
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    '--unsafe-no-fsync',
    // The bench holds 5,000 Databases in it, as text.
    `--quota-backend-bytes=${8 * 2 ** 30}`,
    `--listen-client-urls=${url(client)}`,
    `--advertise-client-urls=${url(client)}`,
    `--listen-peer-urls=${url(peer)}`,
    `--initial-advertise-peer-urls=${url(peer)}`,
    `--initial-cluster=default=${url(peer)}`,
  ];
}

function apiserverArguments(folder: string, etcd: number, port: number): string[] {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const signing = file('sa.key', privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  const verifying = file('sa.pub', publicKey.export({ type: 'spki', format: 'pem' }) as string);
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'apiserver')}`,
    `--token-auth-file=${file('tokens.csv', `${ADMIN_TOKEN},admin,admin,system:masters\n`)}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${signing}`,
    `--service-account-key-file=${verifying}`,
    // As in every cluster whose network runs in pods: policies, not this flag, must refuse privileged pods.
    '--allow-privileged=true',
    // Its own address is the loopback, which is invalid in an endpoint.
    '--endpoint-reconciler-type=none',
  ];
}

/** Waits until the API server is ready; throws with its log when the API server ends before. */
async function ready(kubectl: Kubectl, failureOf: ControlPlane['failure']): Promise<void> {
  const end = performance.now() + START_MS;
  for (;;) {
    const failure = failureOf();
    if (failure !== undefined) throw new Error(failure);
    const { code } = await kubectl.run(['get', '--raw', '/readyz']);
    const { code: seeded } = code === 0 ? await kubectl.run(['get', 'namespace', 'default']) : { code };
    if (seeded === 0) return;
    if (performance.now() > end) throw new Error('the API server was not ready in time');
    await sleep(100);
  }
}

async function launch(programs: Programs, folder: string, more: readonly string[]): Promise<ControlPlane> {
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  const etcd = start(programs.etcd, etcdArguments(folder, client, peer), join(folder, 'etcd.log'));
  const args = [...apiserverArguments(folder, client, port), ...more];
  const apiserver = start(programs.kubeApiserver, args, join(folder, 'apiserver.log'));
  const failure = (): string | undefined => etcd.failure() ?? apiserver.failure();
  const stop = async (): Promise<void> => {
    await apiserver.stop();
    await etcd.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `https://127.0.0.1:${port}`;
  const admin = new Kubectl({ program: programs.kubectl, folder, url, token: ADMIN_TOKEN });
  try {
    await ready(admin, failure);
  } catch (error) {
    await stop();
    throw error;
  }
  const certificate = readFileSync(join(folder, 'apiserver/apiserver.crt'), 'utf8');
  return { admin, url, etcd: `http://127.0.0.1:${client}`, certificate, failure, stop };
}

let running: Promise<ControlPlane> | undefined;

/** The control plane of this run: started when the first test asks, its API server with more arguments if they are given. */
export function controlPlane(more: readonly string[] = []): Promise<ControlPlane> {
  running ??= findPrograms().then((programs) => launch(programs, makeOwnFolder('control-plane'), more));
  return running;
}

/** Ends it, when it was started, and leaves nothing behind. */
export async function stopControlPlane(): Promise<void> {
  const { stop } = (await running?.catch(() => undefined)) ?? {};
  running = undefined;
  await stop?.();
}
