import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Api, CallOptions, CreateOptions, DeleteOptions, ListOptions, ListPage, Patch } from './api.ts';
import { ApiError } from './api.ts';
import type { KubernetesObject, ObjectName, Resource } from './objects.ts';
import { collectionPath, formOf, objectPath, queryOf, selectors } from './paths.ts';
import { printable } from './printable.ts';
import { STANDARD_RESOURCES } from './resources.ts';
import type { Call, Reply } from './transport.ts';
import { Transport, retryAfterIn } from './transport.ts';
import { startWatch } from './watch.ts';

/** Options of a connection. */
export interface ConnectOptions {
  /** Milliseconds after which an unanswered call fails. */
  readonly timeoutMs?: number;
  /** The user agent in the API server's audit log. */
  readonly userAgent?: string;
}

/** An Api that calls a real API server. */
export interface Connection extends Api {
  /** Namespace of the kubeconfig's context, or of the pod. */
  readonly namespace: string;
  /** Closes the kept-alive connections. */
  readonly close: () => void;
}

interface Status {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

const TIMEOUT_MS = 10_000;
const LONGEST_MESSAGE = 500;

const PATCH_TYPES: Readonly<Record<Patch['type'], string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Turns a refusal into an error. A message about a Secret is dropped: the API server's text may quote the data that was sent. */
function refused(what: string, { code, headers, text }: Reply, isSecret: boolean): ApiError {
  const { reason = String(code), message = '', details } = (parse(text) ?? {}) as Status;
  const after = headers['retry-after'] === undefined ? details?.retryAfterSeconds : retryAfterIn(headers);
  const words = isSecret || message === '' ? '' : `: ${printable(message, LONGEST_MESSAGE)}`;
  const retryAfterSeconds = after !== undefined && after >= 0 ? after : undefined;
  return new ApiError({ code, reason, retryAfterSeconds }, `${what}: ${reason}${words}`);
}

class ApiServer implements Connection {
  readonly namespace: string;
  readonly #transport: Transport;
  readonly #timeoutMs: number;

  constructor(config: KubeConfig, { timeoutMs = TIMEOUT_MS, userAgent = 'ballast-controller' }: ConnectOptions) {
    this.#transport = new Transport(config, userAgent);
    this.#timeoutMs = timeoutMs;
    this.namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
  }

  async get(resource: Resource, name: ObjectName, options?: CallOptions): Promise<KubernetesObject | undefined> {
    const path = objectPath(resource, name);
    return this.#unlessAbsent(this.#call<KubernetesObject>(resource, { method: 'GET', path }, options));
  }

  async list(resource: Resource, options: ListOptions = {}): Promise<ListPage> {
    const { namespace, limit, continue: from, resourceVersion, mostBytes } = options;
    const query = queryOf({ ...selectors(options), limit, continue: from, resourceVersion });
    const path = `${collectionPath(resource, namespace)}${query}`;
    interface List {
      readonly items: KubernetesObject[] | null;
      readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
    }
    const call = { method: 'GET', path, accept: formOf(options, 'list'), mostBytes } as const;
    const { value, bytes } = await this.#ask(resource, call, options);
    const { items, metadata } = value as List;
    const page = { items: items ?? [], resourceVersion: metadata.resourceVersion, bytes };
    return metadata.continue ? { ...page, continue: metadata.continue } : page;
  }

  readonly watch: Api['watch'] = (resource, options, handlers) =>
    startWatch(this.#transport, resource, options, handlers);

  async create(resource: Resource, object: KubernetesObject, options: CreateOptions = {}): Promise<KubernetesObject> {
    const query = queryOf({ dryRun: options.dryRun ? 'All' : undefined });
    const path = `${collectionPath(resource, object.metadata.namespace)}${query}`;
    return this.#call(resource, { method: 'POST', path, body: object }, options);
  }

  readonly patch: Api['patch'] = (resource, { subresource, ...name }, patch, options) => {
    const { type, body } = patch;
    const query = type === 'apply' ? queryOf({ fieldManager: patch.fieldManager, force: patch.force }) : '';
    const path = `${objectPath(resource, name, subresource)}${query}`;
    return this.#call(resource, { method: 'PATCH', path, body, contentType: PATCH_TYPES[type] }, options);
  };

  async delete(resource: Resource, name: ObjectName, options: DeleteOptions): Promise<boolean> {
    const { uid, resourceVersion, propagation, gracePeriodSeconds } = options;
    const preconditions = { uid, resourceVersion };
    const body = { ...DELETE_OPTIONS, preconditions, propagationPolicy: propagation, gracePeriodSeconds };
    const path = objectPath(resource, name);
    return (await this.#unlessAbsent(this.#call(resource, { method: 'DELETE', path, body }, options))) !== undefined;
  }

  async evict(pod: ObjectName, options: Omit<DeleteOptions, 'propagation'>): Promise<boolean> {
    const { uid, resourceVersion, gracePeriodSeconds } = options;
    const deleteOptions = { preconditions: { uid, resourceVersion }, gracePeriodSeconds };
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: pod, deleteOptions };
    const path = objectPath(STANDARD_RESOURCES.Pod, pod, 'eviction');
    return (
      (await this.#unlessAbsent(this.#call(STANDARD_RESOURCES.Pod, { method: 'POST', path, body }, options))) !==
      undefined
    );
  }

  close(): void {
    this.#transport.close();
  }

  async #unlessAbsent<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404 && error.reason === 'NotFound') return undefined;
      throw error;
    }
  }

  async #call<T>(resource: Resource, call: Omit<Call, 'timeoutMs'>, options?: CallOptions): Promise<T> {
    return (await this.#ask(resource, call, options)).value as T;
  }

  async #ask(
    { plural }: Resource,
    call: Omit<Call, 'timeoutMs'>,
    { timeoutMs = this.#timeoutMs, signal }: CallOptions = {},
  ): Promise<{ readonly value: unknown; readonly bytes: number }> {
    const reply = await this.#transport.send({ ...call, timeoutMs, signal });
    const what = `${call.method} ${call.path.split('?')[0] ?? ''}`;
    if (reply.code < 200 || reply.code > 299) throw refused(what, reply, plural === 'secrets');
    const read = parse(reply.text);
    if (read !== undefined) return { value: read, bytes: reply.bytes };
    throw new ApiError({ code: 0, reason: 'NoAnswer' }, `${what}: the answer is no JSON`);
  }
}

const DELETE_OPTIONS = { apiVersion: 'v1', kind: 'DeleteOptions' };

/** Connects with a parsed kubeconfig. */
export function connectWith(config: KubeConfig, options: ConnectOptions = {}): Connection {
  return new ApiServer(config, options);
}

/** Connects with the kubeconfig in this file; without a file, as a pod does or as kubectl would. Throws when the file cannot be read. */
export function connect(kubeconfig?: string, options: ConnectOptions = {}): Connection {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  return connectWith(config, options);
}
