import type { Api, CallOptions, Patch } from '../../../controller/kubernetes/api.ts';
import { ApiError } from '../../../controller/kubernetes/api.ts';
import type { Clock } from '../../../controller/kubernetes/clock.ts';
import type { KubernetesObject, ObjectName, Resource } from '../../../controller/kubernetes/objects.ts';
import { RESOURCES } from '../../../controller/kubernetes/resources.ts';
import { Answers } from '../fake-api/answers.ts';
import type { EventMishap, Mishap, RecordedRequest } from '../fake-api/faults.ts';
import { kindOf } from '../fake-api/kinds.ts';
import { Pages } from '../fake-api/pages.ts';
import type { RecordedWrite } from '../fake-api/record.ts';
import { writeOf } from '../fake-api/record.ts';
import { Refused } from '../fake-api/refused.ts';
import type { Storage } from '../fake-api/storage.ts';
import { SimulatedWatch } from '../simulated-watch.ts';

/** What else goes wrong with a call where time is simulated. */
export type CallMishap =
  | Mishap
  /** It is done at once, and answered just in time. */
  | 'late'
  /** It is done at once, and the answer never comes. */
  | 'done-never'
  /** It is done after it was given up. */
  | 'done-after';

/** How the network and the API server behave; asked for each call and each event. */
export interface Weather {
  readonly call: (request: RecordedRequest) => CallMishap | undefined;
  readonly event: () => EventMishap | undefined;
}

/** What one side of a call takes. */
const LATENCY_MS = 1;
/** The limit of a call that brings none of its own. */
const TIMEOUT_MS = 10_000;
/** When a late answer comes, as a part of the limit. */
const LATE = 0.9;
/** When a call is done that was given up, after that. */
const AFTER_MS = 2500;
const NO_ANSWER: ReadonlySet<CallMishap> = new Set(['never', 'done-never', 'done-after']);
const FAIR: Weather = { call: () => undefined, event: () => undefined };

const TYPES: Readonly<Record<Patch['type'], string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

type Asked = Pick<RecordedRequest, 'method'> &
  Partial<Pick<RecordedRequest, 'query' | 'contentType' | 'body'>> & { subresource?: string } & Partial<ObjectName>;

