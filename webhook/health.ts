import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Connections } from './connections.ts';
import type { Metrics } from './metrics.ts';

/** What probes and Prometheus ask, and where. */
export interface HealthOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly metrics: Pick<Metrics, 'text'>;
  /** Whether new requests should still come here. */
  readonly isReady: () => boolean;
}

/** A server that listens. */
export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Probes and a scraper or two need few connections, and ask for little. */
const MOST_CONNECTIONS = 32;
const TIMES = {
  headersTimeout: 2000,
  requestTimeout: 2000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 500,
  maxHeaderSize: 8192,
};
const TEXT = 'text/plain; charset=utf-8';

interface Page {
  readonly code: number;
  readonly type: string;
  readonly text: string;
}

const page = (code: number, text: string): Page => ({ code, type: TEXT, text: `${text}\n` });

async function pageOf({ method, url }: IncomingMessage, { metrics, isReady }: HealthOptions): Promise<Page> {
  if (method !== 'GET' && method !== 'HEAD') return page(405, 'must be GET');
  switch (url?.split('?')[0]) {
    case '/healthz':
      return page(200, 'ok');
    case '/readyz':
      return isReady() ? page(200, 'ok') : page(503, 'ending');
    case '/metrics':
      return { code: 200, ...(await metrics.text()) };
    default:
      return page(404, 'there is no such path');
  }
}

function send(response: ServerResponse, { code, type, text }: Page): void {
  response.writeHead(code, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
}

/**
 * Serves /healthz, /readyz and /metrics on a port of their own: what floods the other one takes no connection away from a
 * probe.
 */
export async function serveHealth(options: HealthOptions): Promise<HealthServer> {
  const connections = new Connections({ most: MOST_CONNECTIONS });
  const server = createServer(TIMES, (request, response) => {
    const { socket } = request;
    if (!connections.begin(socket)) {
      socket.destroy();
      return;
    }
    connections.whole(socket);
    response.once('finish', () => {
      connections.taken(socket);
    });
    // Nobody is asked for a body, so who sends one is told to go.
    if (!request.complete && Number(request.headers['content-length'] ?? 1) > 0 && request.method !== 'GET')
      response.shouldKeepAlive = false;
    void pageOf(request, options).then((known) => {
      connections.sending(socket);
      send(response, known);
    });
  });
  server.prependListener('connection', (socket) => {
    if (connections.open(socket)) connections.secured(socket);
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      connections.stop();
      await closed;
    },
  };
}
