import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A program that runs as a child process and writes lines to its output. */
export interface Child {
  /** Writes a line to its standard input. */
  readonly send: (line: string) => void;
  /** Why it ended; undefined while it runs. */
  readonly ended: () => string | undefined;
  /** Ends it with a message on its input; resolves when it is gone. */
  readonly stop: () => Promise<void>;
  /** Ends it without a message. */
  readonly kill: () => Promise<void>;
}

/** The message that ends a program. */
export interface ChildOptions {
  readonly onLine: (line: string) => void;
  readonly onEnd?: () => void;
}

const STOP_MS = 5000;
const COMPLAINT = 500;
const WITH_US = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

type Process = ChildProcessByStdio<Writable, Readable, Readable>;

async function kill(child: Process): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function stop(child: Process): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin.end();
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

/** Starts a program that the kernel ends with this process, whatever the reason. */
export function startChild(command: readonly [string, ...string[]], { onLine, onEnd }: ChildOptions): Child {
  const [program, ...args] = [...WITH_US, ...command];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint = (complaint + text.toString()).slice(-COMPLAINT)));
  child.stdin.on('error', () => undefined);
  child.on('error', (error) => (complaint = error.message));
  createInterface({ input: child.stdout }).on('line', onLine);
  child.on('exit', () => onEnd?.());
  return {
    send: (line) => child.stdin.write(`${line}\n`),
    ended: () =>
      child.exitCode === null && child.signalCode === null
        ? undefined
        : `${command.slice(0, 3).join(' ')} ended with ${String(child.exitCode ?? child.signalCode)}: ${complaint.trim()}`,
    stop: () => stop(child),
    kill: () => kill(child),
  };
}
