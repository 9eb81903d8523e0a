import type { Api, CallOptions } from '../../kubernetes/api.ts';
import { ApiError } from '../../kubernetes/api.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { Resource } from '../../kubernetes/objects.ts';
import type { EventMishap, Mishap, RecordedRequest } from './fake-api/faults.ts';
import { kindOf } from './fake-api/kinds.ts';
import type { RecordedWrite } from './fake-api/record.ts';
import { writeOf } from './fake-api/record.ts';
import { RequestApi } from './fake-api/request-api.ts';
import type { Route } from './fake-api/route.ts';
import type { Storage } from './fake-api/storage.ts';
import { SimulatedWatch } from './simulated-watch.ts';

/** Additional failures of a call in simulated time. */
export type CallMishap =
  | Mishap
  /** The call takes effect at once, and its answer arrives just in time. */
  | 'late'
  /** The call takes effect at once, and gets no answer. */
  | 'done-never'
  /** The call takes effect after its timeout. */
  | 'done-after';

/** The behaviour of the network and the API server; asked for each call and each event. */
export interface Weather {
  readonly call: (request: RecordedRequest) => CallMishap | undefined;
  readonly event: () => EventMishap | undefined;
  /** Latency of an event; the events of one watch keep their order. */
  readonly eventMs?: () => number;
}

/** Milliseconds for each direction of a call. */
const LATENCY_MS = 1;
/** Timeout of a call without one of its own. */
const TIMEOUT_MS = 10_000;
/** When a late answer arrives, as a fraction of the timeout. */
const LATE = 0.9;
/** Milliseconds after the timeout until an abandoned call takes effect. */
const AFTER_MS = 2500;
const NO_ANSWER: ReadonlySet<CallMishap> = new Set(['never', 'done-never', 'done-after']);
/** Without failures. */
export const FAIR: Weather = { call: () => undefined, event: () => undefined };

/** The API of one process in simulated time, with a record of its calls; the process may die. */
export class WorldApi extends RequestApi {
  readonly requests: RecordedRequest[] = [];
  readonly writes: RecordedWrite[] = [];
  /** The watched resources. */
  readonly watchedResources: Resource[] = [];
  weather: Weather = FAIR;
  /** Called with each write as soon as it took effect. */
  onWrite: (write: RecordedWrite) => void = () => undefined;
  readonly #clock: Clock;
  readonly #watches = new Set<SimulatedWatch>();
  readonly #unlisten: () => void;
  #answering: RecordedRequest | undefined;
  #diesAfter = Infinity;
  #isDead = false;

  constructor(storage: Storage, clock: Clock) {
    super(storage);
    this.#clock = clock;
    this.#unlisten = storage.listen((entry) => {
      // The Lease is renewed every few seconds, whatever happens.
      if (!this.#answering || entry.kind.kind === 'Lease') return;
      const write = writeOf(this.writes.length + 1, entry, this.#answering);
      this.writes.push(write);
      this.onWrite(write);
      if (this.writes.length >= this.#diesAfter) this.die();
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Kills the process at the write of this number from now on: this write takes effect, and no later one. */
  dieAfter(write: number): void {
    this.#diesAfter = this.writes.length + write;
  }

  /** Kills the process: its calls have no effect any more, and it receives nothing. */
  die(): void {
    this.#isDead = true;
    this.#unlisten();
    for (const watch of this.#watches) watch.stop();
  }

  readonly watch: Api['watch'] = (resource, options, handlers) => {
    this.watchedResources.push(resource);
    const watch = new SimulatedWatch({
      ...{ storage: this.storage, clock: this.#clock, kind: kindOf(resource), options, handlers },
      latencyMs: () => this.weather.eventMs?.() ?? LATENCY_MS,
      mishap: () => this.weather.event(),
    });
    if (!this.#isDead) watch.start();
    this.#watches.add(watch);
    return watch;
  };

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.#clock.after(milliseconds, resolve));
  }

  protected async send(
    route: Route,
    request: RecordedRequest,
    { timeoutMs = TIMEOUT_MS }: CallOptions,
  ): Promise<unknown> {
    this.requests.push(request);
    const mishap = this.#isDead ? 'drop-before' : this.weather.call(request);
    await this.#wait(LATENCY_MS);
    const answer = this.#effect(route, request, mishap);
    const isLost = mishap !== undefined && NO_ANSWER.has(mishap);
    if (mishap === 'done-after') {
      this.#clock.after(timeoutMs + AFTER_MS, () => {
        this.#effect(route, request, undefined);
      });
    }
    await this.#wait(isLost ? timeoutMs : mishap === 'late' ? timeoutMs * LATE : LATENCY_MS);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  #effect(route: Route, request: RecordedRequest, mishap: CallMishap | undefined): object {
    const isLost = mishap !== undefined && NO_ANSWER.has(mishap);
    const broken = (): ApiError =>
      new ApiError({ code: 0, reason: isLost ? 'Timeout' : 'NoAnswer' }, isLost ? 'no answer in time' : 'broken off');
    if (this.#isDead || mishap === 'drop-before' || mishap === 'never' || mishap === 'done-after') return broken();
    if (typeof mishap === 'object') {
      const { status: code, reason = 'Fault', retryAfterSeconds } = mishap;
      return new ApiError({ code, reason, retryAfterSeconds }, 'a fault');
    }
    this.#answering = request;
    try {
      const answer = this.answerTo(route, request);
      const isDone = !(answer instanceof Error);
      return isDone && (mishap === 'drop-after' || isLost) ? broken() : answer;
    } finally {
      this.#answering = undefined;
    }
  }
}
