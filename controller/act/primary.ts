import { names } from '../../generator/names.ts';
import { Confidential } from '../credentials/confidential.ts';
import { superuserOf } from '../credentials/connection.ts';
import type { PrimarySeen } from '../credentials/rotation.ts';
import { PREVIOUS } from '../credentials/rotation.ts';
import type { RolesSeen, Statement } from '../credentials/statements.ts';
import { ALREADY_THERE, READ_DATABASE, READ_ROLES } from '../credentials/statements.ts';
import type { Acting } from './acting.ts';
import { identityOf } from './acting.ts';
import { memberOf } from './reach.ts';
import type { Secrets } from './secrets.ts';
import type { Session } from './servers.ts';
import { ServerError } from './servers.ts';

/** SQLSTATE of a password that was not taken. */
const WRONG_PASSWORD = '28P01';
/** The passwords that the primary may know the superuser by: that of the Secret, and the one before. */
const LOGINS = ['password', PREVIOUS] as const;

interface Opened {
  readonly login: (typeof LOGINS)[number];
  readonly session: Session;
}

/** Logs in to the primary; undefined while there is none, `refused` when it takes no password. */
async function openPrimary(acting: Acting, secrets: Secrets): Promise<Opened | 'refused' | undefined> {
  const { name } = identityOf(acting);
  const primary = acting.seen.leader?.member;
  const authority = secrets.get(names.tlsSecret(name))?.data['ca.crt']?.reveal();
  const superuser = secrets.get(names.superuserSecret(name))?.data ?? {};
  if (primary === undefined || authority === undefined) return undefined;
  const member = memberOf(acting, primary, authority);
  const user = superuserOf('postgresql');
  for (const login of LOGINS) {
    const password = superuser[login];
    if (!password) continue;
    try {
      return { login, session: await acting.servers.open(member, { user, password }) };
    } catch (error) {
      if (!(error instanceof ServerError) || error.code !== WRONG_PASSWORD) throw error;
    }
  }
  return 'refused';
}

async function onPrimary<T>(
  acting: Acting,
  secrets: Secrets,
  work: (opened: Opened) => Promise<T>,
): Promise<T | 'refused' | undefined> {
  const opened = await openPrimary(acting, secrets);
  if (typeof opened !== 'object') return opened;
  try {
    return await work(opened);
  } finally {
    await opened.session.end();
  }
}

async function readRoles(session: Session): Promise<RolesSeen> {
  const rows = await session.run(READ_ROLES);
  const roles = rows.map(({ rolname, rolpassword }): [string, { verifier: Confidential | undefined }] => [
    String(rolname),
    { verifier: typeof rolpassword === 'string' ? new Confidential(rolpassword) : undefined },
  ]);
  const databases = await session.run(READ_DATABASE);
  return { roles: new Map(roles), hasDatabase: databases.length > 0 };
}

/** What the primary says of its roles; undefined while there is none. */
export async function askPrimary(acting: Acting, secrets: Secrets): Promise<PrimarySeen | undefined> {
  const said = await onPrimary(acting, secrets, async ({ login, session }) => ({
    login,
    roles: await readRoles(session),
  }));
  return said === 'refused' ? { login: said } : said;
}

/** Runs statements on the primary, each by itself. What somebody else has made by then is read in the next pass. */
export async function runOnPrimary(acting: Acting, secrets: Secrets, statements: readonly Statement[]): Promise<void> {
  await onPrimary(acting, secrets, async ({ session }) => {
    for (const { sql } of statements) {
      try {
        await session.run(sql.reveal());
      } catch (error) {
        if (!(error instanceof ServerError) || !ALREADY_THERE.includes(error.code)) throw error;
      }
    }
  });
}
