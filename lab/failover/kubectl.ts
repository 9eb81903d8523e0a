import { execFile } from 'node:child_process';

const LIMIT_MS = 30_000;

/** How a command is run. */
export interface KubectlOptions {
  readonly input?: string;
  readonly limitMs?: number;
}

/** The cluster's kubectl, in one namespace. */
export class Kubectl {
  readonly #program: string;
  readonly #namespace: string;

  constructor(program: string, namespace: string) {
    this.#program = program;
    this.#namespace = namespace;
  }

  /** Runs kubectl and returns its output; throws with its error messages, also on a timeout. */
  run(args: readonly string[], { input = '', limitMs = LIMIT_MS }: KubectlOptions = {}): Promise<string> {
    const all = ['--namespace', this.#namespace, ...args];
    return new Promise((resolve, reject) => {
      const options = { timeout: limitMs, killSignal: 'SIGKILL' as const, maxBuffer: 64 << 20 };
      const child = execFile(this.#program, all, options, (error, stdout, stderr) => {
        if (error) reject(new Error(`kubectl ${args.join(' ')}: ${stderr.trim() || error.message}`, { cause: error }));
        else resolve(stdout);
      });
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  }

  /** Runs SQL in a member as the superuser, over the socket in its container; gives rows as psql prints them unaligned. */
  sql(pod: string, text: string): Promise<string> {
    const psql = ['psql', '--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1'];
    const command = [...psql, '--host=/var/run/postgresql', '--username=postgres', 'postgres'];
    return this.run(['exec', '--stdin', pod, '--container=postgresql', '--', ...command], { input: text });
  }
}
