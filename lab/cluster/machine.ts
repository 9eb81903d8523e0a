import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processesOf } from './cgroups.ts';
import { type Command, run } from '../processes/command.ts';
import type { Machine } from './layout.ts';
import { CannotRun } from './needs.ts';
import { until } from '../processes/until.ts';

const HOLDER_MS = 10_000;

/** The process that holds a machine's mount namespace: the machine is on while it lives. */
export const HOLDER = 'holder';

/** The cgroup of one of our servers on a machine. */
export function cgroupOf(machine: Machine, server: string): string {
  return `${machine.cgroup}/servers/${server}`;
}

/**
 * Gives a machine a file system of its own: programs find their files at the usual paths, and all mounts end with the machine's last
 * process. `$1` is the machine's folder.
 */
const SWITCH_ON = [
  'mount -t tmpfs -o mode=755 tmpfs /run',
  'mkdir /run/lock',
  'mount --bind "$1/log" /var/log',
  'mount --bind "$1/lib" /var/lib',
  'for file in "$1"/kernel/*; do mount --bind "$file" "/proc/sys/$(basename "$file" | tr . /)" || exit; done',
  'exec sleep infinity',
].join(' && ');

/**
 * Kernel settings that a kubelet requires, and that apply to the whole computer. The kubelet reads the required values from files of its
 * own, so that the real settings stay unchanged.
 */
const DEMANDED = {
  'kernel.keys.root_maxbytes': 25_000_000,
  'kernel.keys.root_maxkeys': 1_000_000,
  'kernel.panic': 10,
  'kernel.panic_on_oops': 1,
  'vm.overcommit_memory': 1,
  'vm.panic_on_oom': 0,
} as const;

/** Folders of the computer that machines do not see. */
const HIDDEN = ['/run/', '/var/lib/', '/var/log/'];

/** Throws when machines would not see a required folder. */
export function requireVisible(folder: string): void {
  const hidden = HIDDEN.find((parent) => folder.startsWith(parent));
  if (hidden) throw new CannotRun(`${folder} is under ${hidden}; set XDG_STATE_HOME and BALLAST_CACHE to other places`);
}

/** The command that switches a machine on, and holds it. */
export function holderCommand(machine: Machine): Command {
  for (const name of ['lib', 'log', 'kernel']) mkdirSync(join(machine.folder, name), { recursive: true });
  for (const [name, value] of Object.entries(DEMANDED)) {
    writeFileSync(join(machine.folder, 'kernel', name), `${value}\n`);
  }
  const shell = ['sh', '-c', SWITCH_ON, 'sh', machine.folder];
  return ['nsenter', `--net=/run/netns/${machine.namespace}`, 'unshare', '--mount', ...shell];
}

/** The same command, to be run on a machine that is switched on. */
export function inMachine(machine: Machine, command: Command): Command {
  const [holder] = processesOf(cgroupOf(machine, HOLDER));
  if (holder === undefined) throw new CannotRun(`${machine.namespace} is switched off; npm run cluster:up starts it`);
  return ['nsenter', `--net=/run/netns/${machine.namespace}`, `--mount=/proc/${holder}/ns/mnt`, ...command];
}

/** Runs a command on a machine and returns its output; throws when the command fails. */
export function runIn(machine: Machine, command: Command, input = ''): Promise<string> {
  return run(inMachine(machine, command), input);
}

function nameOf(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${String(pid)}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Waits until the machine's own file system is in place, which is when its holder only sleeps. */
export async function untilSwitchedOn(machine: Machine): Promise<void> {
  const sleeps = (): boolean => nameOf(processesOf(cgroupOf(machine, HOLDER))[0]) === 'sleep';
  await until(sleeps, HOLDER_MS, `${machine.namespace} could not be switched on; see ${machine.folder}/${HOLDER}.log`);
}
