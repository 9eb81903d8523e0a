import type { KubernetesObject, ObjectName, Resource } from './objects.ts';

/** A call that failed: refused with a status, or not answered. Never carries an answer's body. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came: a write may then have taken effect. */
  readonly code: number;
  /** Kubernetes' word for it (`Conflict`, `AlreadyExists`, …); without an answer `Timeout` or `NoAnswer`. */
  readonly reason: string;
  /** Not to come back before; absent when the API server does not say. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    failure: { readonly code: number; readonly reason: string; readonly retryAfterSeconds?: number | undefined },
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ApiError';
    this.code = failure.code;
    this.reason = failure.reason;
    this.retryAfterSeconds = failure.retryAfterSeconds;
  }
}

/** The HTTP status of an answer that was given up because it was larger than asked for. */
export const TOO_LARGE = 413;

/** Whether it is an answer with this HTTP status. */
export function hasCode(error: unknown, code: number): boolean {
  return error instanceof ApiError && error.code === code;
}

/** What every call may be told. */
export interface CallOptions {
  /** The call has failed when it is not answered by then; the Api's own limit when absent. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What a call that makes an object may be told. */
export interface CreateOptions extends CallOptions {
  /** The API server judges the object, and does not keep it. */
  readonly dryRun?: boolean;
}

/** Which objects of a kind; all without selectors, in all namespaces without one. */
export interface Selection {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Only the metadata of each object is asked for. */
  readonly metadataOnly?: boolean | undefined;
}

/** What part of a list is wanted. */
export interface ListOptions extends Selection, CallOptions {
  /** Most objects of a page. */
  readonly limit?: number;
  /** Where the page before ended. */
  readonly continue?: string;
  /** A larger answer is given up, with the code TOO_LARGE. */
  readonly mostBytes?: number | undefined;
  /** Not older than this (`0`: whatever the API server holds); the newest when absent. */
  readonly resourceVersion?: string;
}

/** A part of a list. */
export interface ListPage {
  readonly items: readonly KubernetesObject[];
  readonly resourceVersion: string;
  /** Where the next page begins; absent on the last. */
  readonly continue?: string;
  /** Size of the answer, where it is known. */
  readonly bytes?: number;
}

/** What a watch begins with and how long it lasts. */
export interface WatchOptions extends Selection {
  readonly resourceVersion: string;
  /** The API server ends the watch after that. */
  readonly timeoutSeconds: number;
}

/** One line of a watch; bookmarks are asked for. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  /** The object; a Status when the type is ERROR. */
  readonly object: Readonly<Record<string, unknown>>;
}

/** Who hears of a watch. */
export interface WatchHandlers {
  readonly onEvent: (event: WatchEvent) => void;
  /** Called once, and last; without a failure when the connection was closed in order. Not called after `stop`. */
  readonly onEnd: (failure?: ApiError) => void;
}

/** A watch that runs. */
export interface WatchHandle {
  /** Ends it at once; nobody hears of it any more. */
  readonly stop: () => void;
}

/** One operation of a JSON patch (RFC 6902). */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** A change to an object. A merge patch that carries `metadata.resourceVersion` holds only against that version. */
export type Patch =
  | { readonly type: 'merge'; readonly body: object }
  | { readonly type: 'json'; readonly body: readonly JsonPatchOperation[] }
  | { readonly type: 'apply'; readonly body: object; readonly fieldManager: string; readonly force: boolean };

/** The object, or a part of it with an address of its own. */
export interface PatchTarget extends ObjectName {
  readonly subresource?: 'status' | 'scale';
}

/** A deletion always says which object it means: a name may have been taken by another. */
export interface DeleteOptions extends CallOptions {
  readonly uid: string;
  /** Only while the object is still as it was seen. */
  readonly resourceVersion?: string | undefined;
  readonly propagation: 'Orphan' | 'Background' | 'Foreground';
  readonly gracePeriodSeconds?: number;
}

/** What a controller asks of the API server. Every refusal and every missing answer is an ApiError. */
export interface Api {
  /** The object; undefined when there is none. */
  readonly get: (resource: Resource, name: ObjectName, options?: CallOptions) => Promise<KubernetesObject | undefined>;
  readonly list: (resource: Resource, options?: ListOptions) => Promise<ListPage>;
  /** Follows what happens after a version. A connection that died silently is not noticed: whoever watches counts on bookmarks. */
  readonly watch: (resource: Resource, options: WatchOptions, handlers: WatchHandlers) => WatchHandle;
  readonly create: (resource: Resource, object: KubernetesObject, options?: CreateOptions) => Promise<KubernetesObject>;
  readonly patch: (
    resource: Resource,
    target: PatchTarget,
    patch: Patch,
    options?: CallOptions,
  ) => Promise<KubernetesObject>;
  /** Whether there was something to delete. Another uid or resourceVersion is a 409. */
  readonly delete: (resource: Resource, name: ObjectName, options: DeleteOptions) => Promise<boolean>;
  /** Deletes a pod as far as disruption budgets allow (429 when they do not). False when it is gone already. */
  readonly evict: (pod: ObjectName, options: Omit<DeleteOptions, 'propagation'>) => Promise<boolean>;
}
