import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { Failed } from '../lab/processes/command.ts';
import { down } from '../lab/cluster/down.ts';
import { bringImages } from '../lab/cluster/images.ts';
import type { Cluster } from '../lab/cluster/layout.ts';
import { clusterNamed, nodeNamed } from '../lab/cluster/layout.ts';
import { inMachine } from '../lab/cluster/machine.ts';
import { CannotRun, requireCluster } from '../lab/cluster/needs.ts';
import { findClusterPrograms } from '../lab/programs/cluster-programs.ts';
import { isUp, up } from '../lab/cluster/up.ts';
import { NoPrograms } from '../lab/programs/kubernetes-programs.ts';

interface UpOptions {
  readonly image: string[];
  readonly fresh?: true;
}

function say(step: string): void {
  process.stderr.write(`${process.uptime().toFixed(1).padStart(6)} s  ${step}\n`);
}

/** Runs the command with this program's input, output and exit code. */
function hand([program, ...args]: readonly [string, ...string[]]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (error) throw error;
  process.exitCode = status ?? 1;
}

async function start(cluster: Cluster, { image, fresh }: UpOptions): Promise<void> {
  requireCluster();
  const programs = await findClusterPrograms();
  if (isUp(cluster) && !fresh) {
    await bringImages(image, cluster.nodes);
    say(`${cluster.name} is up already; with --fresh it would start from nothing`);
    return;
  }
  await bringImages(image, []);
  await up(cluster, programs, say);
  say(`${cluster.name} is up; look around with: npm run cluster:kubectl -- get nodes`);
}

async function build(): Promise<void> {
  await findClusterPrograms();
}

function kubectl({ name, kubectl: program }: Cluster, args: readonly string[]): void {
  if (!existsSync(program)) throw new CannotRun(`${name} is not up; npm run cluster:up starts it`);
  hand([program, ...args]);
}

function runOn(cluster: Cluster, name: string, command: readonly [string, ...string[]]): void {
  hand(inMachine(name === cluster.control.name ? cluster.control : nodeNamed(cluster, name), command));
}

function commandLine(cluster: Cluster): Command {
  const program = new Command('cluster').enablePositionalOptions();
  program.description('A whole Kubernetes on this computer, without Docker; see docs/cluster.md');
  program
    .command('up')
    .description('start it, unless it is up; half a one is removed first')
    .option('--image <name...>', 'images of the local container storage that its nodes shall have', [])
    .option('--fresh', 'remove it first when it is up, too')
    .action((options: UpOptions) => start(cluster, options));
  program
    .command('programs')
    .description('build its programs, where they are not there: a quarter of an hour the first time')
    .action(build);
  program
    .command('down')
    .description('end it, and remove all it made')
    .action(() => down(cluster));
  program
    .command('images <names...>')
    .description('bring images of the local container storage to its nodes, and to those of later starts')
    .action((names: string[]) => bringImages(names, isUp(cluster) ? cluster.nodes : []));
  program
    .command('kubectl [args...]')
    .description('run kubectl as administrator')
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action((args: string[]) => {
      kubectl(cluster, args);
    });
  program
    .command('run <machine> <command> [args...]')
    .description('run a command on a machine: cp (the control plane) or a node')
    .passThroughOptions()
    .action((name: string, command: string, args: string[]) => {
      runOn(cluster, name, [command, ...args]);
    });
  return program;
}

try {
  await commandLine(clusterNamed()).parseAsync();
} catch (error) {
  const isKnown = error instanceof CannotRun || error instanceof Failed || error instanceof NoPrograms;
  if (!isKnown) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
