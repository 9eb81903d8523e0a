import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { killAll, membersOf, removeCgroup } from './cgroups.ts';
import type { Cluster } from './layout.ts';
import { CannotRun } from './needs.ts';
import { removeNetwork } from './network.ts';

/** The folder is created first and removed last: without it, a cgroup of the cluster's name belongs to another program. */
function requireOurs({ cgroup, folder }: Cluster): void {
  if (existsSync(folder) || membersOf(cgroup).length === 0) return;
  throw new CannotRun(`there is a cgroup ${cgroup} and no ${folder}: not one of ours? Name the cluster otherwise`);
}

/**
 * Removes a cluster, also an incomplete one: its processes, its network, its cgroups, its files. Its mounts and loop devices end with the
 * processes.
 */
export async function down(cluster: Cluster): Promise<void> {
  requireOurs(cluster);
  await rm(cluster.complete, { force: true });
  await killAll(cluster.cgroup);
  await removeNetwork(cluster);
  await removeCgroup(cluster.cgroup);
  await rm(cluster.folder, { recursive: true, force: true, maxRetries: 5 });
}
