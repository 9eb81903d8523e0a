import { ENGINES } from '../../database/engines/index.ts';
import { REPLICATION_ROLE } from '../../database/engines/postgresql.ts';
import { MONITOR } from '../../generator/postgresql/exporter.ts';
import { Confidential } from './confidential.ts';
import { APP } from './connection.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { makeVerifier } from './scram.ts';
import type { Account } from './secret.ts';

/** A statement for the primary, and a description of it without the verifier that it may contain. */
export interface Statement {
  readonly what: string;
  readonly sql: Confidential;
}

/** PostgreSQL's state of the accounts and of the application's database, compared with the Secrets. */
export interface RoleState {
  /** Existing roles, and whether their stored verifier belongs to the password in the Secret. */
  readonly roles: ReadonlyMap<string, { readonly isInForce: boolean }>;
  readonly hasDatabase: boolean;
}

/** Name of the role of each account in PostgreSQL. */
export const ROLES: Readonly<Record<Account, string>> = {
  superuser: ENGINES.postgresql.superuser,
  replication: REPLICATION_ROLE,
  app: APP,
};

/** SQLSTATEs of a concurrent change by another session: the roles are read again. */
export const ALREADY_THERE: readonly string[] = ['42710', '42P04', '23505'];

/**
 * The first statements of each session of the controller. The search path must not lead to objects of users, statements with a verifier
 * are neither logged nor counted, and no statement waits for ever.
 */
export const SESSION: readonly string[] = [
  'SET search_path = pg_catalog, pg_temp',
  "SET client_encoding = 'UTF8'",
  'SET standard_conforming_strings = on',
  "SET lock_timeout = '5s'",
  "SET statement_timeout = '30s'",
  "SET idle_session_timeout = '60s'",
  "SET log_statement = 'none'",
  'SET log_duration = off',
  'SET log_min_duration_statement = -1',
  'SET log_min_duration_sample = -1',
  'SET log_transaction_sample_rate = 0',
  "SET log_min_error_statement = 'panic'",
  // Settings of extensions; harmless where the extension is absent.
  "SET pg_stat_statements.track_utility = 'off'",
  "SET pgaudit.log = 'none'",
];

/**
 * Requests the advisory lock under which one session at a time sets passwords; `locked` is false when another session has it. The lock
 * belongs to the database postgres and to the session. Read the Secrets after taking it: a controller that was suspended for long must
 * not put an outdated password in force, and a session that ended has lost the lock.
 */
export const TAKE_LOCK =
  "SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtext('db.example.com/credentials')) AS locked";

const known = [...Object.values(ROLES), MONITOR.role].map(quoteLiteral).join(', ');

/** Reads the roles: rows of a name and the stored verifier. */
export const READ_ROLES = `SELECT rolname, rolpassword FROM pg_catalog.pg_authid WHERE rolname IN (${known})`;
/** Reads whether the application's database exists: one row, or none. */
export const READ_DATABASE = `SELECT 1 FROM pg_catalog.pg_database WHERE datname = ${quoteLiteral(APP)}`;

/** The options of each role; initdb creates the superuser. */
const OPTIONS: Readonly<Record<Account, string>> = {
  superuser: 'LOGIN SUPERUSER',
  replication: 'LOGIN REPLICATION',
  app: 'LOGIN',
};

function roleStatement(account: Account, password: Confidential, { roles }: RoleState): Statement[] {
  const name = ROLES[account];
  const there = roles.get(name);
  if (there?.isInForce) return [];
  const verifier = quoteLiteral(makeVerifier(password).reveal());
  const role = quoteIdentifier(name);
  // Of an existing role only the password changes: a role without LOGIN stays so.
  const sql = there
    ? `ALTER ROLE ${role} PASSWORD ${verifier}`
    : `CREATE ROLE ${role} ${OPTIONS[account]} PASSWORD ${verifier}`;
  return [{ what: `${there ? 'set the password of' : 'create'} the role ${name}`, sql: new Confidential(sql) }];
}

/**
 * The exporter's role has no password: the exporter's own system account alone logs in, over the socket. An existing role stays
 * unchanged.
 */
function monitorStatement({ roles }: RoleState): Statement[] {
  if (roles.has(MONITOR.role)) return [];
  const sql = `CREATE ROLE ${quoteIdentifier(MONITOR.role)} LOGIN CONNECTION LIMIT 10 IN ROLE pg_monitor`;
  return [{ what: `create the role ${MONITOR.role}`, sql: new Confidential(sql) }];
}

/**
 * The statements for the primary that put every password of the Secrets in force, let the exporter log in and create the application's
 * database. Empty when all of it is done. Each must run outside a transaction: CREATE DATABASE requires that.
 */
export function roleStatements(passwords: ReadonlyMap<Account, Confidential>, seen: RoleState): Statement[] {
  const accounts = [...passwords].flatMap(([account, password]) => roleStatement(account, password, seen));
  const roles = [...accounts, ...monitorStatement(seen)];
  if (seen.hasDatabase) return roles;
  const name = quoteIdentifier(APP);
  const sql = new Confidential(`CREATE DATABASE ${name} OWNER ${quoteIdentifier(ROLES.app)}`);
  return [...roles, { what: `create the database ${APP}`, sql }];
}
