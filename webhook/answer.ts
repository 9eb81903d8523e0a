import type { Finding } from '../database/finding.ts';
import { readReview, reviewOf } from './admission.ts';
import type { AdmissionRequest, AdmissionResponse } from './admission.ts';
import { LARGE_BYTES, MAX_REVIEW_BYTES, UNREAD_BYTES } from './body.ts';
import { mutateReview, validateReview } from './review.ts';
import { shapeOf } from './shape.ts';
import { refusalOf } from './verdict.ts';

/** The two webhooks. */
export type Webhook = 'validate' | 'mutate';

/** The answer to a body, ready to be sent, with its outcome. */
export interface Answer {
  /** HTTP status: 200 for every review, 400 for any other body. */
  readonly code: 200 | 400;
  readonly body: string;
  readonly verdict: 'allowed' | 'denied' | 'unreadable';
  /** The violated rules, each once per path. */
  readonly rules: readonly string[];
  /** The object of the request, for the log; empty when unreadable. */
  readonly about: Pick<AdmissionRequest, 'uid' | 'operation' | 'namespace' | 'name'> & { readonly kind: string };
}

/** More values than any Ballast object has, and few enough that their parsed form stays small. */
const MAX_VALUES = 100_000;
/** Deeper than any Ballast object, and shallow enough for any stack. */
const MAX_DEPTH = 64;
/** The API server writes the uid right at the beginning of the body. */
const UID = /"uid":\s*"([-A-Za-z0-9]{1,128})"/;
const NOBODY = { uid: '', operation: 'CONNECT', namespace: '', name: '', kind: '' } as const;

function unreadable(problem: string): Answer {
  return {
    code: 400,
    body: `${JSON.stringify({ error: problem })}\n`,
    verdict: 'unreadable',
    rules: [],
    about: NOBODY,
  };
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((child) => isDeeper(child, depth - 1));
}

/** Cuts a name for the log at a length that no valid name exceeds. */
const shown = (name: string): string => name.slice(0, 253);

function send(request: AdmissionRequest, response: AdmissionResponse, rules: readonly string[]): Answer {
  const { uid, operation, namespace, name, kind } = request;
  return {
    code: 200,
    body: JSON.stringify(reviewOf(response)),
    verdict: response.allowed ? 'allowed' : 'denied',
    rules,
    about: { uid, operation, namespace: shown(namespace), name: shown(name), kind: shown(kind.kind) },
  };
}

function refuse(request: AdmissionRequest, problem: string, remedy: string): Answer {
  const finding: Finding = { rule: 'schema-limit', severity: 'error', path: [], problem, remedy };
  return send(request, { uid: request.uid, allowed: false, status: refusalOf(request, [finding]) }, [finding.rule]);
}

const TOO_LARGE = ['must be smaller: no database needs an object of this size', 'remove what is not about it'] as const;
const TOO_DEEP = [`must not be nested deeper than ${MAX_DEPTH} levels`, 'flatten it'] as const;

/** Answers a body that the webhook did not parse: the API server gets its answer, and the user a reason. */
function answerUnread(body: Uint8Array, [problem, remedy]: readonly [string, string]): Answer {
  const uid = UID.exec(new TextDecoder('latin1').decode(body.subarray(0, UNREAD_BYTES)))?.[1];
  if (uid === undefined) return unreadable(`it ${problem}`);
  const kind = { group: '', version: '', kind: 'object' };
  const request: AdmissionRequest = { uid, operation: 'UPDATE', kind, name: '', namespace: '' };
  return refuse(request, problem, remedy);
}

/** Answers a body above the size limit from its beginning. */
export function answerTooLarge(beginning: Uint8Array): Answer {
  return answerUnread(beginning, TOO_LARGE);
}

/** Why a large body stays unparsed; undefined when the webhook parses it. */
function whyUnread(body: Uint8Array): readonly [string, string] | undefined {
  if (body.length > MAX_REVIEW_BYTES) return TOO_LARGE;
  if (body.length <= LARGE_BYTES) return undefined;
  const { values, depth } = shapeOf(body);
  if (depth > MAX_DEPTH) return TOO_DEEP;
  return values > MAX_VALUES ? TOO_LARGE : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}

/** Answers the body of one request. Pure: no I/O, and no body makes it throw. */
export function answer(webhook: Webhook, body: Uint8Array, now: Date): Answer {
  const unread = whyUnread(body);
  if (unread) return answerUnread(body, unread);
  const value = parse(body);
  if (value === undefined) return unreadable('must be JSON in UTF-8');
  const read = readReview(value);
  if (!read.ok) return unreadable(read.problem);
  const { request } = read;
  if (isDeeper(value, MAX_DEPTH)) return refuse(request, ...TOO_DEEP);
  const { response, findings } = validateReview(request, now);
  const rules = findings.map(({ rule }) => rule);
  // The API server calls mutating webhooks before it checks the schema and its CEL, whose messages would hide all of these.
  if (webhook === 'mutate' && response.allowed) return send(request, mutateReview(request), rules);
  return send(request, response, rules);
}
