import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The output of a command, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface KubectlOptions {
  readonly program: string;
  readonly folder: string;
  readonly url: string;
  readonly token: string;
}

function kubeconfig({ url, token }: KubectlOptions): string {
  const cluster = { server: url, 'insecure-skip-tls-verify': true };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'user', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'user' } }],
    'current-context': 'test',
  });
}

/** The real kubectl, against the tests' API server, as one user. */
export class Kubectl {
  readonly #options: KubectlOptions;
  /** The kubeconfig's file. */
  readonly config: string;

  constructor(options: KubectlOptions) {
    this.#options = options;
    this.config = join(options.folder, `kubeconfig-${randomBytes(4).toString('hex')}`);
    writeFileSync(this.config, kubeconfig(options), { mode: 0o600 });
  }

  /** Runs kubectl; `input` goes to its standard input. Does not throw when it fails. */
  run(args: readonly string[], input = ''): Promise<Ran> {
    return new Promise((resolve) => {
      const all = ['--kubeconfig', this.config, ...args];
      const child = execFile(this.#options.program, all, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        resolve({ code, stdout, stderr: error && stderr === '' ? error.message : stderr });
      });
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  }

  /** Runs kubectl and returns its output; throws with its error messages when it fails. */
  async succeed(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Applies objects on the server's side of validation, as `kubectl apply -f -` does. */
  apply(objects: readonly object[], args: readonly string[] = []): Promise<Ran> {
    const list = objects.length === 1 ? objects[0] : { apiVersion: 'v1', kind: 'List', items: objects };
    return this.run(['apply', '-f', '-', ...args], JSON.stringify(list));
  }

  /** The same kubectl as an existing service account; optionally with the token of a pod, as the kubelet mounts it. */
  async as(namespace: string, serviceAccount: string, pod?: string): Promise<Kubectl> {
    const bound = pod === undefined ? [] : ['--bound-object-kind', 'Pod', '--bound-object-name', pod];
    const token = await this.succeed(['create', 'token', serviceAccount, '--namespace', namespace, ...bound]);
    return new Kubectl({ ...this.#options, token: token.trim() });
  }
}
