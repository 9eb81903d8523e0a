import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A running server of the control plane. */
export interface Running {
  /** Ends it and waits until it is gone. */
  readonly stop: () => Promise<void>;
  /** Why it ended unexpectedly, with the end of its log; undefined while it runs. */
  readonly failure: () => string | undefined;
}

const LOG_TAIL = 2000;
const STOP_MS = 10_000;

/** A free port of the loopback. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A command that the kernel ends together with this process. */
function withParent(program: string, args: readonly string[]): [string, string[]] {
  if (process.platform !== 'linux') return [program, [...args]];
  return ['setpriv', ['--pdeathsig', 'KILL', '--', program, ...args]];
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

/** Starts a server with its output in a log file. */
export function start(program: string, args: readonly string[], log: string): Running {
  const output = openSync(log, 'a');
  const [command, all] = withParent(program, args);
  const child = spawn(command, all, { stdio: ['ignore', output, output] });
  closeSync(output);
  let error: Error | undefined;
  child.on('error', (failure) => (error = failure));
  return {
    stop: () => stop(child),
    failure: () => {
      if (error) return `${program}: ${error.message}`;
      if (child.exitCode === null && child.signalCode === null) return undefined;
      return `${program} ended with ${String(child.exitCode ?? child.signalCode)}:\n${readFileSync(log, 'utf8').slice(-LOG_TAIL)}`;
    },
  };
}
