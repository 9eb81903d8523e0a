import type { Api, Selection, WatchEvent } from './api.ts';
import { ApiError } from './api.ts';
import type { Clock } from './clock.ts';
import type { Resource } from './objects.ts';

/**
 * How a watch ended: `closed` by the API server in order, `idle` after a silence, `failed` or refused, `expired` because
 * the API server no longer knows the version, `relist` because it is time, `stopped` by us.
 */
export interface WatchEndReason {
  readonly cause: 'closed' | 'idle' | 'failed' | 'expired' | 'relist' | 'stopped';
  readonly failure?: ApiError | undefined;
}

/** What came of a watch. */
export interface WatchEnd extends WatchEndReason {
  /** Events that were taken. */
  readonly events: number;
}

/** One watch, from its beginning to its end. */
export interface Session extends Selection {
  readonly api: Pick<Api, 'watch'>;
  readonly clock: Clock;
  readonly resource: Resource;
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  /** The longest silence. */
  readonly idleMs: number;
  /** When a list is due, by the clock. */
  readonly relistAt: number;
  readonly signal: AbortSignal;
  /** Takes an event; ends the watch by giving how. */
  readonly onEvent: (event: WatchEvent) => WatchEndReason | undefined;
}

const GONE = 410;
const TOO_MANY_REQUESTS = 429;
/** A watch that ends sooner and told nothing has failed, however politely. */
const SHORT_MS = 1000;
/** After so many refusals in a row the version that is asked for may be what is wrong. */
const MOST_REFUSALS = 3;

/** How a watch ends that failed so. */
export function endingOf(failure: ApiError | undefined): WatchEndReason {
  if (failure === undefined) return { cause: 'closed' };
  return { cause: failure.code === GONE ? 'expired' : 'failed', failure };
}

/** The failure that an event of type ERROR tells of. */
export function failureIn({ object }: WatchEvent, { plural }: Resource): ApiError {
  const code = typeof object['code'] === 'number' ? object['code'] : 500;
  const reason = typeof object['reason'] === 'string' ? object['reason'] : String(code);
  return new ApiError({ code, reason }, `watch of ${plural}: ${reason}`);
}

/** A watch that runs, and the timers that may end it. */
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

  /** One timer for many events: when it goes off, it looks how long ago the last one was. */
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

/** Watches until something ends it, and gives what that was. Never rejected. */
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

/** What a watch was worth that lasted so long: how many have failed in a row now, and whether the next thing is a list. */
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
