import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Connections } from './connections.ts';
import type { Log } from './log.ts';
import { bugOf } from './log.ts';
import { printable } from './printable.ts';

/** Where probes are served, and their answers. */
export interface HealthOptions {
  readonly host: string;
  /** Port; 0 takes a free one. */
  readonly port: number;
  readonly metrics: { readonly text: () => Promise<{ readonly type: string; readonly text: string }> };
  readonly log: Log;
  /** A fault that only a restart cures; undefined when the process is live. */
  readonly live: () => string | undefined;
  /** Why this replica is not ready; undefined when it is. */
  readonly ready: () => string | undefined;
}

/** A server that listens. */
export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const TEXT = 'text/plain; charset=utf-8';

interface Page {
  readonly code: number;
  readonly type: string;
  readonly text: string;
}

const LONGEST_PATH = 100;
/** Probes and a scraper or two need few connections, and ask for little. */
const MOST_CONNECTIONS = 32;
const LIMITS = {
  headersTimeout: 2000,
  requestTimeout: 2000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 500,
  maxHeaderSize: 8192,
};
const BROKEN: Page = { code: 500, type: TEXT, text: 'it could not be worked out; the log says why\n' };
const NOT_READ: Page = { code: 405, type: TEXT, text: 'must be GET\n' };

function verdict(problem: string | undefined): Page {
  return { code: problem === undefined ? 200 : 503, type: TEXT, text: `${problem ?? 'ok'}\n` };
}

/** Builds a page. Rejects, never throws, when a source of the page fails. */
async function pageOf(path: string, { metrics, live, ready }: HealthOptions): Promise<Page> {
  switch (path) {
    case '/healthz':
      return verdict(live());
    case '/readyz':
      return verdict(ready());
    case '/metrics':
      return { code: 200, ...(await metrics.text()) };
    default:
      return { code: 404, type: TEXT, text: 'there is no such path\n' };
  }
}

function send(response: ServerResponse, { code, type, text }: Page): void {
  response.writeHead(code, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
}

/** Answers a request with its page, or with an error when the page cannot be built. */
function answerTo({ method = '', url = '' }: IncomingMessage, options: HealthOptions): Promise<Page> {
  if (method !== 'GET' && method !== 'HEAD') return Promise.resolve(NOT_READ);
  return pageOf(url.split('?')[0] ?? '', options).catch((error: unknown) => {
    options.log.error({ path: printable(url, LONGEST_PATH), ...bugOf(error) }, 'a page could not be made');
    return BROKEN;
  });
}

/** Answers one request, within the limits of its connection. */
function serveOne(
  request: IncomingMessage,
  response: ServerResponse,
  { options, connections }: { readonly options: HealthOptions; readonly connections: Connections },
): void {
  const { socket, method } = request;
  if (!connections.begin(socket)) {
    socket.destroy();
    return;
  }
  connections.whole(socket);
  response.once('finish', () => {
    connections.taken(socket);
  });
  // No page takes a body: a client that sends one is disconnected.
  if (!request.complete && Number(request.headers['content-length'] ?? 1) > 0 && method !== 'GET')
    response.shouldKeepAlive = false;
  answerTo(request, options)
    .then((page) => {
      connections.sending(socket);
      send(response, page);
    })
    .catch((error: unknown) => {
      options.log.error(bugOf(error), 'a page could not be sent');
      response.destroy();
    });
}

/**
 * Serves /healthz, /readyz and /metrics on a port of their own. Anyone in the cluster may connect there: a flood of connections
 * takes none away from a probe.
 */
export async function serveHealth(options: HealthOptions): Promise<HealthServer> {
  const { log } = options;
  const connections = new Connections({ most: MOST_CONNECTIONS });
  const server = createServer(LIMITS, (request, response) => {
    serveOne(request, response, { options, connections });
  });
  server.prependListener('connection', (socket) => {
    if (connections.open(socket)) connections.secured(socket);
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  server.on('error', (error) => {
    log.error(bugOf(error), 'the server of metrics and probes failed');
  });
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

/** Names the watches that have been stale for longer than this many seconds; undefined when there are none. */
export function stale(
  watches: Readonly<Record<string, { readonly staleness: () => number }>>,
  limitSeconds: number,
): string | undefined {
  const late = Object.entries(watches).filter(([, watch]) => watch.staleness() > limitSeconds);
  if (late.length === 0) return undefined;
  return `nothing was heard for ${limitSeconds} s about: ${late.map(([name]) => name).join(', ')}`;
}
