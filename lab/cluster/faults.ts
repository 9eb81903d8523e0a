import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { killAll, makeCgroup, membersOf, removeCgroup } from './cgroups.ts';
import { startApi, startControllers } from './control-plane.ts';
import type { Cluster, ClusterNode } from './layout.ts';
import { setCable } from './network.ts';
import { startKubelet, startRuntime } from './node.ts';
import { findClusterPrograms } from '../programs/cluster-programs.ts';
import { stopServer, switchOn } from './server.ts';

/** A process in a container, as seen from outside: a signal to `pid` reaches it. */
export interface ContainerProcess {
  readonly pid: number;
  /** Its process title, such as `postgres: checkpointer`. */
  readonly command: string;
  /** Identifier of its container. */
  readonly container: string;
}

/** Disconnects a node's network: its processes go on, but reach no other machine. */
export async function cutOff(cluster: Cluster, node: ClusterNode): Promise<void> {
  await setCable(cluster, node, 'down');
}

/** Plugs the cable in again. */
export async function reconnect(cluster: Cluster, node: ClusterNode): Promise<void> {
  await setCable(cluster, node, 'up');
}

/** Switches a node off without a warning: its network is cut, and all its processes are killed. Its disks stay. */
export async function killNode(cluster: Cluster, node: ClusterNode): Promise<void> {
  await setCable(cluster, node, 'down');
  await killAll(node.cgroup);
  // No cgroup survives a real restart, and a kubelet that finds old ones searches long for their containers.
  await removeCgroup(node.cgroup);
}

/** Switches a node on again; resolves when its kubelet was started, which starts its pods a little later. */
export async function startNode(cluster: Cluster, node: ClusterNode): Promise<void> {
  const programs = await findClusterPrograms();
  await setCable(cluster, node, 'up');
  makeCgroup(node.cgroup);
  await switchOn(node);
  await startRuntime(cluster, node);
  await startKubelet(cluster, node, programs);
}

/**
 * Kills the API server; etcd goes on. The controller manager and the scheduler end as well: elsewhere they hold a lease,
 * lose it in seconds, and start again. Left running, they would declare all nodes lost from what they knew before.
 */
export async function stopApiServer({ control }: Cluster): Promise<void> {
  for (const name of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) await stopServer(control, name);
}

/** Starts them again, at the same address with the same data, and waits until the API server is ready. */
export async function startApiServer(cluster: Cluster): Promise<void> {
  const programs = await findClusterPrograms();
  await startApi(cluster, programs);
  await startControllers(cluster, programs);
}

function commandOf(pid: number): string | undefined {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.join(' ').trim();
  } catch {
    return undefined;
  }
}

/** The processes of a pod (by its uid) or of one container (by its identifier, as in `containerd://…`), on whatever node. */
export function processesIn({ cgroup }: Cluster, id: string): ContainerProcess[] {
  const inside = membersOf(cgroup).filter(({ folder }) => folder.includes(`/pod${id}/`) || basename(folder) === id);
  return inside.flatMap(({ folder, pids }) =>
    pids.flatMap((pid) => {
      const command = commandOf(pid);
      // The process has ended since.
      return command === undefined ? [] : [{ pid, command, container: basename(folder) }];
    }),
  );
}
