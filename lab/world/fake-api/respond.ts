import type { ServerResponse } from 'node:http';
import type { Mishap } from './faults.ts';
import { REFUSALS, Refused } from './refused.ts';

/** A refusal that a test requested, in the API server's words. */
export function refusal({ status, reason, retryAfterSeconds }: Exclude<Mishap, string>): Refused {
  const words = { 409: REFUSALS.conflict('by somebody').reason, 429: 'TooManyRequests', 500: 'InternalError' };
  const known = (words as Record<number, string>)[status] ?? String(status);
  return new Refused(status, reason ?? known, 'a fault that the test asked for', retryAfterSeconds);
}

/** Answers a request with JSON. */
export function send(response: ServerResponse, code: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}
