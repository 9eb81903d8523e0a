import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signal } from '../../lab/cluster/cgroups.ts';
import { until } from '../../lab/processes/until.ts';

const WAIT_MS = 20_000;

/** The files of one version of cgroups that hold a limit of memory, and tell what became of it. */
interface Version {
  /** Where the controller of memory is mounted. */
  readonly root: string;
  /** Files that take the limit; those that a kernel without swap does not have are passed over. */
  readonly limits: readonly { readonly file: string; readonly value: (bytes: number) => number }[];
  /** Files whose sum is the most that was ever held. */
  readonly peaks: readonly string[];
  /** The file with the line `oom_kill COUNT`. */
  readonly events: string;
}

const whole = (bytes: number): number => bytes;
const none = (): number => 0;

/** Version 1 counts the buffers of sockets apart, and only where they have a limit; version 2 counts them with the rest. */
const version1 = (root: string): Version => ({
  root,
  limits: [
    { file: 'memory.limit_in_bytes', value: whole },
    { file: 'memory.memsw.limit_in_bytes', value: whole },
    { file: 'memory.kmem.tcp.limit_in_bytes', value: whole },
  ],
  peaks: ['memory.max_usage_in_bytes', 'memory.kmem.tcp.max_usage_in_bytes'],
  events: 'memory.oom_control',
});

const version2 = (root: string): Version => ({
  root,
  limits: [
    { file: 'memory.max', value: whole },
    { file: 'memory.swap.max', value: none },
  ],
  peaks: ['memory.peak'],
  events: 'memory.events',
});

function mounted(): Version | undefined {
  if (!existsSync('/proc/mounts')) return undefined;
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  for (const [, root = '', type, options = ''] of mounts) {
    if (type === 'cgroup' && options.split(',').includes('memory')) return version1(root);
    if (type === 'cgroup2' && readFileSync(join(root, 'cgroup.controllers'), 'utf8').split(/\s/).includes('memory'))
      return version2(root);
  }
  return undefined;
}

let made = 0;

/** Creates a cgroup with the limit and returns its folder. Throws the kernel's error when that is not allowed. */
function makeLimited({ root, limits }: Version, bytes: number): string {
  // In version 2 a folder has the files of a controller only when the one above hands it down.
  const handed = join(root, 'cgroup.subtree_control');
  if (existsSync(handed) && !readFileSync(handed, 'utf8').split(/\s/).includes('memory'))
    writeFileSync(handed, '+memory');
  const folder = join(root, `ballast-hostile-${process.pid}-${(made += 1)}`);
  mkdirSync(folder);
  try {
    for (const { file, value } of limits) {
      if (existsSync(join(folder, file))) writeFileSync(join(folder, file), String(value(bytes)));
    }
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  return folder;
}

/** Why this computer cannot hold a program to a limit of memory; undefined when it can. */
export function whyNoMemoryLimit(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make a cgroup';
  const version = mounted();
  if (!version) return 'no cgroup hierarchy that counts memory is mounted';
  try {
    const folder = makeLimited(version, 2 ** 28);
    const absent = [...version.peaks, version.events].filter((file) => !existsSync(join(folder, file)));
    rmdirSync(folder);
    return absent.length === 0 ? undefined : `this kernel has no ${absent.join(', ')}`;
  } catch (error) {
    return `a cgroup with a limit of memory cannot be made: ${(error as Error).message}`;
  }
}

/** What runs within a limit of memory. */
export interface LimitedProgram {
  readonly bytes: number;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the program. */
  readonly env: NodeJS.ProcessEnv;
}

/** A program that runs within a limit of memory. */
export interface Limited {
  /** Its standard output and standard error can be read. */
  readonly child: ChildProcess;
  /** The most bytes that it, all that it started and their sockets ever held. */
  readonly peakBytes: () => number;
  /** Whether the kernel killed a process of it for want of memory. */
  readonly wasKilled: () => boolean;
  /** Kills the remaining processes, and removes the cgroup. */
  readonly end: () => Promise<void>;
}

const numberIn = (path: string): number => Number(readFileSync(path, 'utf8'));

async function remove(folder: string): Promise<void> {
  const gone = (): boolean => {
    for (const pid of readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean))
      signal(Number(pid), 'SIGKILL');
    try {
      rmdirSync(folder);
      return true;
    } catch {
      // The kernel takes a moment to forget its last process.
      return false;
    }
  };
  await until(gone, WAIT_MS, `${folder}: the cgroup cannot be removed`);
}

/** Starts a program in a cgroup that has so many bytes of memory and no swap, as the kubelet starts a container. */
export async function startInMemoryLimit({ bytes, command, args, env }: LimitedProgram): Promise<Limited> {
  const version = mounted();
  if (!version) throw new Error('no cgroup hierarchy that counts memory is mounted');
  const folder = makeLimited(version, bytes);
  // The shell goes into the cgroup and then becomes the program, which so has never been outside.
  const enter = 'echo $$ > "$0"/cgroup.procs && exec "$@"';
  const all = ['-c', enter, folder, command, ...args];
  const child = spawn('/bin/sh', all, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const killed = (): boolean => /^oom_kill ([1-9]\d*)$/m.test(readFileSync(join(folder, version.events), 'utf8'));
  const peak = (): number => version.peaks.reduce((sum, file) => sum + numberIn(join(folder, file)), 0);
  // The results remain readable after the cgroup is gone.
  let last: { readonly peak: number; readonly killed: boolean } | undefined;
  try {
    await once(child, 'spawn');
  } catch (error) {
    await remove(folder);
    throw error;
  }
  return {
    child,
    peakBytes: () => last?.peak ?? peak(),
    wasKilled: () => last?.killed ?? killed(),
    end: async () => {
      if (last) return;
      last = { peak: peak(), killed: killed() };
      child.kill('SIGKILL');
      await ended;
      await remove(folder);
    },
  };
}
