import { isForClients } from '../../../certificates/secret.ts';
import { names } from '../../../generator/names.ts';
import { certificateIn } from '../../credentials/certificate.ts';
import { Confidential } from '../../credentials/confidential.ts';
import { ENGINES } from '../../../database/engines/index.ts';
import type { PasswordState, PrimaryRoles } from '../../credentials/rotation.ts';
import { PREVIOUS } from '../../credentials/rotation.ts';
import { ACCOUNTS } from '../../credentials/secret.ts';
import type { Statement } from '../../credentials/statements.ts';
import { ALREADY_THERE, READ_DATABASE, READ_ROLES, ROLES, TAKE_LOCK } from '../../credentials/statements.ts';
import type { ActionContext } from '../../databases/acts/action.ts';
import { identityOf } from '../../databases/acts/action.ts';
import { memberOf, pairIn } from '../../databases/acts/member-address.ts';
import type { Secrets } from '../../databases/acts/secrets.ts';
import { accountsIn, readAll } from '../../databases/acts/secrets.ts';
import type { Row, Session, StatementsResult } from '../servers.ts';
import { ServerError } from '../servers.ts';

/** SQLSTATE of a refused password. */
const WRONG_PASSWORD = '28P01';
/** The superuser's possible passwords on the primary: that of the Secret, and the previous one. */
const LOGINS = ['password', PREVIOUS] as const;

interface OpenSession {
  readonly login: (typeof LOGINS)[number];
  readonly session: Session;
}

/** Logs in to the primary; undefined while there is none, `refused` when it accepts no password. */
async function openPrimary(acting: ActionContext, secrets: Secrets): Promise<OpenSession | 'refused' | undefined> {
  const { name } = identityOf(acting);
  const primary = acting.seen.leader?.member;
  const tls = secrets.get(names.tlsSecret(name));
  const known = pairIn(tls);
  const superuser = secrets.get(names.superuserSecret(name))?.data ?? {};
  if (primary === undefined || known === undefined) return undefined;
  const member = memberOf(acting, primary, known.authority);
  // A server closes the connection when a presented certificate is not for clients, even where it asks for none.
  const certificate = tls && certificateIn(tls.data);
  const pair = certificate && isForClients(certificate) ? { pair: known } : {};
  const user = ENGINES.postgresql.superuser;
  for (const login of LOGINS) {
    const password = superuser[login];
    if (!password) continue;
    try {
      return { login, session: await acting.servers.open(member, { user, password, ...pair }) };
    } catch (error) {
      if (!(error instanceof ServerError) || error.code !== WRONG_PASSWORD) throw error;
    }
  }
  return 'refused';
}

async function onPrimary<T>(
  acting: ActionContext,
  secrets: Secrets,
  work: (opened: OpenSession) => Promise<T>,
): Promise<T | 'refused' | undefined> {
  const opened = await openPrimary(acting, secrets);
  if (typeof opened !== 'object') return opened;
  try {
    return await work(opened);
  } finally {
    await opened.session.end();
  }
}

/** Whether a role's stored verifier belongs to the password in the Secret of its account. */
async function isInForce(
  { isVerifierOf }: ActionContext,
  accounts: PasswordState['secrets'],
  { rolname, rolpassword }: Row,
): Promise<boolean> {
  const account = ACCOUNTS.find((one) => ROLES[one] === rolname);
  const password = account && accounts[account]?.data['password'];
  if (!password || typeof rolpassword !== 'string') return false;
  return isVerifierOf(new Confidential(rolpassword), password);
}

/** Reads the primary's roles and compares them with the Secrets; undefined while there is no primary. */
export async function askPrimary(acting: ActionContext, secrets: Secrets): Promise<PrimaryRoles | undefined> {
  const said = await onPrimary(acting, secrets, async ({ login, session }) => ({
    login,
    rows: await session.run(READ_ROLES),
    databases: await session.run(READ_DATABASE),
  }));
  if (said === 'refused') return { login: said };
  if (!said) return undefined;
  const { login, rows, databases } = said;
  const accounts = accountsIn(secrets, identityOf(acting).name);
  const roles = await Promise.all(
    rows.map(async (row) => [String(row['rolname']), { isInForce: await isInForce(acting, accounts, row) }] as const),
  );
  return { login, roles: { roles: new Map(roles), hasDatabase: databases.length > 0 } };
}

/** Runs statements, each by itself. The next pass reads the changes of concurrent sessions. */
async function runAll({ run }: Session, statements: readonly Statement[]): Promise<void> {
  for (const { sql } of statements) {
    try {
      await run(sql.reveal());
    } catch (error) {
      if (!(error instanceof ServerError) || !ALREADY_THERE.includes(error.code)) throw error;
    }
  }
}

function areSame(one: Secrets, other: Secrets): boolean {
  const versions = (secrets: Secrets): string =>
    [...secrets].map(([name, { resourceVersion }]) => `${name} ${resourceVersion}`).join();
  return versions(one) === versions(other);
}

/**
 * Runs statements that were built from these Secrets on the primary, under the lock with which one controller at a time sets passwords. A
 * controller that was suspended while another one acts must not put outdated passwords in force.
 */
export async function runOnPrimary(
  acting: ActionContext,
  secrets: Secrets,
  statements: readonly Statement[],
): Promise<StatementsResult> {
  const ran = await onPrimary(acting, secrets, async ({ session }): Promise<StatementsResult> => {
    const [row] = await session.run(TAKE_LOCK);
    if (row?.['locked'] !== true) return 'locked';
    if (!areSame(secrets, await readAll(acting))) return 'outdated';
    await runAll(session, statements);
    return 'run';
  });
  return ran === 'refused' || ran === undefined ? 'run' : ran;
}
