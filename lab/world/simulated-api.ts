import type { Api, CallOptions } from '../../kubernetes/api.ts';
import { ApiError } from '../../kubernetes/api.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { EventMishap, RecordedRequest } from './fake-api/faults.ts';
import { kindOf } from './fake-api/kinds.ts';
import { RequestApi } from './fake-api/request-api.ts';
import type { Route } from './fake-api/route.ts';
import type { Storage } from './fake-api/storage.ts';
import { SimulatedWatch } from './simulated-watch.ts';

/** The failure of a call in a simulation. */
export type CallMishap =
  'never' | 'drop-before' | 'drop-after' | { readonly status: number; readonly retryAfterSeconds?: number };

/** The behaviour of the network and the API server; asked for each call or event. */
export interface Weather {
  /** Latency of a request, and of an answer or an event. */
  latencyMs: () => number;
  call: () => CallMishap | undefined;
  event: () => EventMishap | undefined;
}

const LIMIT_MS = 10_000;

/** The storage of the fake API server without HTTP, in simulated time: one for each process that calls. */
export class SimulatedApi extends RequestApi {
  readonly weather: Weather = { latencyMs: () => 1, call: () => undefined, event: () => undefined };
  /** The network's time, which continues while the process is suspended. */
  readonly #network: Clock;
  readonly #clock: Clock;
  readonly #watches = new Set<SimulatedWatch>();
  /** The calls, as `METHOD plural`, and `WATCH plural from VERSION`. */
  readonly calls: string[] = [];

  constructor(storage: Storage, network: Clock, clock: Clock = network) {
    super(storage);
    this.#network = network;
    this.#clock = clock;
  }

  readonly watch: Api['watch'] = (resource, options, handlers) => {
    this.calls.push(`WATCH ${resource.plural} from ${options.resourceVersion}`);
    const watch = new SimulatedWatch({
      ...{ storage: this.storage, clock: this.#clock, kind: kindOf(resource), options, handlers },
      latencyMs: () => this.weather.latencyMs(),
      mishap: () => this.weather.event(),
    });
    watch.start();
    this.#watches.add(watch);
    return watch;
  };

  /** Ends all watches; in order without a failure. */
  endWatches(failure?: ApiError): void {
    for (const watch of this.#watches) watch.end(failure);
    this.#watches.clear();
  }

  /** Makes unfinished lists fail. */
  expirePages(): void {
    this.pages.expire();
  }

  #wait(clock: Clock): Promise<void> {
    return new Promise((resolve) => clock.after(this.weather.latencyMs(), resolve));
  }

  protected send(
    route: Route,
    request: RecordedRequest,
    { timeoutMs = LIMIT_MS, signal }: CallOptions,
  ): Promise<unknown> {
    this.calls.push(`${request.method} ${request.path}`);
    const unanswered = new Promise<never>((_, reject) => {
      const give = (reason: string): void => {
        reject(new ApiError({ code: 0, reason }, reason));
      };
      this.#clock.after(timeoutMs, () => {
        give('Timeout');
      });
      signal?.addEventListener('abort', () => {
        give('Aborted');
      });
      if (signal?.aborted) give('Aborted');
    });
    return Promise.race([this.#answer(route, request), unanswered]);
  }

  async #answer(route: Route, request: RecordedRequest): Promise<object> {
    const mishap = this.weather.call();
    await this.#wait(this.#network);
    const answer = this.#effect(route, request, mishap);
    await this.#wait(this.#clock);
    if (mishap === 'never') return new Promise(() => undefined);
    if (answer instanceof Error) throw answer;
    return structuredClone(answer);
  }

  #effect(route: Route, request: RecordedRequest, mishap: CallMishap | undefined): object {
    const broken = new ApiError({ code: 0, reason: 'NoAnswer' }, 'the connection broke');
    if (mishap === 'drop-before' || mishap === 'never') return broken;
    if (typeof mishap === 'object') {
      const { status: code, retryAfterSeconds } = mishap;
      return new ApiError({ code, reason: 'Fault', retryAfterSeconds }, 'a fault');
    }
    const answer = this.answerTo(route, request);
    return mishap === 'drop-after' && !(answer instanceof Error) ? broken : answer;
  }
}
