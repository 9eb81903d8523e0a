import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCgroup, within } from './cgroups.ts';
import { attempt, run } from '../processes/command.ts';
import { cacheFolder } from '../programs/go-program.ts';
import { untilAccount } from './account.ts';
import { applyAddOns, startAddOns } from './add-ons.ts';
import { startApi, startControllers, writeKubectl } from './control-plane.ts';
import { down } from './down.ts';
import { shareStore } from './image-store.ts';
import { bringProgram, imagesOf } from './images.ts';
import { makeKeys } from './keys.ts';
import type { Cluster } from './layout.ts';
import { raiseLimits } from './limits.ts';
import { requireVisible } from './machine.ts';
import { makeNetwork } from './network.ts';
import { PAUSE_IMAGE, startKubelet, startRuntime } from './node.ts';
import type { Programs } from '../programs/cluster-programs.ts';
import { isRunning, isSwitchedOn, switchOn } from './server.ts';
import { until } from '../processes/until.ts';

const NODES_MS = 90_000;

/** Reports the current step to a waiting user. */
export type Progress = (step: string) => void;

/** Whether the cluster has started, and neither it nor one of its machines was stopped since. */
export function isUp({ complete, control, nodes }: Cluster): boolean {
  return existsSync(complete) && [control, ...nodes].every(isSwitchedOn) && isRunning(control, 'kube-apiserver');
}

async function startControlPlane(cluster: Cluster, programs: Programs, progress: Progress): Promise<void> {
  await startApi(cluster, programs);
  progress('the API server is ready');
  await startControllers(cluster, programs);
  await applyAddOns(cluster);
  await startAddOns(cluster, programs);
}

/** Waits until the nodes take pods, and their volumes. */
async function untilNodesReady({ kubectl, nodes }: Cluster): Promise<void> {
  const names = nodes.map(({ name }) => name);
  const known = (): Promise<boolean> => attempt([kubectl, 'get', 'node', ...names]);
  await until(known, NODES_MS, `of ${names.join(', ')} not all have registered`);
  const limit = `--timeout=${NODES_MS / 1000}s`;
  await run([kubectl, 'wait', '--for=condition=Ready', 'node', '--all', limit]);
  await run([kubectl, 'wait', '--for=jsonpath={.spec.drivers[0].name}', 'csinode', '--all', limit]);
}

async function startRuntimes(cluster: Cluster): Promise<void> {
  await shareStore(join(cluster.folder, 'images'), cluster.nodes.map(imagesOf));
  await Promise.all(cluster.nodes.map((node) => startRuntime(cluster, node)));
}

async function startAll(cluster: Cluster, programs: Programs, progress: Progress): Promise<void> {
  const pause = { name: PAUSE_IMAGE, program: programs.pause, path: 'pause' };
  await Promise.all([makeNetwork(cluster), makeKeys(cluster), bringProgram(pause, [])]);
  for (const machine of [cluster.control, ...cluster.nodes]) {
    makeCgroup(machine.cgroup);
    await switchOn(machine);
  }
  writeKubectl(cluster, programs);
  progress('API server, container runtimes');
  await Promise.all([startControlPlane(cluster, programs, progress), startRuntimes(cluster)]);
  for (const node of cluster.nodes) await startKubelet(cluster, node, programs);
  progress('waiting for the nodes');
  await untilNodesReady(cluster);
  await untilAccount(cluster, 'default');
  writeFileSync(cluster.complete, '');
}

/** Starts a cluster and waits until its nodes accept pods. Removes the remains of an earlier start first. */
export async function up(cluster: Cluster, programs: Programs, progress: Progress): Promise<void> {
  [cluster.folder, cacheFolder()].forEach(requireVisible);
  await down(cluster);
  raiseLimits(progress);
  progress('machines, keys');
  for (const folder of [cluster.folder, cluster.volumes]) mkdirSync(folder, { recursive: true });
  await within(`${cluster.cgroup}/up`, () => startAll(cluster, programs, progress));
}
