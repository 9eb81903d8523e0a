import { readFileSync } from 'node:fs';
import { signal } from '../cluster/cgroups.ts';
import type { ContainerProcess } from '../cluster/faults.ts';
import {
  cutOff,
  killNode,
  processesIn,
  reconnect,
  startApiServer,
  startNode,
  stopApiServer,
} from '../cluster/faults.ts';
import type { Cluster, ClusterNode } from '../cluster/layout.ts';
import { runIn } from '../cluster/machine.ts';
import type { Kubectl } from './kubectl.ts';
import type { MemberPod } from './pods.ts';

/** The place of a fault. */
export interface Scene {
  readonly cluster: Cluster;
  readonly kubectl: Kubectl;
  /** The member that is hit, and its node. */
  readonly victim: MemberPod;
  readonly node: ClusterNode;
}

/** Undoes a fault; safe to call when the fault has ended by itself. */
export type Undo = () => Promise<void>;

const nothing: Undo = () => Promise.resolve();
const FILLER = 'filler-of-the-failover-test';

/** Asks Kubernetes to delete the member's pod. */
export function deletePod(options: readonly string[]): (scene: Scene) => Promise<Undo> {
  return async ({ kubectl, victim }) => {
    await kubectl.run(['delete', 'pod', victim.name, '--wait=false', ...options]);
    return nothing;
  };
}

/** The number of a process inside its container. */
function innerNumber(pid: number): number | undefined {
  try {
    const numbers = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(numbers?.split(/\s+/).at(-1));
  } catch {
    return undefined;
  }
}

function inside({ cluster, victim }: Scene): ContainerProcess[] {
  return victim.container === undefined ? [] : processesIn(cluster, victim.container);
}

const isPostgres = ({ command }: ContainerProcess): boolean => /^\S*postgres(?::| -D )/.test(command);

function some(found: readonly ContainerProcess[], what: string): readonly ContainerProcess[] {
  if (found.length === 0) throw new Error(`no ${what} runs in the container`);
  return found;
}

function postmaster(scene: Scene): readonly ContainerProcess[] {
  const found = inside(scene).filter(({ command }) => /^\S*postgres -D /.test(command));
  return some(found, 'postmaster');
}

function send(processes: readonly ContainerProcess[], name: NodeJS.Signals): void {
  for (const { pid } of processes) signal(pid, name);
}

function freeze(processes: readonly ContainerProcess[]): Undo {
  send(processes, 'SIGSTOP');
  return () => {
    send(processes, 'SIGCONT');
    return Promise.resolve();
  };
}

/** Kills the postmaster, and nothing else. */
export function killPostgres(scene: Scene): Promise<Undo> {
  send(postmaster(scene), 'SIGKILL');
  return Promise.resolve(nothing);
}

function first(scene: Scene): readonly ContainerProcess[] {
  const found = inside(scene).filter(({ pid }) => innerNumber(pid) === 1);
  return some(found, 'process 1');
}

/** Kills the container's first process: the kernel takes all others with it. */
export function killContainer(scene: Scene): Promise<Undo> {
  send(first(scene), 'SIGKILL');
  return Promise.resolve(nothing);
}

/** Stops all processes of the server, the postmaster first, so that it starts no more. */
export function freezePostgres(scene: Scene): Promise<Undo> {
  const server = [...postmaster(scene), ...inside(scene).filter(isPostgres)];
  return Promise.resolve(freeze(server));
}

/** The process of Patroni itself, not that of its supervisor. */
function patroni(scene: Scene): readonly ContainerProcess[] {
  const found = inside(scene).filter(({ command }) => /^\S*python\S* (-\S+ )*\S*\/patroni /.test(command));
  return some(found, 'Patroni');
}

/** Kills Patroni; PostgreSQL goes on, unless Patroni was the container's first process. */
export function killPatroni(scene: Scene): Promise<Undo> {
  send(patroni(scene), 'SIGKILL');
  return Promise.resolve(nothing);
}

/** Stops Patroni; PostgreSQL goes on. */
export function freezePatroni(scene: Scene): Promise<Undo> {
  return Promise.resolve(freeze(patroni(scene)));
}

/** Cuts the member's node off. */
export async function cutCable({ cluster, node }: Scene): Promise<Undo> {
  await cutOff(cluster, node);
  return () => reconnect(cluster, node);
}

/** Switches the member's node off. */
export async function killMachine({ cluster, node }: Scene): Promise<Undo> {
  await killNode(cluster, node);
  return () => startNode(cluster, node);
}

/** Takes the API server away. */
export async function stopApi({ cluster }: Scene): Promise<Undo> {
  await stopApiServer(cluster);
  return () => startApiServer(cluster);
}

/** Fills the member's volume, first quickly, then to the last block. */
export async function fillVolume({ node, victim }: Scene): Promise<Undo> {
  const volume = `/var/lib/kubelet/pods/${victim.uid}/volumes/kubernetes.io~csi/*/mount`;
  const fill = [
    `cd ${volume}`,
    `fallocate --length "$(($(stat --file-system --format '%a * %S' .)))" ${FILLER} 2>/dev/null`,
    `dd if=/dev/zero bs=64k >>${FILLER} 2>/dev/null`,
    'true',
  ];
  await runIn(node, ['sh', '-c', fill.join('; ')]);
  return async () => {
    await runIn(node, ['sh', '-c', `rm -f ${volume}/${FILLER}`]);
  };
}
