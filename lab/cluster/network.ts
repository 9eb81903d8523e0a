import { readdirSync } from 'node:fs';
import { run } from '../processes/command.ts';
import type { Cluster, ClusterNode } from './layout.ts';
import { MACHINES_PREFIX, SERVICES, UPLINK } from './layout.ts';

const NAMESPACES = '/run/netns';

/** Runs several `ip` commands in one network namespace; `ip -batch` does it in one process. */
async function configure(namespace: string, commands: readonly string[]): Promise<void> {
  await run(['ip', '-netns', namespace, '-batch', '-'], commands.join('\n'));
}

async function forwardPackets(namespace: string): Promise<void> {
  await run(['nsenter', `--net=${NAMESPACES}/${namespace}`, 'sysctl', '--quiet', '--write', 'net.ipv4.ip_forward=1']);
}

async function makeControl({ control, nodes }: Cluster): Promise<void> {
  const { control: bridge } = UPLINK;
  await run(['ip', 'netns', 'add', control.namespace]);
  await configure(control.namespace, [
    'link set lo up',
    `link add ${bridge} type bridge`,
    `addr add ${control.address}/${MACHINES_PREFIX} dev ${bridge}`,
    `link set ${bridge} up`,
    // The address need not exist: kube-proxy's rules replace it by a pod's before routing.
    `route add ${SERVICES.range} dev ${bridge}`,
    ...nodes.map(({ podRange, address }) => `route add ${podRange} via ${address}`),
  ]);
  await forwardPackets(control.namespace);
}

async function makeNode({ control, nodes }: Cluster, node: ClusterNode): Promise<void> {
  const { control: bridge, node: uplink } = UPLINK;
  await run(['ip', 'netns', 'add', node.namespace]);
  await configure(control.namespace, [
    `link add ${node.name} type veth peer name ${uplink} netns ${node.namespace}`,
    `link set ${node.name} master ${bridge}`,
    `link set ${node.name} up`,
  ]);
  const others = nodes.filter((other) => other !== node);
  await configure(node.namespace, [
    'link set lo up',
    `addr add ${node.address}/${MACHINES_PREFIX} dev ${uplink}`,
    `link set ${uplink} up`,
    `route add default via ${control.address}`,
    ...others.map(({ podRange, address }) => `route add ${podRange} via ${address}`),
  ]);
  await forwardPackets(node.namespace);
}

/** Makes the machines' network: a bridge with the control plane on it and a cable to each node, in namespaces of their own. */
export async function makeNetwork(cluster: Cluster): Promise<void> {
  await makeControl(cluster);
  for (const node of cluster.nodes) await makeNode(cluster, node);
}

/** Removes it, with all interfaces, routes and rules that were in it. */
export async function removeNetwork({ control, nodes }: Cluster): Promise<void> {
  const known = new Set(namespaces());
  for (const { namespace } of [control, ...nodes]) {
    if (known.has(namespace)) await run(['ip', 'netns', 'delete', namespace]);
  }
}

/** The network namespaces that have a name. */
function namespaces(): string[] {
  try {
    return readdirSync(NAMESPACES);
  } catch {
    return [];
  }
}

/** Disconnects or reconnects a node's network. Processes on the node go on. */
export async function setCable({ control }: Cluster, { name }: ClusterNode, state: 'up' | 'down'): Promise<void> {
  await configure(control.namespace, [`link set ${name} ${state}`]);
}
