import { ApiError } from '../../kubernetes/api.ts';
import { bugOf } from '../../kubernetes/log.ts';

/** HTTP statuses with which the API server reports that it cannot answer now; 0 for no answer. */
const OVERLOADED: ReadonlySet<number> = new Set([0, 429, 503, 504]);

/** A call to another server than the API server failed. Its message may appear in a status and contains no secret. */
export abstract class CallFailure extends Error {}

/** The reason of a failure; undefined for a bug, which no status describes further. */
export function failureOf(error: unknown): string | undefined {
  return error instanceof ApiError || error instanceof CallFailure ? error.message : undefined;
}

/** The log fields of a failure: a refusal with its message only, a bug with its stack. */
export function failureFields(error: unknown): { readonly error: string; readonly stack?: string } {
  const failure = failureOf(error);
  return failure === undefined ? bugOf(error) : { error: failure };
}

/** Whether a failure concerns this call alone, not all calls alike. */
export function isAnswer(error: unknown): boolean {
  return !(error instanceof ApiError) || !OVERLOADED.has(error.code);
}

/** Whether a refusal only means that the object has changed since it was seen: the controller looks again. */
export function isConflict(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  // A 404 without this reason means that the API server does not serve the kind.
  return error.code === 409 || (error.code === 404 && error.reason === 'NotFound');
}
