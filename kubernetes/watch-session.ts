import type { Api, Selection, WatchEvent } from './api.ts';
import { ApiError } from './api.ts';
import type { Clock } from './clock.ts';
import type { Resource } from './objects.ts';

/**
 * How a watch ended: the API server `closed` it in order, it was `idle` for too long, it `failed` or was refused, the API server no
 * longer knows the version (`expired`), a list is due (`relist`), or this process `stopped` it.
 */
export interface WatchEndReason {
  readonly cause: 'closed' | 'idle' | 'failed' | 'expired' | 'relist' | 'stopped';
  readonly failure?: ApiError | undefined;
}

/** The result of a watch. */
export interface WatchEnd extends WatchEndReason {
  /** Number of events received. */
  readonly events: number;
}

/** One watch, from its beginning to its end. */
export interface Session extends Selection {
  readonly api: Pick<Api, 'watch'>;
  readonly clock: Clock;
  readonly resource: Resource;
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  /** The longest permitted silence. */
  readonly idleMs: number;
  /** The clock time at which a list is due. */
  readonly relistAt: number;
  readonly signal: AbortSignal;
  /** Handles an event; a returned reason ends the watch. */
  readonly onEvent: (event: WatchEvent) => WatchEndReason | undefined;
}

const GONE = 410;
const TOO_MANY_REQUESTS = 429;
/** A watch that ends sooner without an event counts as failed, even when the API server closed it in order. */
const SHORT_MS = 1000;
/** After this many consecutive refusals the requested version itself may be at fault. */
const MOST_REFUSALS = 3;

/** Classifies a failure of a watch. */
export function endingOf(failure: ApiError | undefined): WatchEndReason {
  if (failure === undefined) return { cause: 'closed' };
  return { cause: failure.code === GONE ? 'expired' : 'failed', failure };
}

/** The failure that an event of type ERROR reports. */
export function failureIn({ object }: WatchEvent, { plural }: Resource): ApiError {
  const code = typeof object['code'] === 'number' ? object['code'] : 500;
  const reason = typeof object['reason'] === 'string' ? object['reason'] : String(code);
  return new ApiError({ code, reason }, `watch of ${plural}: ${reason}`);
}

/** A running watch with the timers that may end it. */
class RunningWatch {
  readonly #session: Session;
  readonly #resolve: (ended: WatchEnd) => void;
  readonly #cleanUp: (() => void)[] = [];
  #isOver = false;
  #events = 0;
  #heardAt: number;
  #cancelIdle: () => void = () => undefined;

  constructor(session: Session, resolve: (ended: WatchEnd) => void) {
    this.#session = session;
    this.#resolve = resolve;
    this.#heardAt = session.clock.now();
  }

  start(): void {
    const { api, clock, resource, signal, relistAt } = this.#session;
    const stop = (): void => {
      this.#end({ cause: 'stopped' });
    };
    signal.addEventListener('abort', stop);
    this.#cleanUp.push(() => {
      signal.removeEventListener('abort', stop);
    });
    const relist = clock.after(Math.max(0, relistAt - clock.now()), () => {
      this.#end({ cause: 'relist' });
    });
    this.#cleanUp.push(relist);
    this.#lookAgain();
    const handle = api.watch(resource, this.#session, {
      onEvent: (event) => {
        this.#hear(event);
      },
      onEnd: (failure) => {
        this.#end(endingOf(failure));
      },
    });
    this.#cleanUp.push(() => {
      handle.stop();
    });
    if (signal.aborted) stop();
  }

  #hear(event: WatchEvent): void {
    if (this.#isOver) return;
    this.#heardAt = this.#session.clock.now();
    const ending = this.#session.onEvent(event);
    if (ending) this.#end(ending);
    else this.#events += 1;
  }

  /** One timer serves many events: when it fires, it checks the time of the last event. */
  #lookAgain(): void {
    const { clock, idleMs } = this.#session;
    const left = this.#heardAt + idleMs - clock.now();
    if (left <= 0) this.#end({ cause: 'idle' });
    else
      this.#cancelIdle = clock.after(left, () => {
        this.#lookAgain();
      });
  }

  #end(ending: WatchEndReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelIdle();
    for (const cleanUp of this.#cleanUp) cleanUp();
    this.#resolve({ ...ending, events: this.#events });
  }
}

/** Watches until something ends the watch; returns the reason. Never rejects. */
export function watchToTheEnd(session: Session): Promise<WatchEnd> {
  return new Promise((resolve) => {
    new RunningWatch(session, resolve).start();
  });
}

function needsList({ cause, failure }: WatchEnd, failures: number): boolean {
  if (cause === 'relist') return true;
  if (!failure || failure.code === 0 || failure.code === TOO_MANY_REQUESTS) return false;
  return failure.code < 500 || failures % MOST_REFUSALS === 0;
}

/** Judges a finished watch: the new failure count, and whether to relist before watching again. */
export function judge(
  ended: WatchEnd,
  failuresBefore: number,
  lastedMs: number,
): { readonly failures: number; readonly mustList: boolean } {
  const wasUseful = ended.events > 0 || lastedMs >= SHORT_MS;
  const hasFailed = ended.failure !== undefined || (ended.cause === 'closed' && !wasUseful);
  const failures = (wasUseful ? 0 : failuresBefore) + Number(hasFailed);
  return { failures, mustList: needsList(ended, failures) };
}
