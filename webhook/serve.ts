import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './app.ts';
import { createApp } from './app.ts';
import { Background } from './background.ts';
import type { CertificateSource } from './certificates/source.ts';
import { Metrics } from './metrics.ts';
import type { Listening } from './server.ts';
import { listen } from './server.ts';

/** How the webhook runs. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** How long requests are still taken after the end was asked for, so that all clients have heard of it. */
  readonly drainMs: number;
  readonly source: CertificateSource;
  readonly log: Log;
  /** Asks for the end. */
  readonly signal: AbortSignal;
  readonly clock: () => Date;
  /** Is told the port once requests are taken. */
  readonly onListening?: (port: number) => void;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

/** Serves the webhooks until the signal, then ends in order: not ready, drained, closed. */
export async function serve({
  source,
  log,
  signal,
  drainMs,
  clock,
  onListening,
  ...address
}: ServeOptions): Promise<void> {
  const metrics = new Metrics();
  const background = new Background();
  const app = createApp({ clock, metrics, background, log, isReady: () => !signal.aborted });
  const shown: { by?: Listening } = {};
  const credentials = await source.start((next) => {
    metrics.serves(next);
    shown.by?.show(next);
    log.info({ notAfter: next.notAfter.toISOString() }, 'another certificate');
  });
  metrics.serves(credentials);
  const server = await listen(app, { ...address, credentials });
  shown.by = server;
  log.info({ port: server.port, notAfter: credentials.notAfter.toISOString() }, 'listening');
  onListening?.(server.port);
  await aborted(signal);
  log.info({ drainMs }, 'ending');
  await sleep(drainMs);
  await server.close();
  await source.stop();
  await background.stop();
  log.info({}, 'ended');
}
