import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A relay to a server on this machine that can be cut: its connections break, and new ones fail until it is mended. */
export class Relay {
  readonly #port: number;
  readonly #open = new Set<Socket>();
  #isCut = false;
  readonly #server = createServer((client) => {
    this.#join(client);
  });

  /** To this port. */
  constructor(port: number) {
    this.#port = port;
  }

  /** Gives its own port. */
  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }

  #join(client: Socket): void {
    if (this.#isCut) {
      client.destroy();
      return;
    }
    const server = connect(this.#port, '127.0.0.1');
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(one);
      one
        .on('error', () => other.destroy())
        .on('close', () => {
          this.#open.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  }
}
