import { ApiError } from '../../kubernetes/api.ts';
import type { Connection } from '../../kubernetes/connect.ts';

/** What is asked of the API server. */
export type Client = Pick<Connection, 'get' | 'patch'>;

const FORBIDDEN = 403;

function reasonOf(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : 'unknown failure';
  if (error.code === FORBIDDEN) return 'its Role or ClusterRole does not allow it';
  return error.code === 0 ? error.message : `the API server answered ${error.code}`;
}

/** A failed call in one line. The error itself is left behind: it carries the answer's body, which is nothing for a log. */
export function callFailed(what: string, error: unknown): Error {
  return new Error(`${what}: ${reasonOf(error)}`);
}
