import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from './app.ts';
import { Background } from './background.ts';
import { Budget } from './budget.ts';
import type { CertificateSource, Credentials } from './certificates/source.ts';
import type { ClientCheck } from './client-check.ts';
import { Connections } from '../kubernetes/connections.ts';
import { serveHealth } from '../kubernetes/health.ts';
import type { Log } from '../kubernetes/log.ts';
import { Metrics } from './metrics.ts';
import type { Listening } from './server.ts';
import { listen } from './server.ts';
import { Turns } from './turns.ts';

/** Options of the webhook. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds during which the ending webhook still accepts requests, until all clients use another replica. */
  readonly drainMs: number;
  readonly source: CertificateSource;
  /** The clients that may ask for reviews; all when absent. */
  readonly clients?: ClientCheck;
  /** Where /metrics, /healthz and /readyz are served. */
  readonly health: { readonly host: string; readonly port: number };
  readonly log: Log;
  /** Aborts to end the webhook. */
  readonly signal: AbortSignal;
  readonly clock: () => Date;
  /** Called with the ports once the webhook accepts requests. */
  readonly onListening?: (port: number, healthPort: number) => void;
}

/** The webhook has no certificate to show; the message says why. */
export class NoCertificate extends Error {}

type OnChange = Parameters<CertificateSource['start']>[0];

/** The first credentials; undefined when the signal aborts first. */
async function firstCredentials(
  { source, signal }: Pick<ServeOptions, 'source' | 'signal'>,
  onChange: OnChange,
): Promise<Credentials | undefined> {
  const stop = (): void => void source.stop();
  signal.addEventListener('abort', stop);
  try {
    return await source.start(onChange);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw new NoCertificate(error instanceof Error ? error.message : 'no certificate', { cause: error });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

/** Connections, bytes of large bodies and the thread's own limits fit into the memory of its Deployment together: docs/decisions/0020-webhook-limits.md. */
const MOST_CONNECTIONS = 256;
const MOST_BODY_BYTES = 24 * 2 ** 20;
const MOST_LARGE_AT_ONCE = 32;

/** Serves the webhooks until the signal, then ends in order: not ready, drained, closed. */
export async function serve(options: ServeOptions): Promise<void> {
  const { source, log, signal, drainMs, clock, onListening, host, port, clients } = options;
  const metrics = new Metrics();
  const background = new Background();
  const budget = new Budget(MOST_BODY_BYTES);
  const places = new Budget(MOST_LARGE_AT_ONCE);
  const connections = new Connections({ most: MOST_CONNECTIONS, ended: metrics.ended.bind(metrics) });
  metrics.watch(
    () => connections.count,
    () => budget.used,
  );
  const isReady = (): boolean => !signal.aborted;
  const ready = (): string | undefined => (isReady() ? undefined : 'it is ending');
  const turns = new Turns();
  const app = createApp({ clock, metrics, background, budget, places, connections, turns, log, isReady });
  const shown: { by?: Listening } = {};
  const credentials = await firstCredentials(options, (next) => {
    metrics.serves(next);
    shown.by?.show(next);
    log.info({ notAfter: next.notAfter.toISOString() }, 'another certificate');
  });
  if (!credentials) return;
  metrics.serves(credentials);
  const server = await listen(app, { host, port, credentials, clients, connections, turns, metrics });
  shown.by = server;
  const health = await serveHealth({ ...options.health, metrics, log, live: () => undefined, ready });
  log.info({ port: server.port, notAfter: credentials.notAfter.toISOString() }, 'listening');
  onListening?.(server.port, health.port);
  await aborted(signal);
  log.info({ drainMs }, 'ending');
  await sleep(drainMs);
  await server.close();
  await source.stop();
  await background.stop();
  await health.close();
  log.info({}, 'ended');
}
