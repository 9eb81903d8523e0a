import { down } from '../../lab/cluster/down.ts';
import { run } from '../../lab/processes/command.ts';
import { bringProgram } from '../../lab/cluster/images.ts';
import type { Cluster } from '../../lab/cluster/layout.ts';
import { clusterNamed } from '../../lab/cluster/layout.ts';
import { requireCluster, requirePackages } from '../../lab/cluster/needs.ts';
import { findClusterPrograms } from '../../lab/programs/cluster-programs.ts';
import { isUp, up } from '../../lab/cluster/up.ts';
import { orSkip } from '../or-skip.ts';

/** The image of the tests' pods: one program that implements the usual tools. */
export const TOOLS = { name: 'localhost/ballast/tools:test', program: '/bin/busybox', path: 'busybox' } as const;

const named = process.env['BALLAST_CLUSTER'] || undefined;
/** The cluster of this run, up or not. Not the one that people have open, unless they name it: then it is used if it is up, and stays. */
export const cluster = clusterNamed(named ?? 'ballast-test');
let running: Promise<void> | undefined;
let isOurs = false;

async function start(): Promise<void> {
  requireCluster();
  requirePackages({ busybox: 'busybox-static' });
  const programs = await findClusterPrograms();
  if (named !== undefined && isUp(cluster)) return bringProgram(TOOLS, cluster.nodes);
  await bringProgram(TOOLS, []);
  isOurs = true;
  await up(cluster, programs, () => undefined);
}

/** Brings it up, for a `before` hook; a computer that cannot run it skips the suite, and says why. */
export async function clusterOrSkip(hook: Mocha.Context, requireMore: () => void = () => undefined): Promise<Cluster> {
  return orSkip(hook, async () => {
    requireMore();
    await (running ??= start());
    return cluster;
  });
}

/** Ends it when it was started. */
export async function stopCluster(): Promise<void> {
  if (isOurs) await down(cluster);
}

/** Runs kubectl on the tests' cluster, and returns its output; throws with its error messages. */
export function kubectl(args: readonly string[], input = ''): Promise<string> {
  return run([cluster.kubectl, ...args], input);
}

/** Runs shell commands in a pod, and returns their output. */
export function inPod(name: string, commands: string): Promise<string> {
  return kubectl(['exec', name, '--', '/busybox', 'sh', '-c', commands]);
}

/** How a pod of the tests differs from others. */
export interface PodOptions {
  readonly node?: string;
  /** Claim that is mounted at /data. */
  readonly claim?: string;
  /** The command of the pod; none when absent. */
  readonly commands?: string;
}

function podOf(name: string, { node, claim, commands = 'sleep 100000' }: PodOptions): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      ...(node === undefined ? {} : { nodeSelector: { 'kubernetes.io/hostname': node } }),
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 999, runAsGroup: 999, fsGroup: 999 },
      containers: [
        {
          name: 'tools',
          image: TOOLS.name,
          command: ['/busybox', 'sh', '-c', commands],
          ...(claim === undefined ? {} : { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
        },
      ],
      ...(claim === undefined ? {} : { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] }),
    },
  };
}

/** Makes objects and waits for none of them. */
export async function apply(...items: readonly object[]): Promise<void> {
  await kubectl(['apply', '--filename', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

/** Makes a pod and waits until it is ready. */
export async function startPod(name: string, options: PodOptions = {}): Promise<void> {
  await apply(podOf(name, options));
  await kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s']);
}

/** Makes a claim; its volume comes with the first pod that uses it. */
export async function makeClaim(name: string, storage: string, storageClassName = 'standard'): Promise<void> {
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } };
  await apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec });
}
