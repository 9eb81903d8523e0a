import { isRecord } from '../database/record.ts';

/** The API server's question whether an object may be created, changed or deleted (admission.k8s.io/v1, AdmissionRequest). */
export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly name: string;
  readonly namespace: string;
  /** The object after the change; absent on DELETE. */
  readonly object?: unknown;
  /** The object before the change; absent on CREATE. */
  readonly oldObject?: unknown;
}

/** The status of a refusal, with the fields that kubectl reads (meta/v1, Status). */
export interface Status {
  readonly status: 'Failure';
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: {
    readonly group: string;
    readonly kind: string;
    readonly name: string;
    readonly causes: readonly { readonly reason: string; readonly field: string; readonly message: string }[];
  };
}

/** The answer to one request (admission.k8s.io/v1, AdmissionResponse). */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: Status;
  readonly warnings?: readonly string[];
  /** A JSON Patch in base64. */
  readonly patch?: string;
  readonly patchType?: 'JSONPatch';
}

/** A parsed request, or the reason why the body is not one. */
export type ReviewResult =
  { readonly ok: true; readonly request: AdmissionRequest } | { readonly ok: false; readonly problem: string };

const OPERATIONS: ReadonlySet<unknown> = new Set(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);
const LONGEST_UID = 128;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function refuse(problem: string): ReviewResult {
  return { ok: false, problem };
}

/** Parses a JSON value as an AdmissionReview. */
export function readReview(body: unknown): ReviewResult {
  if (!isRecord(body) || body['kind'] !== 'AdmissionReview') return refuse('must be an AdmissionReview');
  if (body['apiVersion'] !== 'admission.k8s.io/v1') return refuse('apiVersion must be admission.k8s.io/v1');
  const request = body['request'];
  if (!isRecord(request)) return refuse('request must be an object');
  const { uid, operation, kind, object, oldObject } = request;
  if (typeof uid !== 'string' || uid === '' || uid.length > LONGEST_UID) return refuse('request.uid must be set');
  if (!OPERATIONS.has(operation)) return refuse('request.operation must be CREATE, UPDATE, DELETE or CONNECT');
  if (!isRecord(kind)) return refuse('request.kind must be an object');
  return {
    ok: true,
    request: {
      uid,
      operation: operation as AdmissionRequest['operation'],
      kind: { group: text(kind['group']), version: text(kind['version']), kind: text(kind['kind']) },
      name: text(request['name']),
      namespace: text(request['namespace']),
      ...(object !== undefined && object !== null && { object }),
      ...(oldObject !== undefined && oldObject !== null && { oldObject }),
    },
  };
}

/** Wraps an answer in the AdmissionReview that the API server expects. */
export function reviewOf(response: AdmissionResponse): object {
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
}
