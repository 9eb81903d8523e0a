/** Clients that write through the Service. Every other client writes straight to the member of the node that it is named after. */
export const SERVICE_CLIENTS = ['fresh', 'session'] as const;

/** A client that writes through the Service: with a connection for each write, or with one that it keeps. */
export type ServiceClient = (typeof SERVICE_CLIENTS)[number];

/**
 * One attempt to write. Times are milliseconds of the machine's monotonic clock, which all its processes share; `wall` is
 * the date at the start, in milliseconds.
 */
export interface Attempt {
  readonly client: string;
  /** Counts a client's attempts; together they are the row's key. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly wall: number;
  /** Whether the server said that the write is committed. */
  readonly acknowledged: boolean;
  /** Address of the server that answered, and the timeline that it writes. */
  readonly server?: string;
  readonly timeline?: number;
  /** Whether the member recovers, so that it is a standby; only clients that go straight to a member ask. */
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

/** The attempts that were acknowledged, in the order in which they were. */
export function acknowledged(attempts: readonly Attempt[]): Attempt[] {
  return attempts.filter((attempt) => attempt.acknowledged).toSorted((a, b) => a.end - b.end);
}
