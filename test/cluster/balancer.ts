import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

const PROBE_MS = 100;

/** Where a replica of the webhook takes requests, and where it says whether it does. */
export interface Backend {
  readonly port: number;
  readonly healthPort: number;
}

/** Whether a webhook says that it takes requests. */
export function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path: '/readyz', timeout: 1000, agent: false };
    const asked = request(options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('error', () => {
      resolve(false);
    });
    asked.end();
  });
}

/** Replaces a Service with its endpoints for the API server: one address, connections spread over the ready backends. */
export class Balancer {
  readonly #backends = new Set<Backend>();
  #ready: readonly number[] = [];
  readonly #open = new Set<Socket>();
  readonly #server = createServer((client) => {
    this.#connect(client);
  });
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;

  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#timer = setInterval(() => void this.#probe(), PROBE_MS);
    return (this.#server.address() as AddressInfo).port;
  }

  async add(backend: Backend): Promise<void> {
    this.#backends.add(backend);
    await this.#probe();
  }

  remove(backend: Backend): void {
    this.#backends.delete(backend);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  async #probe(): Promise<void> {
    const backends = [...this.#backends];
    const ready = await Promise.all(backends.map(({ healthPort }) => isReady(healthPort)));
    this.#ready = backends.filter((_, index) => ready[index]).map(({ port }) => port);
  }

  #connect(client: Socket): void {
    const port = this.#ready[(this.#turn += 1) % this.#ready.length];
    if (port === undefined) {
      client.destroy();
      return;
    }
    const backend = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [client, backend],
      [backend, client],
    ] as const) {
      this.#open.add(one);
      one.on('error', () => other.destroy()).on('close', () => this.#open.delete(one));
      one.pipe(other);
    }
  }
}
