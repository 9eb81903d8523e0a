import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { createServer } from 'node:tls';
import type { Pair } from '../../certificates/authority.ts';

/** What is wrong with the way to a store. */
export type Fault =
  | { readonly kind: 'none' }
  /** Nobody listens. */
  | { readonly kind: 'refuse' }
  /** Connections are taken, and nothing is ever answered. */
  | { readonly kind: 'hang' }
  /** Each piece of an answer takes so long. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The store does what it is asked, and the connection breaks off in its answer. */
  | { readonly kind: 'drop' };

/** The end of TLS in front of a store, where a test can put faults. */
export interface Proxy {
  readonly port: number;
  /** Puts a fault in place of the one before; every open connection ends. */
  readonly setFault: (fault: Fault) => Promise<void>;
  /** Shows another certificate from now on; every open connection ends. */
  readonly setCertificate: (pair: Pair) => void;
  readonly stop: () => Promise<void>;
}

const LOOPBACK = '127.0.0.1';

async function answer(client: TLSSocket, store: Socket, fault: Fault): Promise<void> {
  for await (const piece of store as AsyncIterable<Buffer>) {
    if (fault.kind === 'drop') {
      client.write(piece.subarray(0, piece.length / 2), () => client.destroy());
      return;
    }
    if (fault.kind === 'slow') await sleep(fault.delayMs);
    if (client.writable) client.write(piece);
  }
  client.end();
}

/** Leads what a client sends to the store at `port`, and back, with the fault that holds while the connection lives. */
function join(client: TLSSocket, port: number, fault: Fault): void {
  client.on('error', () => client.destroy());
  if (fault.kind === 'hang') return void client.resume();
  const store = connect(port, LOOPBACK);
  store.on('error', () => client.destroy());
  client.on('close', () => store.destroy());
  client.pipe(store);
  // It ends early where the client has gone.
  answer(client, store, fault).catch(() => client.destroy());
}

function secure({ certificate, key }: Pair): { readonly cert: string; readonly key: string } {
  return { cert: certificate, key };
}

/** Listens with TLS at a port of an address, in front of a store that listens at another port of the loopback without. */
export async function startProxy(address: string, port: number, store: number, pair: Pair): Promise<Proxy> {
  let fault: Fault = { kind: 'none' };
  const open = new Set<Socket>();
  const server = createServer(secure(pair), (client) => {
    join(client, store, fault);
  });
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  const listen = async (): Promise<void> => {
    if (server.listening) return;
    server.listen(port, address);
    await once(server, 'listening');
  };
  const endAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  const close = async (): Promise<void> => {
    endAll();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  await listen();
  return {
    port,
    setFault: async (next) => {
      fault = next;
      endAll();
      await (next.kind === 'refuse' ? close() : listen());
    },
    setCertificate: (next) => {
      server.setSecureContext(secure(next));
      endAll();
    },
    stop: close,
  };
}
