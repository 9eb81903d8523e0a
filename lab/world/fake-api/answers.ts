import { applyPatch } from 'rfc6902';
import type { Operation } from 'rfc6902';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { keyOf } from '../../../kubernetes/objects.ts';
import type { RecordedRequest } from './faults.ts';
import type { Pages } from './pages.ts';
import { REFUSALS, Refused } from './refused.ts';
import type { Route } from './route.ts';
import { matcher } from './selectors.ts';
import type { Storage } from './storage.ts';
import type { Deletion, Part } from './stored-object.ts';

/** The answer to a request other than a watch. */
export interface Answer {
  readonly code: number;
  readonly body: object;
}

type Plain = Record<string, unknown>;

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
const APPLY = 'application/apply-patch+yaml';

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isPlain(patch)) return patch;
  const result: Plain = isPlain(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = merge(result[name], value);
  }
  return result;
}

function patched<T extends object>(target: T, { contentType, body }: RecordedRequest): T {
  if (contentType === MERGE) return merge(target, body) as T;
  if (contentType !== JSON_PATCH) throw new Refused(415, 'UnsupportedMediaType', `the body is ${contentType}`);
  const copy = structuredClone(target);
  const failure = applyPatch(copy, body as Operation[]).find((result) => result !== null);
  if (failure) throw REFUSALS.invalid(`the server rejected our request: ${failure.name}: ${failure.message}`);
  return copy;
}

function scaleOf({ metadata, ...object }: KubernetesObject): Plain {
  const { replicas: wanted = 0 } = (object['spec'] ?? {}) as { replicas?: number };
  const { replicas = 0, selector } = (object['status'] ?? {}) as { replicas?: number; selector?: string };
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace, uid, resourceVersion },
    spec: { replicas: wanted },
    status: { replicas, ...(selector !== undefined && { selector }) },
  };
}

/** Answers requests from the storage. */
export class Answers {
  readonly #storage: Storage;
  readonly #pages: Pages;

  constructor(storage: Storage, pages: Pages) {
    this.#storage = storage;
    this.#pages = pages;
  }

  answer(route: Route, request: RecordedRequest): Answer {
    const { kind, name, namespace, subresource } = route;
    if (subresource !== undefined && !this.#serves(route)) throw REFUSALS.notFound(request.path);
    if (name === undefined) return this.#collection(route, request);
    const key = keyOf({ namespace, name });
    if (subresource === 'scale') return this.#scale(route, key, request);
    if (subresource === 'eviction') {
      const { deleteOptions } = request.body as { deleteOptions?: object };
      return this.#delete(route, key, { ...request, body: deleteOptions });
    }
    const change = { part: (subresource ?? 'main') as Part, manager: managerOf(request) };
    switch (request.method) {
      case 'GET':
        return { code: 200, body: this.#storage.get(kind, key) };
      case 'PUT':
        return { code: 200, body: this.#storage.update(kind, key, () => request.body as KubernetesObject, change) };
      case 'PATCH':
        return this.#patch(route, key, request);
      case 'DELETE':
        return this.#delete(route, key, request);
      default:
        throw new Refused(405, 'MethodNotAllowed', 'the method is not allowed');
    }
  }

  #serves({ kind, subresource }: Route): boolean {
    if (subresource === 'status') return kind.hasStatus;
    return subresource === 'scale' ? kind.hasScale : subresource === 'eviction' && kind.kind === 'Pod';
  }

  #collection({ kind, namespace }: Route, request: RecordedRequest): Answer {
    if (request.method === 'GET') {
      return { code: 200, body: this.#pages.list(kind, matcher(namespace, request.query), request.query) };
    }
    if (request.method !== 'POST') throw new Refused(405, 'MethodNotAllowed', 'the method is not allowed');
    const object = request.body as KubernetesObject;
    const { name, namespace: own = namespace } = object.metadata;
    if (own !== namespace)
      throw REFUSALS.bad('the namespace of the object does not match the namespace of the request');
    if (!name) throw REFUSALS.invalid('metadata.name: Required value');
    const placed = { ...object, metadata: { ...object.metadata, ...(namespace !== undefined && { namespace }) } };
    return { code: 201, body: this.#storage.create(kind, placed, managerOf(request)) };
  }

  #patch({ kind, name = '', namespace, subresource }: Route, key: string, request: RecordedRequest): Answer {
    const change = { part: (subresource ?? 'main') as Part, manager: managerOf(request) };
    if (request.contentType !== APPLY) {
      return { code: 200, body: this.#storage.update(kind, key, (old) => patched(old, request), change) };
    }
    const manager = request.query.get('fieldManager');
    if (manager === null) throw REFUSALS.bad('fieldManager is required for apply patch');
    const given = request.body as KubernetesObject;
    if ((given.metadata.name || name) !== name) throw REFUSALS.bad('the name of the object does not match the request');
    const body = { ...given, metadata: { ...given.metadata, name, ...(namespace !== undefined && { namespace }) } };
    const code = this.#storage.find(kind, key) ? 200 : 201;
    const force = request.query.get('force') === 'true';
    return { code, body: this.#storage.apply(kind, key, body, { ...change, manager, force }) };
  }

  #scale({ kind }: Route, key: string, request: RecordedRequest): Answer {
    if (request.method === 'GET') return { code: 200, body: scaleOf(this.#storage.get(kind, key)) };
    const changed = this.#storage.update(
      kind,
      key,
      (old) => {
        const scale = request.method === 'PUT' ? (request.body as Plain) : patched(scaleOf(old), request);
        const { resourceVersion } = scale['metadata'] as { resourceVersion?: string };
        const replicas = (scale['spec'] as { replicas?: number }).replicas;
        const metadata = { ...old.metadata, ...(resourceVersion !== undefined && { resourceVersion }) };
        return { ...old, metadata, spec: { ...(old['spec'] as object), replicas } };
      },
      { part: 'main', manager: managerOf(request) },
    );
    return { code: 200, body: scaleOf(changed) };
  }

  #delete({ kind }: Route, key: string, { body, query }: RecordedRequest): Answer {
    const options = (body ?? {}) as {
      preconditions?: { uid?: string; resourceVersion?: string };
      propagationPolicy?: string;
      gracePeriodSeconds?: number;
    };
    const deletion: Deletion = {
      ...options.preconditions,
      propagation: options.propagationPolicy ?? query.get('propagationPolicy') ?? undefined,
      graceSeconds: options.gracePeriodSeconds,
    };
    const left = this.#storage.delete(kind, key, deletion);
    return { code: 200, body: left };
  }
}

/** The field manager of a request; by default the first part of the user agent, as in the API server. */
function managerOf({ query, client }: RecordedRequest): string {
  return query.get('fieldManager') ?? `${client.replace(/-\d+$/, '')}-update`;
}
