import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../processes/until.ts';

const WAIT_MS = 20_000;

interface Hierarchy {
  readonly path: string;
  readonly controllers: readonly string[];
}

/** All hierarchies that are mounted: those of version 1, that of version 2, or both, as container runtimes use both. */
function hierarchies(): Hierarchy[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, path, type]) => path?.startsWith('/sys/fs/cgroup') && (type === 'cgroup' || type === 'cgroup2'))
    .map(([, path = '', , options = '']) => ({ path, controllers: options.split(',') }));
}

/** The hierarchy that is asked which processes a cgroup has: that of version 1 which counts processes, else that of version 2. */
function counting(): string {
  const all = hierarchies();
  const found = all.find(({ controllers }) => controllers.includes('pids')) ?? all[0];
  if (!found) throw new Error('no cgroup hierarchy is mounted under /sys/fs/cgroup');
  return found.path;
}

/** A new cpuset has no processors and no memory; this copies its parent's. */
function inheritCpus(parent: string, path: string): void {
  for (const name of ['cpuset.cpus', 'cpuset.mems']) {
    if (existsSync(join(path, name))) writeFileSync(join(path, name), readFileSync(join(parent, name)));
  }
}

/** Makes a cgroup, with those above it, in all hierarchies. */
export function makeCgroup(cgroup: string): void {
  for (const { path: root, controllers } of hierarchies()) {
    let parent = root;
    for (const part of cgroup.split('/')) {
      const path = join(parent, part);
      mkdirSync(path, { recursive: true });
      if (controllers.includes('cpuset')) inheritCpus(parent, path);
      parent = path;
    }
  }
}

/** Makes a cgroup for a server of ours and gives the file that takes its processes. */
export function makeServerCgroup(cgroup: string): string {
  const path = join(counting(), cgroup);
  mkdirSync(path, { recursive: true });
  return join(path, 'cgroup.procs');
}

function foldersOf(path: string): string[] {
  try {
    const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...below.flatMap(({ name }) => foldersOf(join(path, name))), path];
  } catch {
    // The cgroup was removed meanwhile.
    return [];
  }
}

function processesIn(path: string): number[] {
  try {
    return readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** A cgroup, by its folder, and the processes that are in it and in none below. */
export interface Members {
  readonly folder: string;
  readonly pids: readonly number[];
}

/** A cgroup and all below it, with their processes. */
export function membersOf(cgroup: string): Members[] {
  return foldersOf(join(counting(), cgroup)).map((folder) => ({ folder, pids: processesIn(folder) }));
}

/** The processes in a cgroup and in all below it. */
export function processesOf(cgroup: string): number[] {
  return membersOf(cgroup).flatMap(({ pids }) => pids);
}

/** Sends a signal to a process that may have ended already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Kills all processes of a cgroup, those that they start meanwhile too, and waits until none is left. */
export async function killAll(cgroup: string): Promise<void> {
  const noneLeft = (): boolean => {
    const pids = processesOf(cgroup);
    for (const pid of pids) signal(pid, 'SIGKILL');
    return pids.length === 0;
  };
  await until(noneLeft, WAIT_MS, `${cgroup}: processes do not end`);
}

/** The cgroup that this process is in, in the counting hierarchy. */
function ownCgroup(): string {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n');
  const found =
    lines.find((line) => line.split(':')[1]?.split(',').includes('pids')) ??
    lines.find((line) => line.startsWith('0::'));
  return found?.split(':').slice(2).join(':') ?? '/';
}

/** Runs work in a cgroup with this process and its children: killing the cgroup ends the work, too. */
export async function within(cgroup: string, work: () => Promise<void>): Promise<void> {
  const before = join(counting(), ownCgroup(), 'cgroup.procs');
  writeFileSync(makeServerCgroup(cgroup), String(process.pid));
  try {
    await work();
  } finally {
    writeFileSync(before, String(process.pid));
  }
}

function remove(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // The kernel needs a moment to release the last process; the caller tries again.
  }
}

/** Removes a cgroup without processes, with those below it, from all hierarchies. */
export async function removeCgroup(cgroup: string): Promise<void> {
  const noneLeft = (): boolean => {
    const left = hierarchies().flatMap(({ path }) => foldersOf(join(path, cgroup)));
    left.forEach(remove);
    return left.length === 0;
  };
  await until(noneLeft, WAIT_MS, `${cgroup}: the cgroup cannot be removed`);
}
