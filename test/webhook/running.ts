import { Agent, request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { CertificateSource, Credentials } from '../../webhook/certificates/source.ts';
import type { ClientCheck } from '../../webhook/client-check.ts';
import type { Log } from '../../kubernetes/log.ts';
import { serve } from '../../webhook/serve.ts';
import { credentialsFor } from './credentials.ts';

/** A webhook that runs in the test's own process. */
export interface Running {
  readonly port: number;
  /** Where probes ask. */
  readonly healthPort: number;
  readonly credentials: Credentials;
  /** Lines of its log. */
  readonly logged: readonly { readonly fields: object; readonly message: string }[];
  /** Gives it other credentials. */
  readonly renew: (next: Credentials) => void;
  /** Asks for the end, as SIGTERM does; resolves when it has ended. */
  readonly end: () => Promise<void>;
}

interface Starting {
  readonly drainMs?: number;
  readonly clients?: ClientCheck;
}

/** Starts a webhook on a free port of the loopback. */
export async function startWebhook({ drainMs = 0, clients }: Starting = {}): Promise<Running> {
  const credentials = credentialsFor('first');
  const logged: { fields: object; message: string }[] = [];
  const write = (fields: object, message: string): void => void logged.push({ fields, message });
  const log: Log = { info: write, warn: write, error: write };
  let renew: Running['renew'] = () => undefined;
  const source: CertificateSource = {
    start: (onChange) => {
      renew = onChange;
      return Promise.resolve(credentials);
    },
    stop: () => Promise.resolve(),
  };
  const end = new AbortController();
  const clock = (): Date => new Date();
  const { promise: listening, resolve, reject } = Promise.withResolvers<readonly [number, number]>();
  const onListening = (...ports: readonly [number, number]): void => {
    resolve(ports);
  };
  const where = { host: '127.0.0.1', port: 0 };
  const options = { ...where, health: where, drainMs, source, log, clock, onListening, ...(clients && { clients }) };
  const ended = serve({ ...options, signal: end.signal });
  ended.catch(reject);
  const [port, healthPort] = await listening;
  return {
    port,
    healthPort,
    credentials,
    logged,
    renew: (next) => {
      renew(next);
    },
    end: () => {
      end.abort();
      return ended;
    },
  };
}

/** An answer of the webhook. */
export interface Answered {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly agent?: Agent;
}

/** Asks the webhook, trusting no other certificate than the one it began with. */
export function ask({ port, credentials }: Running, asked: Asked): Promise<Answered> {
  const { method = 'POST', path = '/validate', body = '', agent = new Agent() } = asked;
  const headers = { 'content-type': 'application/json', ...asked.headers };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, headers, agent, ca: credentials.certificate };
    const sent = request(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        resolve({ code: response.statusCode ?? 0, headers: response.headers, body: text });
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Asks for a page as probes and Prometheus do. */
export async function page(
  { healthPort }: Running,
  path: string,
  method = 'GET',
): Promise<{ code: number; body: string }> {
  const response = await fetch(`http://127.0.0.1:${healthPort}${path}`, { method });
  return { code: response.status, body: await response.text() };
}
