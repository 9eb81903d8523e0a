import { once } from 'node:events';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Express } from 'express';
import type { Credentials } from './certificates/source.ts';
import type { ClientCheck } from './client-check.ts';
import type { Connections } from '../kubernetes/connections.ts';
import type { Metrics } from './metrics.ts';
import type { Turns } from './turns.ts';

/** A listening server. */
export interface Listening {
  readonly port: number;
  /** Presents another certificate from the next connection on; existing connections stay. */
  readonly show: (credentials: Credentials) => void;
  /** Stops without dropping a request: answers the pending ones, then closes connections. */
  readonly close: () => Promise<void>;
}

/** Where and how the server listens. */
export interface ListenOptions {
  readonly host: string;
  /** Port; 0 takes a free one. */
  readonly port: number;
  readonly credentials: Credentials;
  /** The clients that may connect; all when undefined. */
  readonly clients: ClientCheck | undefined;
  readonly connections: Connections;
  readonly turns: Turns;
  readonly metrics: Pick<Metrics, 'refused'>;
}

/**
 * Limits on clients that send slowly or not at all, in milliseconds and bytes. The API server closes idle connections itself
 * after 90 s (net/http, IdleConnTimeout of its transport); were the server first, a request could meet a closing connection.
 */
const LIMITS = {
  handshakeTimeout: 5000,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 120_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 8192,
};
const MOST_HEADERS = 64;
/** Milliseconds of CPU that a handshake costs once its first message is read. */
const HANDSHAKE_MS = 2;
const LONGEST_END_MS = 20_000;

/**
 * Number of sockets that listen on the port. The event loop accepts one connection per socket and round: with a single socket, a flood of
 * connections would delay all clients before any of them is identified.
 */
const LISTENERS = 32;

async function listenTogether(server: Server, host: string, port: number): Promise<TcpServer[]> {
  server.listen({ host, port, reusePort: true });
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  const others = Array.from({ length: LISTENERS - 1 }, () => createTcpServer({ pauseOnConnect: true }));
  for (const other of others) {
    other.on('connection', (raw) => server.emit('connection', raw));
    other.listen({ host, port: taken, reusePort: true });
  }
  await Promise.all(others.map((other) => once(other, 'listening')));
  return others;
}

async function close(server: Server, others: readonly TcpServer[], connections: Connections): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const other of others) other.close();
  server.closeIdleConnections();
  await Promise.race([closed, sleep(LONGEST_END_MS, undefined, { ref: false })]);
  server.closeAllConnections();
  connections.stop();
}

interface Shown {
  credentials: Credentials;
  readonly clients: ClientCheck | undefined;
}

const contextOf = ({ credentials: { certificate, key }, clients }: Shown) => ({
  cert: certificate,
  key,
  minVersion: 'TLSv1.2' as const,
  // Every context names the clients' authority; without it, the next one would trust the system's authorities.
  ...(clients && { ca: clients.authority(), requestCert: true, rejectUnauthorized: true }),
});

/** Accepts or closes a connection before TLS costs anything, starts TLS in its turn, and takes one request at a time. */
function guard(server: Server, app: Express, { connections, turns, clients, metrics }: ListenOptions): void {
  const listeners = server.listeners('connection') as ((raw: Socket) => void)[];
  const begin = (raw: Socket): void => {
    if (!raw.destroyed) for (const listener of listeners) listener.call(server, raw);
  };
  server.removeAllListeners('connection').on('connection', (raw: Socket) => {
    const address = raw.remoteAddress ?? '';
    if (connections.open(raw))
      turns.take(
        address,
        () => {
          begin(raw);
        },
        HANDSHAKE_MS,
      );
  });
  server.prependListener('secureConnection', (secure: TLSSocket) => {
    connections.secured(secure);
    if (!clients) return;
    if (clients.isKnown(secure)) {
      connections.known(secure);
      return;
    }
    metrics.refused('client-certificate');
    secure.destroy();
  });
  server.on('tlsClientError', () => {
    metrics.refused('handshake');
  });
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    if (!connections.begin(socket)) return;
    response.once('finish', () => {
      connections.taken(socket);
    });
    app(request, response);
  };
  server.on('request', onRequest).on('checkContinue', onRequest);
}

/** Listens with TLS. */
export async function listen(app: Express, options: ListenOptions): Promise<Listening> {
  const { host, port, credentials, clients, connections } = options;
  const shown: Shown = { credentials, clients };
  const server = createServer({ ...LIMITS, ...contextOf(shown), pauseOnConnect: true });
  server.maxHeadersCount = MOST_HEADERS;
  guard(server, app, options);
  clients?.onChange(() => {
    server.setSecureContext(contextOf(shown));
  });
  const others = await listenTogether(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    show: (next) => {
      shown.credentials = next;
      server.setSecureContext(contextOf(shown));
    },
    close: () => close(server, others, connections),
  };
}
