import type { Confidential } from '../credentials/confidential.ts';
import { CallFailure } from '../runtime/failures.ts';

/** The network address of a member. */
export interface Member {
  readonly host: string;
  /** The authorities that the Database's members trust, PEM. */
  readonly authority: string;
}

/** The Database's own certificate pair, which members and the controller present to each other. PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: Confidential;
}

/** A login to PostgreSQL. */
export interface Login {
  readonly user: string;
  readonly password: Confidential;
  /** Presented besides the password; members refuse their superuser without a pair. */
  readonly pair?: Pair;
}

/** A row of a PostgreSQL result. */
export type Row = Readonly<Record<string, unknown>>;

/** A session of a superuser on the primary. */
export interface Session {
  /** Runs one statement. Throws a ServerError. */
  readonly run: (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
  readonly end: () => Promise<void>;
}

/** Direct calls to members, not through the API server. */
export interface Servers {
  /** Opens a session. Throws a ServerError. */
  readonly open: (member: Member, login: Login) => Promise<Session>;
  /**
   * Asks Patroni to restart PostgreSQL in its container, while a restart is pending and the member has this role, and waits until the
   * restart is done. Throws a ServerError.
   */
  readonly restart: (member: Member, pair: Pair, role: 'primary' | 'replica') => Promise<void>;
}

/** The result of statements for the primary. */
export type StatementsResult =
  /** The statements ran, or there is no leader. */
  | 'run'
  /** Another controller is setting passwords. */
  | 'locked'
  /** The Secrets changed since the statements were built. */
  | 'outdated';

/** A member did not do as requested. The message contains neither the request nor the server's answer. */
export class ServerError extends CallFailure {
  /** SQLSTATE, HTTP status or the system's error code; empty when there is none. */
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerError';
    this.code = code;
  }
}

/** The code of a failure of any kind. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : '';
}
