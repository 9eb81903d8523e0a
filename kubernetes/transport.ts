import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { IncomingMessage, RequestOptions } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import { ApiError, TOO_LARGE } from './api.ts';
import { printable } from './printable.ts';

/** One HTTP call. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path with the query. */
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
  /** Accept header; JSON when absent. */
  readonly accept?: string | undefined;
  /** Maximum size of the answer, in bytes. */
  readonly mostBytes?: number | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The answer to a call. */
export interface Reply {
  readonly code: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly bytes: number;
}

/** Larger than any object: etcd stores 1.5 MiB, which JSON expands at most sixfold. */
export const MOST_BYTES = 32 * 2 ** 20;
/** Longer than a busy controller pauses, shorter than the API server keeps an idle connection (90 s). */
const IDLE_MS = 60_000;
const MOST_CONNECTIONS = 32;
const KEEP_ALIVE_MS = 30_000;
const JSON_TYPE = 'application/json';

const withoutQuery = (path: string): string => path.split('?')[0] ?? '';

/** The Retry-After of an answer, in seconds; undefined unless it is a whole number of seconds. */
export function retryAfterIn({ 'retry-after': after }: Reply['headers']): number | undefined {
  return after !== undefined && /^\d{1,6}$/.test(after) ? Number(after) : undefined;
}

/** Describes why no answer came, without any of the data that was sent. */
function unanswered({ method, path, signal }: Call, error: unknown, timedOut: boolean): ApiError {
  const what = `${method} ${withoutQuery(path)}`;
  const options = { cause: error };
  if (error instanceof TooLarge) {
    return new ApiError({ code: TOO_LARGE, reason: 'TooLarge' }, `${what}: ${error.message}`, options);
  }
  if (timedOut) return new ApiError({ code: 0, reason: 'Timeout' }, `${what}: no answer in time`, options);
  if (signal?.aborted) return new ApiError({ code: 0, reason: 'Aborted' }, `${what}: given up`, options);
  return new ApiError({ code: 0, reason: 'NoAnswer' }, `${what}: ${reasonOf(error)}`, options);
}

const LONGEST_REASON = 500;

/** A short description of an error. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? printable(error.message, LONGEST_REASON) : 'unknown failure';
}

/** The answer exceeds its maximum size. */
export class TooLarge extends Error {}

/** Reads an answer to its end, outside the JavaScript heap until complete. */
async function bodyOf(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    parts.push(part as Buffer);
    bytes += (part as Buffer).length;
    // Leaving the loop destroys the connection.
    if (bytes > mostBytes) throw new TooLarge(`the answer has more than ${mostBytes} bytes`);
  }
  return Buffer.concat(parts);
}

/** Makes calls over kept-alive connections with the credentials of a kubeconfig; rereads tokens and the CA as they change. */
export class Transport {
  readonly #config: KubeConfig;
  readonly #userAgent: string;
  readonly #server: URL;
  readonly #agent: http.Agent | undefined;
  /** Each watch occupies a connection for a long time, so watches do not share the connections of calls. */
  readonly #watchAgent: http.Agent | undefined;

  constructor(config: KubeConfig, userAgent: string) {
    const cluster = config.getCurrentCluster();
    if (!cluster) throw new Error('the kubeconfig has no current context, or its cluster is missing');
    this.#config = config;
    this.#userAgent = userAgent;
    this.#server = new URL(cluster.server);
    const options = { keepAlive: true, timeout: IDLE_MS, maxSockets: MOST_CONNECTIONS };
    // Behind a proxy the kubeconfig's own agent is needed, which keeps no connections alive.
    if (cluster.proxyUrl === undefined) {
      const { Agent } = this.#server.protocol === 'https:' ? https : http;
      this.#agent = new Agent(options);
      this.#watchAgent = new Agent();
    }
  }

  /** Sends a call. Returns every answer, whatever its status; throws an ApiError when none comes. */
  async send(call: Call): Promise<Reply> {
    const timeout = AbortSignal.timeout(call.timeoutMs);
    const signal = call.signal ? AbortSignal.any([timeout, call.signal]) : timeout;
    try {
      const response = await this.#request(call, { signal, agent: this.#agent });
      const body = await bodyOf(response, call.mostBytes ?? MOST_BYTES);
      const { statusCode: code = 0, headers } = response;
      return { code, headers, text: body.toString('utf8'), bytes: body.length };
    } catch (error) {
      throw unanswered(call, error, timeout.aborted);
    }
  }

  /** Opens an endless answer over a connection of its own, until the signal aborts; returns as soon as the answer begins. */
  async open(path: string, signal: AbortSignal, accept?: string): Promise<IncomingMessage> {
    return this.#request({ method: 'GET', path, accept }, { signal, agent: this.#watchAgent });
  }

  close(): void {
    this.#agent?.destroy();
  }

  async #request(
    { method, path, body, contentType = JSON_TYPE, accept = JSON_TYPE }: Omit<Call, 'timeoutMs' | 'signal'>,
    { signal, agent }: { readonly signal: AbortSignal; readonly agent: http.Agent | undefined },
  ): Promise<IncomingMessage> {
    const options: https.RequestOptions = { headers: {} };
    await this.#config.applyToHTTPSOptions(options);
    const payload = body && Buffer.from(JSON.stringify(body));
    const headers = {
      ...(options.headers as Record<string, string>),
      accept,
      'user-agent': this.#userAgent,
      ...(payload && { 'content-type': contentType, 'content-length': payload.length }),
    };
    const { protocol, hostname, port, pathname } = this.#server;
    const target: RequestOptions = {
      ...options,
      method,
      headers,
      signal,
      protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: `${pathname.replace(/\/$/, '')}${path}`,
      agent: agent ?? options.agent,
    };
    return new Promise((resolve, reject) => {
      const request = (protocol === 'https:' ? https : http).request(target, resolve);
      request.on('error', reject);
      // A load balancer in between forgets a silent connection.
      request.setSocketKeepAlive(true, KEEP_ALIVE_MS);
      request.end(payload);
    });
  }
}
