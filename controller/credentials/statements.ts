import { ENGINES } from '../../database/engines/index.ts';
import { REPLICATION_ROLE } from '../../database/engines/postgresql.ts';
import { MONITOR } from '../../generator/postgresql/exporter.ts';
import { Confidential } from './confidential.ts';
import { APP } from './connection.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { makeVerifier } from './scram.ts';
import type { Account } from './secret.ts';

/** A statement for the primary, and what may be said of it: it may hold a verifier. */
export interface Statement {
  readonly what: string;
  readonly sql: Confidential;
}

/** What PostgreSQL holds of the accounts and of the application's database, beside the Secrets that it was compared with. */
export interface RoleState {
  /** Roles that exist, with whether what is stored of their password is of the one in the Secret. */
  readonly roles: ReadonlyMap<string, { readonly isInForce: boolean }>;
  readonly hasDatabase: boolean;
}

/** Name of the role of each account in PostgreSQL. */
export const ROLES: Readonly<Record<Account, string>> = {
  superuser: ENGINES.postgresql.superuser,
  replication: REPLICATION_ROLE,
  app: APP,
};

/** SQLSTATEs that say that somebody else was first: the roles are read again. */
export const ALREADY_THERE: readonly string[] = ['42710', '42P04', '23505'];

/**
 * What each session of the controller begins with. The search path cannot lead to what a user made, nothing that holds
 * a verifier is logged or counted, and nothing waits for ever.
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
  // Of extensions; without them these names mean nothing and do no harm.
  "SET pg_stat_statements.track_utility = 'off'",
  "SET pgaudit.log = 'none'",
];

/**
 * Asks for the lock that lets one session at a time set passwords; `locked` is false when another has it. It is of the
 * database postgres and of the session. The Secrets are to be read after it was got: a controller that stood still for
 * long must not put a password in force that is no longer wanted, and when the session is gone so is the lock.
 */
export const TAKE_LOCK =
  "SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtext('db.example.com/credentials')) AS locked";

const known = [...Object.values(ROLES), MONITOR.role].map(quoteLiteral).join(', ');

/** Reads the roles: rows of a name and what is stored of its password. */
export const READ_ROLES = `SELECT rolname, rolpassword FROM pg_catalog.pg_authid WHERE rolname IN (${known})`;
/** Reads whether the application's database is there: one row, or none. */
export const READ_DATABASE = `SELECT 1 FROM pg_catalog.pg_database WHERE datname = ${quoteLiteral(APP)}`;

/** What a role is made with; the superuser is made by initdb. */
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
  // Of a role that is there only the password is changed: who was locked out stays so.
  const sql = there
    ? `ALTER ROLE ${role} PASSWORD ${verifier}`
    : `CREATE ROLE ${role} ${OPTIONS[account]} PASSWORD ${verifier}`;
  return [{ what: `${there ? 'set the password of' : 'create'} the role ${name}`, sql: new Confidential(sql) }];
}

/** The exporter's role has no password: only the exporter's own account comes in, over the socket. One that is there stays as it is. */
function monitorStatement({ roles }: RoleState): Statement[] {
  if (roles.has(MONITOR.role)) return [];
  const sql = `CREATE ROLE ${quoteIdentifier(MONITOR.role)} LOGIN CONNECTION LIMIT 10 IN ROLE pg_monitor`;
  return [{ what: `create the role ${MONITOR.role}`, sql: new Confidential(sql) }];
}

/**
 * What to run on the primary so that every password in the Secrets is in force, the exporter can log in and the application
 * has its database. Nothing when all is so. No statement may run in a transaction with another: CREATE DATABASE must not.
 */
export function roleStatements(passwords: ReadonlyMap<Account, Confidential>, seen: RoleState): Statement[] {
  const accounts = [...passwords].flatMap(([account, password]) => roleStatement(account, password, seen));
  const roles = [...accounts, ...monitorStatement(seen)];
  if (seen.hasDatabase) return roles;
  const name = quoteIdentifier(APP);
  const sql = new Confidential(`CREATE DATABASE ${name} OWNER ${quoteIdentifier(ROLES.app)}`);
  return [...roles, { what: `create the database ${APP}`, sql }];
}
