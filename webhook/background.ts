import { Worker } from 'node:worker_threads';
import type { Answer, Webhook } from './answer.ts';
import type { Task } from './worker.ts';

/** A large body to be answered. */
export interface Review {
  readonly webhook: Webhook;
  /** The thread takes them over. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly now: Date;
  /** Who asks: addresses take turns. */
  readonly address: string;
  /** Ends the wait when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** Called when the thread has taken the bytes over. */
  readonly onTaken: () => void;
}

/** Why a body was not answered. */
export type Unanswered = 'waited-too-long' | 'no-longer-wanted' | 'too-much-work';

interface Waiting {
  readonly review: Review;
  readonly since: number;
  readonly settle: (answer: Answer | Unanswered) => void;
}

/** Longer than any body takes that is let through to the rules. */
const LONGEST_MS = 3000;
/** Above this the API server has given up, which asks for 10 s at most. */
const LONGEST_WAIT_MS = 9000;
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };
// The build puts the worker beside the program, and this module into a folder below it.
const PROGRAM = new URL(import.meta.filename.endsWith('.ts') ? './worker.ts' : '../worker.mjs', import.meta.url);

/**
 * Answers large bodies one after the other in a thread of its own, so that they keep nobody waiting. A body that takes too
 * long, or too much memory, ends the thread and fails alone: the others go to a new thread.
 */
export class Background {
  #worker: Worker | undefined;
  #current: Waiting | undefined;
  readonly #queue: Waiting[] = [];
  /** Addresses in the order in which they had their last turn, the earliest first. */
  readonly #turns = new Set<string>();

  answer(review: Review): Promise<Answer | Unanswered> {
    return new Promise((settle) => {
      const waiting: Waiting = { review, since: performance.now(), settle };
      const leave = (): void => {
        const place = this.#queue.indexOf(waiting);
        if (place < 0) return;
        this.#queue.splice(place, 1);
        settle('no-longer-wanted');
      };
      if (review.signal.aborted) {
        settle('no-longer-wanted');
        return;
      }
      review.signal.addEventListener('abort', leave, { once: true });
      this.#queue.push(waiting);
      this.#next();
    });
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #next(): void {
    if (this.#current) return;
    const waiting = this.#take();
    if (!waiting) return;
    if (performance.now() - waiting.since > LONGEST_WAIT_MS) {
      waiting.settle('waited-too-long');
      this.#next();
      return;
    }
    this.#work(waiting);
  }

  /** The first review of the address whose last turn was the longest ago. */
  #take(): Waiting | undefined {
    const waits = (address: string): boolean => this.#queue.some(({ review }) => review.address === address);
    const [first] = this.#queue;
    if (!first) {
      this.#turns.clear();
      return undefined;
    }
    const fresh = this.#queue.find(({ review }) => !this.#turns.has(review.address))?.review.address;
    const address = fresh ?? [...this.#turns].find(waits) ?? first.review.address;
    this.#turns.delete(address);
    this.#turns.add(address);
    const [taken] = this.#queue.splice(
      this.#queue.findIndex(({ review }) => review.address === address),
      1,
    );
    return taken;
  }

  #work(waiting: Waiting): void {
    this.#current = waiting;
    const worker = (this.#worker ??= this.#start());
    // The time counts from here: what waited before was another body's.
    const timer = setTimeout(() => void worker.terminate(), LONGEST_MS);
    const done = (answer: Answer | Unanswered): void => {
      clearTimeout(timer);
      worker.off('message', done).off('exit', ended);
      this.#current = undefined;
      waiting.settle(answer);
      this.#next();
    };
    const ended = (): void => {
      done('too-much-work');
    };
    worker.once('message', done).once('exit', ended);
    const { webhook, bytes, now, onTaken } = waiting.review;
    worker.postMessage({ webhook, bytes, now } satisfies Task, [bytes.buffer]);
    onTaken();
  }

  #start(): Worker {
    const worker = new Worker(PROGRAM, { resourceLimits: LIMITS });
    worker.unref();
    // An error is followed by the exit.
    worker.on('error', () => undefined);
    worker.prependListener('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}
