import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from './log.ts';
import { bugOf } from './log.ts';
import type { Metrics } from './metrics.ts';
import { printable } from './printable.ts';

/** What probes ask, and where. */
export interface HealthOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly metrics: Pick<Metrics, 'text'>;
  readonly log: Log;
  /** What is so wrong that only another start helps; undefined when all is well. */
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
const LIMITS = { maxConnections: 256, headersTimeout: 5000, requestTimeout: 5000, keepAliveTimeout: 5000 };
const BROKEN: Page = { code: 500, type: TEXT, text: 'it could not be worked out; the log says why\n' };
const NOT_READ: Page = { code: 405, type: TEXT, text: 'must be GET\n' };

function verdict(problem: string | undefined): Page {
  return { code: problem === undefined ? 200 : 503, type: TEXT, text: `${problem ?? 'ok'}\n` };
}

/** A page; rejected, never thrown, when what it asks for fails. */
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

/** Serves /healthz, /readyz and /metrics. */
export async function serveHealth(options: HealthOptions): Promise<HealthServer> {
  const { log } = options;
  const server = createServer(({ method = '', url = '' }, response) => {
    const isRead = method === 'GET' || method === 'HEAD';
    const page = isRead ? pageOf(url.split('?')[0] ?? '', options) : Promise.resolve(NOT_READ);
    page
      .catch((error: unknown) => {
        log.error({ path: printable(url, LONGEST_PATH), ...bugOf(error) }, 'a page could not be made');
        return BROKEN;
      })
      .then((known) => {
        send(response, known);
      })
      .catch((error: unknown) => {
        log.error(bugOf(error), 'a page could not be sent');
        response.destroy();
      });
  });

  // Anybody in the cluster may connect, who says nothing as well.
  Object.assign(server, LIMITS);
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
      await closed;
    },
  };
}

/** Which of the watches have been stale for longer than so many seconds, in words; undefined when none. */
export function stale(
  watches: Readonly<Record<string, { readonly staleness: () => number }>>,
  limitSeconds: number,
): string | undefined {
  const late = Object.entries(watches).filter(([, watch]) => watch.staleness() > limitSeconds);
  if (late.length === 0) return undefined;
  return `nothing was heard for ${limitSeconds} s about: ${late.map(([name]) => name).join(', ')}`;
}
