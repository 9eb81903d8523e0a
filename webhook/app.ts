import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import type { AdmitOptions } from './admit.ts';
import { admit } from './admit.ts';
import type { Webhook } from './answer.ts';
import { refuse } from './refusal.ts';

/** The routes of the two webhooks. */
export function createApp(options: AdmitOptions): Express {
  const { metrics, log } = options;
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false).set('env', 'production');
  app.post('/validate', admit('validate', options));
  app.post('/mutate', admit('mutate', options));
  app.all(['/validate', '/mutate'], (_, response) => {
    refuse(response, 'method', options);
  });
  app.use((_, response) => {
    refuse(response, 'path', options);
  });
  // Express recognises an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    // The client has left, or already has half an answer.
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    if (request.path === '/validate' || request.path === '/mutate') metrics.failed(request.path.slice(1) as Webhook);
    log.error({ path: request.path, reason: error instanceof Error ? error.message : 'unknown' }, 'a request failed');
    refuse(response, 'failed', options);
  });
  return app;
}
