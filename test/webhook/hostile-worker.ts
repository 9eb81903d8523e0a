import { parentPort } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../webhook/worker.ts';

/** Replaces the webhook's thread: obeys the first byte of a body. */
parentPort?.on('message', ({ bytes }: Task) => {
  const text = new TextDecoder().decode(bytes);
  if (text.startsWith('for ever')) for (;;);
  if (text.startsWith('all memory')) {
    const all: unknown[] = [];
    for (;;) all.push(Array.from({ length: 1000 }, (_, index) => ({ index })));
  }
  void sleep(50).then(() =>
    parentPort?.postMessage({ code: 200, body: text, verdict: 'allowed', rules: [], about: {} }),
  );
});
parentPort?.postMessage('ready');
