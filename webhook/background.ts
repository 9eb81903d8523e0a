import { Worker } from 'node:worker_threads';
import type { Answer, Webhook } from './answer.ts';
import type { Task } from './worker.ts';

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Longer than any body of the largest size takes. */
const LONGEST_MS = 3000;
const LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };
// The build puts the worker beside the program, and this module into a folder below it.
const PROGRAM = new URL(import.meta.filename.endsWith('.ts') ? './worker.ts' : '../worker.mjs', import.meta.url);

/**
 * Answers large bodies in a thread of its own, so that they keep nobody waiting. A body that takes too long, or too much
 * memory, ends the thread: it fails, the others that waited with it too, and the next one gets a new thread.
 */
export class Background {
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  answer(webhook: Webhook, body: Uint8Array, now: Date): Promise<Answer> {
    const worker = (this.#worker ??= this.#start());
    const number = (this.#count += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => void worker.terminate(), LONGEST_MS);
      this.#waiting.set(number, { resolve, reject, timer });
      worker.postMessage({ number, webhook, body, now } satisfies Task);
    });
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(PROGRAM, { resourceLimits: LIMITS });
    worker.unref();
    worker.on('message', ({ number, answer }: { number: number; answer: Answer }) => {
      const waiting = this.#waiting.get(number);
      clearTimeout(waiting?.timer);
      this.#waiting.delete(number);
      waiting?.resolve(answer);
    });
    // An error is followed by the exit, which fails all that wait.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const [number, { reject, timer }] of this.#waiting) {
        clearTimeout(timer);
        this.#waiting.delete(number);
        reject(new Error('the review took too long, or too much memory'));
      }
    });
    return worker;
  }
}
