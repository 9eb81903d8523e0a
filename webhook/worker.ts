import { parentPort } from 'node:worker_threads';
import type { Webhook } from './answer.ts';
import { answer } from './answer.ts';

/** A body for the worker, with the number that its answer carries. */
export interface Task {
  readonly number: number;
  readonly webhook: Webhook;
  readonly body: Uint8Array;
  readonly now: Date;
}

parentPort?.on('message', ({ number, webhook, body, now }: Task) => {
  parentPort?.postMessage({ number, answer: answer(webhook, body, now) });
});
