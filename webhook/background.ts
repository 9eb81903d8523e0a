import { Worker } from 'node:worker_threads';
import type { Answer, Webhook } from './answer.ts';
import type { Task } from './worker.ts';

/** A large body to be answered. */
export interface Review {
  readonly webhook: Webhook;
  /** The thread takes them over. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly now: Date;
  /** Who asks: all addresses get the same share of the thread. */
  readonly address: string;
  /** Ends the wait when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** Called when the thread has taken the bytes over. */
  readonly onTaken: () => void;
}

/** Why a body was not answered. */
export type Unanswered = 'waited-too-long' | 'no-longer-wanted' | 'too-much-work';

interface Thread {
  readonly worker: Worker;
  readonly ready: Promise<void>;
}

interface Waiting {
  readonly review: Review;
  readonly since: number;
  /** Where its work ends in a queue in which all addresses get the same share, in bytes. */
  readonly place: number;
  readonly settle: (answer: Answer | Unanswered) => void;
}

/** How the thread works. */
interface ThreadOptions {
  /** What runs in it. */
  readonly program: URL;
  /** Longer than any body takes that is let through to the rules. */
  readonly longestMs: number;
}

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
  readonly #options: ThreadOptions;
  #thread: Thread | undefined;
  #current: Waiting | undefined;
  readonly #queue: Waiting[] = [];
  /** Up to which place each address has asked for work. */
  readonly #asked = new Map<string, number>();
  /** Up to which place work is done: who comes new begins here. */
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

  /** The review whose work ends first: who asks for little goes before who asks for much. */
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
    // The time counts from when the thread begins: what waited before was another body's.
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
    // An error is followed by the exit.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#thread?.worker === worker) this.#thread = undefined;
    });
    // Its first message says that it can begin.
    const ready = new Promise<void>((resolve) => {
      worker.once('message', () => {
        resolve();
      });
    });
    return { worker, ready };
  }
}
