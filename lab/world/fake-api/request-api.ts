import type { Api, CallOptions, ListPage, Patch } from '../../../kubernetes/api.ts';
import { ApiError } from '../../../kubernetes/api.ts';
import type { KubernetesObject, Resource } from '../../../kubernetes/objects.ts';
import { RESOURCES } from '../../../controller/resources.ts';
import { Answers } from './answers.ts';
import type { RecordedRequest } from './faults.ts';
import { kindOf } from './kinds.ts';
import { withMetadataOnly } from './metadata-only.ts';
import { Pages } from './pages.ts';
import { Refused } from './refused.ts';
import type { Route } from './route.ts';
import type { Storage } from './storage.ts';

const TYPES: Readonly<Record<Patch['type'], string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** A request without the parts that all requests share. */
interface Asked {
  readonly method: string;
  readonly namespace?: string | undefined;
  readonly name?: string;
  readonly subresource?: string;
  readonly query?: URLSearchParams;
  readonly contentType?: string;
  readonly body?: object;
}

async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}

/** Turns calls of a controller into requests; subclasses deliver them. */
export abstract class RequestApi implements Api {
  protected readonly storage: Storage;
  protected readonly pages: Pages;
  readonly #answers: Answers;
  #count = 0;

  constructor(storage: Storage) {
    this.storage = storage;
    this.pages = new Pages(storage);
    this.#answers = new Answers(storage, this.pages);
  }

  abstract readonly watch: Api['watch'];

  /** Sends a request, and waits for its answer. */
  protected abstract send(route: Route, request: RecordedRequest, options: CallOptions): Promise<unknown>;

  readonly get: Api['get'] = async (resource, name, options) =>
    (await unlessAbsent(this.#ask(resource, { method: 'GET', ...name }, options))) as KubernetesObject | undefined;

  readonly list: Api['list'] = async (resource, options = {}) => {
    const { namespace, limit, continue: token, labelSelector, fieldSelector, metadataOnly } = options;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ limit, continue: token, labelSelector, fieldSelector })) {
      if (value !== undefined) query.set(name, String(value));
    }
    const answer = (await this.#ask(resource, { method: 'GET', namespace, query }, options)) as object;
    const { items, metadata } = (metadataOnly ? withMetadataOnly(answer) : answer) as {
      items: KubernetesObject[];
      metadata: Omit<ListPage, 'items'>;
    };
    return { items, ...metadata };
  };

  readonly create: Api['create'] = async (resource, object, options) => {
    const { namespace } = object.metadata;
    return (await this.#ask(resource, { method: 'POST', namespace, body: object }, options)) as KubernetesObject;
  };

  readonly patch: Api['patch'] = async (resource, target, patch, options) => {
    const query = patch.type === 'apply' ? { fieldManager: patch.fieldManager, force: String(patch.force) } : {};
    const asked = { method: 'PATCH', ...target, body: patch.body, contentType: TYPES[patch.type] };
    return (await this.#ask(resource, { ...asked, query: new URLSearchParams(query) }, options)) as KubernetesObject;
  };

  readonly delete: Api['delete'] = async (resource, name, options) => {
    const { uid, resourceVersion, propagation, gracePeriodSeconds } = options;
    const body = { preconditions: { uid, resourceVersion }, propagationPolicy: propagation, gracePeriodSeconds };
    return (await unlessAbsent(this.#ask(resource, { method: 'DELETE', ...name, body }))) !== undefined;
  };

  readonly evict: Api['evict'] = async (pod, { uid, resourceVersion }) => {
    const body = { deleteOptions: { preconditions: { uid, resourceVersion } } };
    const asked = { method: 'POST', ...pod, subresource: 'eviction', body };
    return (await unlessAbsent(this.#ask(RESOURCES.Pod, asked))) !== undefined;
  };

  #ask(resource: Resource, asked: Asked, options: CallOptions = {}): Promise<unknown> {
    const { method, namespace, name, subresource, query = new URLSearchParams(), contentType = '', body } = asked;
    const about = {
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
      ...(subresource !== undefined && { subresource }),
    };
    this.#count += 1;
    const request: RecordedRequest = {
      ...{ number: this.#count, method, path: resource.plural, kind: resource.kind, query, contentType, ...about },
      body: structuredClone(body),
      ...{ client: 'controller-1', isWatch: false, isMetadataOnly: false, code: 0 },
    };
    return this.send({ kind: kindOf(resource), ...about }, request, options);
  }

  /** The API server's effect and answer; throws when it refuses. */
  protected answerTo(route: Route, request: RecordedRequest): object {
    try {
      return this.#answers.answer(route, request).body;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return new ApiError({ code: error.code, reason: error.reason }, error.message);
    }
  }
}
