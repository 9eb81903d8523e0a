import { once } from 'node:events';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Express } from 'express';
import type { Credentials } from './certificates/source.ts';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Shows another certificate from the next connection on; connections that are there stay. */
  readonly show: (credentials: Credentials) => void;
  /** Ends without dropping a request: what was asked is answered, then connections are closed. */
  readonly close: () => Promise<void>;
}

/** Where and how the server listens. */
export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly credentials: Credentials;
}

/**
 * Limits on clients that send slowly or not at all, in milliseconds. The API server closes idle connections itself after
 * 90 s (net/http, IdleConnTimeout of its transport); were the server first, a request could meet a closing connection.
 */
const TIMES = {
  handshakeTimeout: 5000,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 120_000,
  connectionsCheckingInterval: 1000,
};
const LONGEST_END_MS = 20_000;

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await Promise.race([closed, sleep(LONGEST_END_MS, undefined, { ref: false })]);
  server.closeAllConnections();
}

const keyPair = ({ certificate, key }: Credentials) => ({ cert: certificate, key, minVersion: 'TLSv1.2' as const });

/** Listens with TLS. */
export async function listen(app: Express, { host, port, credentials }: ListenOptions): Promise<Listening> {
  const server = createServer({ ...TIMES, ...keyPair(credentials), maxHeaderSize: 16_384 }, app);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    show: (next) => {
      server.setSecureContext(keyPair(next));
    },
    close: () => close(server),
  };
}
