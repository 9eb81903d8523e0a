import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { Kubectl } from '../../lab/api-server/kubectl.ts';

/** An answer of the API server: its HTTP status, the object or Status, and the warnings. */
export interface Reply {
  readonly code: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** The message of a refusal; empty without one. */
  readonly message: string;
  readonly warnings: readonly string[];
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

const WARNING = /299 - "((?:[^"\\]|\\.)*)"/g;

/** The API server without kubectl between: for tests that ask it thousands of things. */
export class Api {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8, rejectUnauthorized: false });
  readonly #server: string;
  readonly #token: string;

  constructor({ config }: Kubectl) {
    const { clusters, users } = JSON.parse(readFileSync(config, 'utf8')) as Kubeconfig;
    this.#server = clusters[0].cluster.server;
    this.#token = users[0].user.token;
  }

  /** Sends one request; fails only when no answer comes. */
  send(method: string, path: string, body?: object, type = 'application/json'): Promise<Reply> {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': type, accept: 'application/json' };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#server}${path}`, { method, headers, agent: this.#agent }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const warnings = [...(response.headers['warning'] ?? '').matchAll(WARNING)].map(([, text]) => text ?? '');
          const read = JSON.parse(Buffer.concat(parts).toString() || '{}') as Reply['body'];
          const message = typeof read['message'] === 'string' ? read['message'] : '';
          resolve({ code: response.statusCode ?? 0, body: read, message, warnings });
        });
      });
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
