import type { Response } from 'express';
import { MAX_BODY_BYTES } from './body.ts';
import type { Connections } from '../kubernetes/connections.ts';
import type { Metrics } from './metrics.ts';

/** The answer to a request that gets no review. */
interface Refusal {
  readonly code: number;
  readonly error: string;
  readonly headers?: Readonly<Record<string, string>>;
}

// The API server's client retries after this time, within its own timeout.
const BUSY: Refusal = { code: 503, error: 'too much is being asked at once', headers: { 'retry-after': '1' } };
const FAILED: Refusal = { code: 500, error: 'the review failed' };
const REFUSALS = {
  'content-type': { code: 415, error: 'content-type must be application/json' },
  'content-encoding': { code: 415, error: 'content-encoding must be identity' },
  'too-large': { code: 413, error: `must be at most ${MAX_BODY_BYTES} bytes` },
  'no-room': BUSY,
  'waited-too-long': BUSY,
  'too-much-work': FAILED,
  failed: FAILED,
  method: { code: 405, error: 'must be POST', headers: { allow: 'POST' } },
  path: { code: 404, error: 'there is no such path' },
} satisfies Record<string, Refusal>;

/** Why a request gets no review. */
export type Reason = keyof typeof REFUSALS;

/** Dependencies of a refusal. */
export interface RefuseOptions {
  readonly connections: Connections;
  readonly metrics: Pick<Metrics, 'refused'>;
}

/** An HTTP answer. */
interface Reply {
  readonly code: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Answers a request. The server reads no more of a body that is still arriving, and closes the connection a moment later, once the client
 * had time to read the answer.
 */
export function reply(response: Response, { code, body, headers }: Reply, connections: Connections): void {
  const request = response.req;
  const isWhole = request.complete;
  response.writeHead(code, {
    ...headers,
    'content-type': 'application/json',
    // With a length, the answer goes out in one piece.
    'content-length': Buffer.byteLength(body),
    ...(!isWhole && { connection: 'close' }),
  });
  if (isWhole) {
    connections.sending(request.socket);
    response.end(body);
    return;
  }
  connections.leaving(request.socket);
  request.pause();
  // `end` would make HTTP read the rest of the body.
  response.write(body);
}

/** Refuses a request, and counts why. */
export function refuse(response: Response, why: Reason, { connections, metrics }: RefuseOptions): void {
  metrics.refused(why);
  const { code, error, headers = {} }: Refusal = REFUSALS[why];
  reply(response, { code, headers, body: `${JSON.stringify({ error })}\n` }, connections);
}
