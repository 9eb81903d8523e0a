import { ServerError } from '../databases/acts/servers.ts';
import { ApiError } from '../../kubernetes/api.ts';
import { bugOf } from '../../kubernetes/log.ts';

/** HTTP statuses by which the API server says that it can answer nobody now; 0 when it says nothing. */
const OVERLOADED: ReadonlySet<number> = new Set([0, 429, 503, 504]);

/** Why something failed; undefined when that is a bug, of which no status tells more. */
export function failureOf(error: unknown): string | undefined {
  return error instanceof ApiError || error instanceof ServerError ? error.message : undefined;
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
