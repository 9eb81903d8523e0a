import { Worker } from 'node:worker_threads';
import type { Answer, Webhook } from './answer.ts';
import type { Task } from './worker.ts';

/** A large body for the background thread. */
export interface Review {
  readonly webhook: Webhook;
  /** The thread takes the bytes over. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly now: Date;
  /** The client's address: all addresses get the same share of the thread. */
  readonly address: string;
  /** Aborts the wait when the client no longer wants the answer. */
  readonly signal: AbortSignal;
  /** Called when the thread has taken the bytes over. */
  readonly onTaken: () => void;
}

/** Why a body got no answer. */
export type Unanswered = 'waited-too-long' | 'no-longer-wanted' | 'too-much-work';

interface Thread {
  readonly worker: Worker;
  readonly ready: Promise<void>;
}

interface Waiting {
  readonly review: Review;
  readonly since: number;
  /** The end of its work in a fair queue of all addresses, in bytes. */
  readonly place: number;
  readonly settle: (answer: Answer | Unanswered) => void;
}

/** Options of the background thread. */
interface ThreadOptions {
  /** The program that the thread runs. */
  readonly program: URL;
  /** Maximum milliseconds for one body; longer than any body that passes the limits on size and shape takes. */
  readonly longestMs: number;
}

/** The API server waits at most 10 s for a webhook. */
const LONGEST_WAIT_MS = 9000;
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };
// The build puts the worker beside the program, and this module into a folder below it.
const PROGRAM = new URL(import.meta.filename.endsWith('.ts') ? './worker.ts' : '../worker.mjs', import.meta.url);

/**
 * Answers large bodies one after the other in a thread of its own, so that they do not block small ones. A body that takes too long or
 * too much memory ends the thread and fails alone; the others go to a new thread.
 */
export class Background {
  readonly #options: ThreadOptions;
  #thread: Thread | undefined;
  #current: Waiting | undefined;
  readonly #queue: Waiting[] = [];
  /** The place in the queue up to which each address has asked for work. */
  readonly #asked = new Map<string, number>();
  /** The place up to which work is done: a new address starts here. */
  #done = 0;

  constructor(options: Partial<ThreadOptions> = {}) {
    this.#options = { program: PROGRAM, longestMs: 5000, ...options };
  }

  answer(review: Review): Promise<Answer | Unanswered> {
    return new Promise((settle) => {
      const waiting: Waiting = { review, since: performance.now(), place: this.#place(review), settle };
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
    await this.#thread?.worker.terminate();
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

  #place({ address, bytes }: Review): number {
    const place = Math.max(this.#done, this.#asked.get(address) ?? 0) + bytes.length;
    this.#asked.set(address, place);
    return place;
  }

  /** Takes the review whose work ends first: an address that asks for little goes before one that asks for much. */
  #take(): Waiting | undefined {
    const [first] = this.#queue.toSorted((a, b) => a.place - b.place);
    if (!first) {
      this.#asked.clear();
      return undefined;
    }
    this.#queue.splice(this.#queue.indexOf(first), 1);
    this.#done = Math.max(this.#done, first.place - first.review.bytes.length);
    return first;
  }

  #work(waiting: Waiting): void {
    this.#current = waiting;
    const { worker, ready } = (this.#thread ??= this.#start());
    // The time starts when the thread is ready, because the wait before it is the fault of another body.
    let timer: NodeJS.Timeout | undefined;
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
    worker.once('exit', ended);
    void ready.then(() => {
      timer = setTimeout(() => void worker.terminate(), this.#options.longestMs);
      worker.once('message', done);
      const { webhook, bytes, now, onTaken } = waiting.review;
      worker.postMessage({ webhook, bytes, now } satisfies Task, [bytes.buffer]);
      onTaken();
    });
  }

  #start(): Thread {
    const worker = new Worker(this.#options.program, { resourceLimits: LIMITS });
    worker.unref();
    // The event `exit` follows every error.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#thread?.worker === worker) this.#thread = undefined;
    });
    // The thread's first message means that it is ready.
    const ready = new Promise<void>((resolve) => {
      worker.once('message', () => {
        resolve();
      });
    });
    return { worker, ready };
  }
}
