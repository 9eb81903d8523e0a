import type { Api, CallOptions, ListPage, Patch } from '../../controller/kubernetes/api.ts';
import { ApiError } from '../../controller/kubernetes/api.ts';
import type { Clock } from '../../controller/kubernetes/clock.ts';
import type { KubernetesObject, Resource } from '../../controller/kubernetes/objects.ts';
import { Answers } from './fake-api/answers.ts';
import type { EventMishap, RecordedRequest } from './fake-api/faults.ts';
import { kindOf } from './fake-api/kinds.ts';
import { Pages } from './fake-api/pages.ts';
import { Refused } from './fake-api/refused.ts';
import type { Storage } from './fake-api/storage.ts';
import { SimulatedWatch } from './simulated-watch.ts';

/** What goes wrong with a call in a simulation. */
export type CallMishap =
  'never' | 'drop-before' | 'drop-after' | { readonly status: number; readonly retryAfterSeconds?: number };

/** How the network and the API server behave; each is asked anew for each call or event. */
export interface Weather {
  /** Time that a request takes to the API server, and an answer or an event back. */
  latencyMs: () => number;
  call: () => CallMishap | undefined;
  event: () => EventMishap | undefined;
}

const TYPES: Readonly<Record<Patch['type'], string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};
const LIMIT_MS = 10_000;

/** The storage of the fake API server without HTTP, in simulated time: one for each process that calls. */
export class SimulatedApi {
  readonly weather: Weather = { latencyMs: () => 1, call: () => undefined, event: () => undefined };
  readonly #storage: Storage;
  /** The network's time, which goes on when the process stands still. */
  readonly #network: Clock;
  readonly #clock: Clock;
  readonly #pages: Pages;
  readonly #answers: Answers;
  readonly #watches = new Set<SimulatedWatch>();
  /** Calls that were made, as `METHOD plural`, and `WATCH plural from VERSION`. */
  readonly calls: string[] = [];

  constructor(storage: Storage, network: Clock, clock: Clock = network) {
    this.#storage = storage;
    this.#network = network;
    this.#clock = clock;
    this.#pages = new Pages(storage);
    this.#answers = new Answers(storage, this.#pages);
  }

  readonly get: Api['get'] = async (resource, name, options) => {
    try {
      return (await this.#call(resource, { method: 'GET', ...name }, options)) as KubernetesObject;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  };

  readonly list: Api['list'] = async (resource, options = {}) => {
    const { namespace, limit, continue: token, labelSelector, signal } = options;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ limit, continue: token, labelSelector })) {
      if (value !== undefined) query.set(name, String(value));
    }
    const request = { method: 'GET', query, ...(namespace !== undefined && { namespace }) };
    const { items, metadata } = (await this.#call(resource, request, signal ? { signal } : {})) as {
      items: KubernetesObject[];
      metadata: Omit<ListPage, 'items'>;
    };
    return { items, ...metadata };
  };

  readonly create: Api['create'] = async (resource, object, options) => {
    const { namespace } = object.metadata;
    const request = { method: 'POST', body: object, ...(namespace !== undefined && { namespace }) };
    return (await this.#call(resource, request, options)) as KubernetesObject;
  };

  readonly patch: Api['patch'] = async (resource, target, patch, options) => {
    const request = { method: 'PATCH', ...target, body: patch.body, contentType: TYPES[patch.type] };
    return (await this.#call(resource, request, options)) as KubernetesObject;
  };

  readonly watch: Api['watch'] = (resource, options, handlers) => {
    this.calls.push(`WATCH ${resource.plural} from ${options.resourceVersion}`);
    const watch = new SimulatedWatch({
      ...{ storage: this.#storage, clock: this.#clock, kind: kindOf(resource), options, handlers },
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

  /** Lists that were begun cannot go on. */
  expirePages(): void {
    this.#pages.expire();
  }

  #wait(clock: Clock): Promise<void> {
    return new Promise((resolve) => clock.after(this.weather.latencyMs(), resolve));
  }

  async #call(
    resource: Resource,
    given: Partial<Omit<RecordedRequest, 'namespace'>> & {
      readonly method: string;
      readonly namespace?: string | undefined;
    },
    { timeoutMs = LIMIT_MS, signal }: CallOptions = {},
  ): Promise<object> {
    this.calls.push(`${given.method} ${resource.plural}`);
    const { namespace, name, subresource } = given;
    const about = {
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
      ...(subresource !== undefined && { subresource }),
    };
    const request: RecordedRequest = {
      ...{
        number: 0,
        path: '',
        query: new URLSearchParams(),
        contentType: '',
        client: 'test',
        isWatch: false,
        code: 0,
      },
      ...{ method: given.method, ...(given.query && { query: given.query }) },
      ...{
        ...(given.contentType !== undefined && { contentType: given.contentType }),
        body: structuredClone(given.body),
      },
      ...about,
    };
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
    return Promise.race([this.#answer(resource, about, request), unanswered]);
  }

  async #answer(resource: Resource, about: object, request: RecordedRequest): Promise<object> {
    const mishap = this.weather.call();
    await this.#wait(this.#network);
    const answer = this.#effect(resource, about, request, mishap);
    await this.#wait(this.#clock);
    if (mishap === 'never') return new Promise(() => undefined);
    if (answer instanceof Error) throw answer;
    return structuredClone(answer);
  }

  #effect(resource: Resource, about: object, request: RecordedRequest, mishap: CallMishap | undefined): object {
    const broken = new ApiError({ code: 0, reason: 'NoAnswer' }, 'the connection broke');
    if (mishap === 'drop-before' || mishap === 'never') return broken;
    if (typeof mishap === 'object') {
      const { status: code, retryAfterSeconds } = mishap;
      return new ApiError({ code, reason: 'Fault', retryAfterSeconds }, 'a fault');
    }
    try {
      const { body } = this.#answers.answer({ kind: kindOf(resource), ...about }, request);
      return mishap === 'drop-after' ? broken : body;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return new ApiError({ code: error.code, reason: error.reason }, error.message);
    }
  }
}