/** The API as one process has it, in simulated time, with a record of what it did; the process may die. */
export class WorldApi implements Api {
  readonly requests: RecordedRequest[] = [];
  readonly writes: RecordedWrite[] = [];
  weather: Weather = FAIR;
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #answers: Answers;
  readonly #watches = new Set<SimulatedWatch>();
  readonly #unlisten: () => void;
  #answering: RecordedRequest | undefined;
  #diesAfter = Infinity;
  #isDead = false;

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
    this.#answers = new Answers(storage, new Pages(storage));
    this.#unlisten = storage.listen((entry) => {
      // The lease is renewed every few seconds, whatever happens.
      if (!this.#answering || entry.kind.kind === 'Lease') return;
      this.writes.push(writeOf(this.writes.length + 1, entry, this.#answering));
      if (this.writes.length >= this.#diesAfter) this.die();
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** The process dies by the write of this number from now on: it takes effect, and nothing after it. */
  dieAfter(write: number): void {
    this.#diesAfter = this.writes.length + write;
  }

  /** Nothing of the process has an effect any more, and it hears nothing. */
  die(): void {
    this.#isDead = true;
    this.#unlisten();
    for (const watch of this.#watches) watch.stop();
  }

  readonly get: Api['get'] = async (resource, name, options = {}) => {
    try {
      return (await this.#call(resource, { method: 'GET', ...name }, options)) as KubernetesObject;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  };

  readonly list: Api['list'] = async (resource, options = {}) => {
    const { namespace, limit, continue: token, labelSelector } = options;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ limit, continue: token, labelSelector })) {
      if (value !== undefined) query.set(name, String(value));
    }
    const answer = await this.#call(resource, { method: 'GET', namespace, query }, options);
    const { items, metadata } = answer as {
      items: KubernetesObject[];
      metadata: { resourceVersion: string; continue?: string };
    };
    return { items, ...metadata };
  };

  readonly watch: Api['watch'] = (resource, options, handlers) => {
    const watch = new SimulatedWatch({
      ...{ storage: this.#storage, clock: this.#clock, kind: kindOf(resource), options, handlers },
      latencyMs: () => LATENCY_MS,
      mishap: () => this.weather.event(),
    });
    if (!this.#isDead) watch.start();
    this.#watches.add(watch);
    return watch;
  };

  readonly create: Api['create'] = async (resource, object, options) => {
    const { namespace } = object.metadata;
    return (await this.#call(resource, { method: 'POST', namespace, body: object }, options)) as KubernetesObject;
  };

  readonly patch: Api['patch'] = async (resource, target, patch, options) => {
    const query = patch.type === 'apply' ? { fieldManager: patch.fieldManager, force: String(patch.force) } : {};
    const asked = { method: 'PATCH', ...target, body: patch.body, contentType: TYPES[patch.type] };
    return (await this.#call(resource, { ...asked, query: new URLSearchParams(query) }, options)) as KubernetesObject;
  };

  readonly delete: Api['delete'] = (resource, name, { uid, resourceVersion, propagation, gracePeriodSeconds }) => {
    const body = { preconditions: { uid, resourceVersion }, propagationPolicy: propagation, gracePeriodSeconds };
    return this.#unlessAbsent(resource, { method: 'DELETE', ...name, body });
  };

  readonly evict: Api['evict'] = (pod, { uid, resourceVersion }) => {
    const body = { deleteOptions: { preconditions: { uid, resourceVersion } } };
    return this.#unlessAbsent(RESOURCES.Pod, { method: 'POST', ...pod, subresource: 'eviction', body });
  };

  async #unlessAbsent(resource: Resource, asked: Asked): Promise<boolean> {
    try {
      await this.#call(resource, asked);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return false;
      throw error;
    }
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.#clock.after(milliseconds, resolve));
  }

  async #call(resource: Resource, asked: Asked, { timeoutMs = TIMEOUT_MS }: CallOptions = {}): Promise<unknown> {
    const request = this.#record(resource, asked);
    const mishap = this.#isDead ? 'drop-before' : this.weather.call(request);
    await this.#wait(LATENCY_MS);
    const answer = this.#effect(resource, request, mishap);
    const isLost = mishap !== undefined && NO_ANSWER.has(mishap);
    if (mishap === 'done-after') {
      this.#clock.after(timeoutMs + AFTER_MS, () => {
        this.#effect(resource, request, undefined);
      });
    }
    await this.#wait(isLost ? timeoutMs : mishap === 'late' ? timeoutMs * LATE : LATENCY_MS);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  #record({ kind, plural }: Resource, asked: Asked): RecordedRequest {
    const { namespace, name, subresource, query = new URLSearchParams(), contentType = '' } = asked;
    const about = Object.entries({ namespace, name, subresource }).filter(([, value]) => value !== undefined);
    const request: RecordedRequest = {
      ...{ number: this.requests.length + 1, method: asked.method, path: plural, kind, query, contentType },
      ...Object.fromEntries(about),
      body: structuredClone(asked.body),
      ...{ client: 'controller-1', isWatch: false, code: 0 },
    };
    this.requests.push(request);
    return request;
  }

  #effect(resource: Resource, request: RecordedRequest, mishap: CallMishap | undefined): unknown {
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
      const { namespace, name, subresource } = request;
      const about = Object.entries({ namespace, name, subresource }).filter(([, value]) => value !== undefined);
      const { body } = this.#answers.answer({ kind: kindOf(resource), ...Object.fromEntries(about) }, request);
      return mishap === 'drop-after' || isLost ? broken() : body;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return new ApiError({ code: error.code, reason: error.reason }, error.message);
    } finally {
      this.#answering = undefined;
    }
  }
}
