import { ApiError } from '../../kubernetes/api.ts';
import { bugOf } from '../../kubernetes/log.ts';

/** HTTP statuses by which the API server says that it can answer nobody now; 0 when it says nothing. */
const OVERLOADED: ReadonlySet<number> = new Set([0, 429, 503, 504]);

/** A call to somebody else than the API server failed. Its message may stand in a status: it holds no secret. */
export abstract class CallFailure extends Error {}

/** Why something failed; undefined when a bug failed it, of which no status says more. */
export function failureOf(error: unknown): string | undefined {
  return error instanceof ApiError || error instanceof CallFailure ? error.message : undefined;
}

/** What the log says of a failure: of a refusal the message says all; of a bug, the stack says where. */
export function failureFields(error: unknown): { readonly error: string; readonly stack?: string } {
  const failure = failureOf(error);
  return failure === undefined ? bugOf(error) : { error: failure };
}

/** Whether a failure is about this call, and not about all calls alike. */
export function isAnswer(error: unknown): boolean {
  return !(error instanceof ApiError) || !OVERLOADED.has(error.code);
}

/** Whether a refusal only says that the object has changed since it was seen: the controller looks again. */
export function isConflict(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  // A 404 without this reason means that the API server does not know the kind.
  return error.code === 409 || (error.code === 404 && error.reason === 'NotFound');
}
