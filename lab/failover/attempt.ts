/** Clients that write through the Service. Every other client writes directly to the member on the node of its name. */
export const SERVICE_CLIENTS = ['fresh', 'session'] as const;

/** A client that writes through the Service: with a connection for each write, or with one that it keeps open. */
export type ServiceClient = (typeof SERVICE_CLIENTS)[number];

/**
 * One attempt to write. Times are milliseconds of the machine's monotonic clock, which all its processes share; `wall` is the date at the
 * start, in milliseconds.
 */
export interface Attempt {
  readonly client: string;
  /** Numbers a client's attempts; client and number are the row's key. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly wall: number;
  /** Whether the server confirmed the commit. */
  readonly acknowledged: boolean;
  /** Address of the server that answered, and its timeline. */
  readonly server?: string;
  readonly timeline?: number;
  /** Whether the member is in recovery, that is, a standby; asked only by clients that connect directly to a member. */
  readonly recovering?: boolean;
  /** How many standbys stream from it. */
  readonly streaming?: number;
  /** Why it was not acknowledged: a SQLSTATE, a system error or a few words. */
  readonly problem?: string;
}

/** Whether a client writes through the Service. */
export function isServiceClient(client: string): client is ServiceClient {
  return (SERVICE_CLIENTS as readonly string[]).includes(client);
}

/** The acknowledged attempts, in the order of their acknowledgement. */
export function acknowledged(attempts: readonly Attempt[]): Attempt[] {
  return attempts.filter((attempt) => attempt.acknowledged).toSorted((a, b) => a.end - b.end);
}
