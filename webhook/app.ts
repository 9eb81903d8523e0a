import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import type { Answer, Webhook } from './answer.ts';
import { answer } from './answer.ts';
import type { Background } from './background.ts';
import { MAX_BODY_BYTES, readBody } from './body.ts';
import type { Metrics } from './metrics.ts';

/** Writes one line of structured log. */
export interface Log {
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

/** What the webhook's routes need from around them. */
export interface AppOptions {
  readonly clock: () => Date;
  readonly metrics: Metrics;
  readonly background: Pick<Background, 'answer'>;
  readonly log: Log;
  /** Whether new requests should still come here. */
  readonly isReady: () => boolean;
}

/** Bodies above this size are answered in a thread of their own. A Database with all that kubectl adds has 10 KiB. */
const LARGE_BYTES = 64 * 1024;

function isJson({ headers }: Request): boolean {
  return /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
}

function fail(response: Response, code: number, error: string): void {
  response.status(code).json({ error });
}

function tell(log: Log, webhook: Webhook, { verdict, about, rules }: Answer): void {
  if (verdict === 'denied') log.info({ webhook, ...about, rules }, 'denied');
  else if (verdict === 'unreadable') log.warn({ webhook }, 'a body that is no AdmissionReview');
}

function admit(webhook: Webhook, { clock, metrics, background, log, isReady }: AppOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    // Clients go elsewhere while this replica ends.
    if (!isReady()) response.set('connection', 'close');
    if (!isJson(request)) {
      fail(response, 415, 'content-type must be application/json');
      return;
    }
    const body = await readBody(request);
    if (body === undefined) {
      response.set('connection', 'close');
      fail(response, 413, `must be at most ${MAX_BODY_BYTES} bytes`);
      return;
    }
    const start = performance.now();
    const now = clock();
    const result = body.length > LARGE_BYTES ? await background.answer(webhook, body, now) : answer(webhook, body, now);
    metrics.answered(webhook, result, (performance.now() - start) / 1000);
    tell(log, webhook, result);
    // With its length the answer goes out in one piece.
    const length = Buffer.byteLength(result.body);
    response.writeHead(result.code, { 'content-type': 'application/json', 'content-length': length }).end(result.body);
  };
}

/** The routes: the two webhooks, and what probes and Prometheus ask for. */
export function createApp(options: AppOptions): Express {
  const { metrics, log, isReady } = options;
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false).set('env', 'production');
  app.post('/validate', admit('validate', options));
  app.post('/mutate', admit('mutate', options));
  app.get('/healthz', (_, response) => void response.type('text').send('ok\n'));
  app.get('/readyz', (_, response) => {
    response
      .status(isReady() ? 200 : 503)
      .type('text')
      .send(isReady() ? 'ok\n' : 'ending\n');
  });
  app.get('/metrics', async (_, response) => {
    const { type, text } = await metrics.text();
    response.set('content-type', type).send(text);
  });
  app.all(['/validate', '/mutate'], (_, response) => {
    response.set('allow', 'POST');
    fail(response, 405, 'must be POST');
  });
  app.use((_, response) => {
    fail(response, 404, 'there is no such path');
  });
  // Express knows a handler of errors by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    // The client has gone, or has half an answer: there is nobody to tell.
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    if (request.path === '/validate' || request.path === '/mutate') metrics.failed(request.path.slice(1) as Webhook);
    log.error({ path: request.path, reason: error instanceof Error ? error.message : 'unknown' }, 'a request failed');
    fail(response, 500, 'the review failed');
  });
  return app;
}
