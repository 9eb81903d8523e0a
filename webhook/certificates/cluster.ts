import { ApiError } from '../../kubernetes/api.ts';
import type { Connection } from '../../kubernetes/connect.ts';

/** The calls to the API server. */
export type Client = Pick<Connection, 'get' | 'patch'>;

const FORBIDDEN = 403;

function reasonOf(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : 'unknown failure';
  if (error.code === FORBIDDEN) return 'its Role or ClusterRole does not allow it';
  return error.code === 0 ? error.message : `the API server answered ${error.code}`;
}

/** Describes a failed call in one line, without the error itself: it carries the body of the answer, which does not belong in a log. */
export function callFailed(what: string, error: unknown): Error {
  return new Error(`${what}: ${reasonOf(error)}`);
}
