import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasImage } from './has-image.ts';

/** This computer cannot run such a cluster; the message says why. */
export class CannotRun extends Error {}

/** Programs that are called, with the Debian package that brings each. */
const PROGRAMS = {
  containerd: 'containerd',
  ctr: 'containerd',
  flock: 'util-linux',
  ip: 'iproute2',
  iptables: 'iptables',
  losetup: 'mount',
  'mkfs.xfs': 'xfsprogs',
  mount: 'mount',
  nsenter: 'util-linux',
  openssl: 'openssl',
  runc: 'runc',
  setpriv: 'util-linux',
  sysctl: 'procps',
  tar: 'tar',
  unshare: 'util-linux',
} as const;

/** Where Debian's package puts the programs that connect pods to their node's network. */
export const CNI_PROGRAMS = '/usr/lib/cni';

function searched(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter);
}

function lacksProgram(program: string): boolean {
  return !searched().some((folder) => existsSync(join(folder, program)));
}

/** Throws with the packages to install when a program is not there. */
export function requirePackages(programs: Readonly<Record<string, string>>): void {
  const lacking = new Set(
    Object.keys(programs)
      .filter(lacksProgram)
      .map((program) => programs[program] ?? program),
  );
  if (programs === PROGRAMS && !existsSync(CNI_PROGRAMS)) lacking.add('containernetworking-plugins');
  if (lacking.size === 0) return;
  throw new CannotRun(`install what is missing: apt-get install ${[...lacking].sort().join(' ')}`);
}

/** Throws when the local container storage lacks an image that `npm run images -- MAJOR` makes, itself or on its way. */
export function requireImage(name: string, major: string): void {
  if (!hasImage(name)) throw new CannotRun(`there is no image ${name}; npm run images -- ${major} makes it`);
}

/** Throws when no cluster can run here, with the reason. */
export function requireCluster(): void {
  if (process.platform !== 'linux') throw new CannotRun('a cluster of real nodes needs Linux');
  if (process.getuid?.() !== 0) throw new CannotRun('a cluster of real nodes needs root, for namespaces and mounts');
  if (!/ \/sys\/fs\/cgroup\S* cgroup2? /.test(readFileSync('/proc/mounts', 'utf8'))) {
    throw new CannotRun('no cgroups are mounted under /sys/fs/cgroup');
  }
  // A root shell from su often lacks it in PATH.
  if (!searched().includes('/usr/sbin')) throw new CannotRun('/usr/sbin is not in PATH; add it');
  requirePackages(PROGRAMS);
  // Root in a container may lack the rights.
  if (spawnSync('unshare', ['--net', '--mount', 'true']).status !== 0) {
    throw new CannotRun('root may not make network and mount namespaces here');
  }
  if (spawnSync('losetup', ['--find']).status !== 0) throw new CannotRun('there are no loop devices for volumes');
}
