import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { killAll, makeServerCgroup, processesOf } from './cgroups.ts';
import type { Command } from '../processes/command.ts';
import { HOLDER, cgroupOf, holderCommand, inMachine, untilSwitchedOn } from './machine.ts';
import type { Machine } from './layout.ts';
import { until } from '../processes/until.ts';

/** A program that serves on a machine until it is stopped. */
export interface Server {
  readonly name: string;
  readonly command: Command;
}

const ENTER_MS = 10_000;
/** Enters its cgroup before anything else, so that the server can always be found there. */
const ENTER = 'echo $$ >"$1" && shift && exec "$@"';

/** The file that a server writes its messages to. */
export function logOf(machine: Machine, name: string): string {
  return join(machine.folder, `${name}.log`);
}

/** Whether a server runs. */
export function isRunning(machine: Machine, name: string): boolean {
  return processesOf(cgroupOf(machine, name)).length > 0;
}

/** Starts a program in a cgroup of its own; it outlives the process that started it. */
async function launch(cgroup: string, log: string, command: Command): Promise<void> {
  const output = openSync(log, 'a');
  const child = spawn('sh', ['-c', ENTER, 'sh', makeServerCgroup(cgroup), ...command], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const entered = (): boolean => child.exitCode !== null || processesOf(cgroup).length > 0;
  await until(entered, ENTER_MS, `${cgroup}: could not be entered; see ${log}`);
  child.unref();
}

/** Starts a server on its machine, unless it runs. */
export async function startServer(machine: Machine, { name, command }: Server): Promise<void> {
  if (isRunning(machine, name)) return;
  mkdirSync(machine.folder, { recursive: true });
  await launch(cgroupOf(machine, name), logOf(machine, name), inMachine(machine, command));
}

/** Kills a server, as a crash would, and waits until it is gone. */
export async function stopServer(machine: Machine, name: string): Promise<void> {
  await killAll(cgroupOf(machine, name));
}

/** Whether commands and servers can run on a machine. */
export function isSwitchedOn(machine: Machine): boolean {
  return isRunning(machine, HOLDER);
}

/** Switches a machine on, unless it is: from now on commands and servers can run on it. */
export async function switchOn(machine: Machine): Promise<void> {
  if (isSwitchedOn(machine)) return;
  await launch(cgroupOf(machine, HOLDER), logOf(machine, HOLDER), holderCommand(machine));
  await untilSwitchedOn(machine);
}
