import { parentPort } from 'node:worker_threads';
import type { Webhook } from './answer.ts';
import { answer } from './answer.ts';

/** A body for the worker. */
export interface Task {
  readonly webhook: Webhook;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly now: Date;
}

parentPort?.on('message', ({ webhook, bytes, now }: Task) => {
  parentPort?.postMessage(answer(webhook, bytes, now));
  // Frees the bytes without waiting for the garbage collector.
  bytes.buffer.transfer(0);
});
// Tells the webhook that the thread is ready.
parentPort?.postMessage('ready');
