import { execFile, spawn } from 'node:child_process';
import { printableLine } from '../../database/printable-line.ts';
import { Refused, UsageError } from '../errors.ts';

/** Where kubectl looks: what the user named, else what its own configuration says. */
export interface Target {
  readonly namespace?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const LARGEST_ANSWER = 2 ** 28;
const ABSENT = 'kubectl: no such program on the PATH; install it, or add its folder to PATH';

/** What kubectl writes before the reason that the API server gives. */
const BEGINNING = /^(?:error: |Error from server \(\w+\): (?:error when creating "STDIN": )?)/;

/** The lines of an error message of kubectl, each on one line of a terminal. */
function toldLines(stderr: string): string[] {
  return stderr
    .trim()
    .split('\n')
    .map((line) => printableLine(line.replace(BEGINNING, '').trimEnd()));
}

/** The user's own kubectl, with its logins, contexts and rights. */
export class Kubectl {
  readonly #target: readonly string[];

  constructor({ namespace, context, kubeconfig }: Target) {
    const named = { namespace, context, kubeconfig };
    this.#target = Object.entries(named).flatMap(([flag, value]) =>
      value === undefined ? [] : [`--${flag}=${value}`],
    );
  }

  #run(args: readonly string[], input: string): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const options = { maxBuffer: LARGEST_ANSWER };
      const child = execFile('kubectl', [...args, ...this.#target], options, (error, stdout, stderr) => {
        if (error?.code === 'ENOENT') reject(new UsageError(ABSENT, { cause: error }));
        else resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr: stderr || (error?.message ?? '') });
      });
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  }

  /** Reads objects as JSON; throws a usage error with kubectl's reason. */
  async read<T>(args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.#run(['get', ...args, '--output=json'], '');
    if (code !== 0) throw new UsageError(toldLines(stderr).join(' '));
    return JSON.parse(stdout) as T;
  }

  /** Changes something, and returns what kubectl prints; throws `Refused` with kubectl's lines. */
  async change(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await this.#run(args, input);
    if (code !== 0) throw new Refused(toldLines(stderr));
    return stdout;
  }

  /** Runs kubectl on the user's terminal until it ends, and returns its exit code. */
  attach(args: readonly string[], command: readonly string[] = []): Promise<number> {
    const end = command.length === 0 ? [] : ['--', ...command];
    return new Promise((resolve, reject) => {
      const child = spawn('kubectl', [...args, ...this.#target, ...end], { stdio: 'inherit' });
      // The signal of Ctrl-C is meant for the program in the terminal, which decides what it means.
      const ignore = (): void => undefined;
      process.on('SIGINT', ignore);
      child.on('error', (error: NodeJS.ErrnoException) => {
        reject(error.code === 'ENOENT' ? new UsageError(ABSENT, { cause: error }) : error);
      });
      child.on('close', (code) => {
        process.off('SIGINT', ignore);
        resolve(code ?? 1);
      });
    });
  }
}
