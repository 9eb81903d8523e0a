import { homedir } from 'node:os';
import { join } from 'node:path';
import { CannotRun } from './needs.ts';

/** One of the cluster's machines: a network and a mount namespace, and a cgroup that holds all its processes. */
export interface Machine {
  /** `cp` for the control plane, `n1`… for the nodes. */
  readonly name: string;
  /** Its network namespace, as `ip netns` knows it. */
  readonly namespace: string;
  /** Path of its cgroup in every hierarchy. */
  readonly cgroup: string;
  readonly address: string;
  /** Its files; /var/lib and /var/log of the machine are its folders `lib` and `log`. */
  readonly folder: string;
}

/** A machine that runs pods. */
export interface ClusterNode extends Machine {
  /** Addresses of its pods. */
  readonly podRange: string;
}

/** The paths of a cluster, whether or not it runs. */
export interface Cluster {
  readonly name: string;
  readonly folder: string;
  /** Path of the cgroup of all its machines. */
  readonly cgroup: string;
  readonly control: Machine;
  readonly nodes: readonly ClusterNode[];
  /** Keys, tokens and kubeconfigs. */
  readonly keys: string;
  /** Files of the volumes. */
  readonly volumes: string;
  /** kubectl with the administrator's kubeconfig, in the control plane's network. */
  readonly kubectl: string;
  /** A file that exists once the cluster has started completely. */
  readonly complete: string;
}

/** The Service network: the API server is its first address, the DNS server its tenth. */
export const SERVICES = { range: '10.96.0.0/16', api: '10.96.0.1', dns: '10.96.0.10' } as const;
/** Addresses of all pods. */
export const PODS = '10.244.0.0/16';
/** Length of the prefix of the network that the machines are on. */
export const MACHINES_PREFIX = 16;
/** Interface of a machine towards the others: a bridge in the control plane's namespace, a virtual cable's end in a node's. */
export const UPLINK = { control: 'br0', node: 'eth0' } as const;

/** The name of the driver that lab/programs/storage makes. */
export const STORAGE_DRIVER = 'disk.ballast.test';

const NODES = 3;
const NAME = /^[a-z][a-z0-9-]{0,30}$/;

/** The folder of all clusters: `$XDG_STATE_HOME/ballast`, or `~/.local/state/ballast`. */
function stateFolder(): string {
  return join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local/state'), 'ballast');
}

function machine(cluster: string, folder: string, name: string, address: string): Machine {
  return {
    name,
    address,
    namespace: `${cluster}-${name}`,
    cgroup: `${cluster}/${name}`,
    folder: join(folder, name),
  };
}

/** The cluster of a name; without one of `$BALLAST_CLUSTER` or `ballast`. Several can run at once, distinguished by their names only. */
export function clusterNamed(name = process.env['BALLAST_CLUSTER'] || 'ballast'): Cluster {
  if (!NAME.test(name)) throw new CannotRun(`${name}: a cluster's name has lower-case letters, digits and hyphens`);
  const folder = join(stateFolder(), name);
  const nodes = Array.from({ length: NODES }, (_, index) => {
    const number = index + 1;
    const podRange = `10.244.${number}.0/24`;
    return { ...machine(name, folder, `n${number}`, `172.30.0.${10 + number}`), podRange };
  });
  return {
    name,
    folder,
    cgroup: name,
    nodes,
    control: machine(name, folder, 'cp', '172.30.0.1'),
    keys: join(folder, 'keys'),
    volumes: join(folder, 'volumes'),
    kubectl: join(folder, 'kubectl'),
    complete: join(folder, 'complete'),
  };
}

/** The node of this name; throws when the cluster has none such. */
export function nodeNamed(cluster: Cluster, name: string): ClusterNode {
  const found = cluster.nodes.find((node) => node.name === name);
  if (!found) throw new CannotRun(`no node ${name}; there are ${cluster.nodes.map((node) => node.name).join(', ')}`);
  return found;
}
