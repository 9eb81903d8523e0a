import type { KubernetesObject, ObjectName, Resource } from './objects.ts';

/** A call that was refused with a status, or that got no answer. The error never carries the body of an answer. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came. A write without an answer may have taken effect. */
  readonly code: number;
  /** Kubernetes' reason (`Conflict`, `AlreadyExists`, …); `Timeout` or `NoAnswer` without an answer. */
  readonly reason: string;
  /** Earliest retry, in seconds; absent when the API server names none. */
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

/** HTTP status of an answer that the client gave up because the answer exceeded `mostBytes`. */
export const TOO_LARGE = 413;

/** Reports whether the error is an ApiError with this HTTP status. */
export function hasCode(error: unknown, code: number): boolean {
  return error instanceof ApiError && error.code === code;
}

/** Options of every call. */
export interface CallOptions {
  /** Milliseconds after which an unanswered call fails; the Api's own limit when absent. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Options of a call that creates an object. */
export interface CreateOptions extends CallOptions {
  /** Validates the object without storing it. */
  readonly dryRun?: boolean;
}

/** Selects objects of a kind: all of them without a selector, those of all namespaces without a namespace. */
export interface Selection {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Asks for the metadata of each object only. */
  readonly metadataOnly?: boolean | undefined;
}

/** Selects a part of a list. */
export interface ListOptions extends Selection, CallOptions {
  /** Maximum number of objects per page. */
  readonly limit?: number;
  /** The continue token of the page before. */
  readonly continue?: string;
  /** Maximum size of the answer, in bytes; a larger answer fails with the code TOO_LARGE. */
  readonly mostBytes?: number | undefined;
  /** The oldest acceptable version (`0`: any that the API server holds); the newest when absent. */
  readonly resourceVersion?: string;
}

/** A part of a list. */
export interface ListPage {
  readonly items: readonly KubernetesObject[];
  readonly resourceVersion: string;
  /** The continue token of the next page; absent on the last page. */
  readonly continue?: string;
  /** Size of the answer in bytes, where known. */
  readonly bytes?: number;
}

/** Where a watch begins and how long it lasts. */
export interface WatchOptions extends Selection {
  readonly resourceVersion: string;
  /** The API server ends the watch after this time. */
  readonly timeoutSeconds: number;
}

/** One event of a watch; bookmarks are requested. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  /** The object; a Status when the type is ERROR. */
  readonly object: Readonly<Record<string, unknown>>;
}

/** Callbacks of a watch. */
export interface WatchHandlers {
  readonly onEvent: (event: WatchEvent) => void;
  /** Called once, as the last callback; without a failure when the API server closed the connection in order. Never called after `stop`. */
  readonly onEnd: (failure?: ApiError) => void;
}

/** A running watch. */
export interface WatchHandle {
  /** Ends the watch at once; no callback follows. */
  readonly stop: () => void;
}

/** One operation of a JSON patch (RFC 6902). */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** A change to an object. A merge patch with `metadata.resourceVersion` applies to that version only. */
export type Patch =
  | { readonly type: 'merge'; readonly body: object }
  | { readonly type: 'json'; readonly body: readonly JsonPatchOperation[] }
  | { readonly type: 'apply'; readonly body: object; readonly fieldManager: string; readonly force: boolean };

/** An object, or a subresource of the object. */
export interface PatchTarget extends ObjectName {
  readonly subresource?: 'status' | 'scale';
}

/** A deletion always carries the uid: another object may have taken the name. */
export interface DeleteOptions extends CallOptions {
  readonly uid: string;
  /** Deletes only this version of the object. */
  readonly resourceVersion?: string | undefined;
  readonly propagation: 'Orphan' | 'Background' | 'Foreground';
  readonly gracePeriodSeconds?: number;
}

/** The calls that Ballast makes to the API server. Every refusal and every missing answer throws an ApiError. */
export interface Api {
  /** The object; undefined when there is none. */
  readonly get: (resource: Resource, name: ObjectName, options?: CallOptions) => Promise<KubernetesObject | undefined>;
  readonly list: (resource: Resource, options?: ListOptions) => Promise<ListPage>;
  /** Follows the changes after a version. A connection may die without a sign: the caller detects that by missing bookmarks. */
  readonly watch: (resource: Resource, options: WatchOptions, handlers: WatchHandlers) => WatchHandle;
  readonly create: (resource: Resource, object: KubernetesObject, options?: CreateOptions) => Promise<KubernetesObject>;
  readonly patch: (
    resource: Resource,
    target: PatchTarget,
    patch: Patch,
    options?: CallOptions,
  ) => Promise<KubernetesObject>;
  /** Returns false when the object was gone already. Throws a 409 when uid or resourceVersion differ. */
  readonly delete: (resource: Resource, name: ObjectName, options: DeleteOptions) => Promise<boolean>;
  /** Evicts a pod. Returns false when the pod was gone already; throws a 429 when a disruption budget forbids the eviction. */
  readonly evict: (pod: ObjectName, options: Omit<DeleteOptions, 'propagation'>) => Promise<boolean>;
}
