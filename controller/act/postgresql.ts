import type { Client, ClientConfig } from 'pg';
import { SESSION } from '../credentials/statements.ts';
import type { Login, Member, Row, Session } from './servers.ts';
import { ServerError, codeOf } from './servers.ts';

const PORT = 5432;
const CONNECT_MS = 5_000;
/** Longer than a statement may take on the server, for a server that does not answer at all. */
const QUERY_MS = 35_000;

/** How the controller connects to a member. */
export function configOf({ host, authority }: Member, { user, password, pair }: Login): ClientConfig {
  const shown = pair && { cert: pair.certificate, key: pair.key.reveal() };
  return {
    host,
    port: PORT,
    user,
    password: password.reveal(),
    database: 'postgres',
    application_name: 'ballast-controller',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    ssl: { ca: authority, servername: host, rejectUnauthorized: true, minVersion: 'TLSv1.2', ...shown },
  };
}

/** PostgreSQL's own words may hold what was sent: only the code is told. */
function failed(what: string, host: string, error: unknown): ServerError {
  const code = codeOf(error);
  return new ServerError(`${host}: ${what} failed${code === '' ? '' : ` (${code})`}`, code);
}

async function run(client: Client, host: string, sql: string, values?: readonly unknown[]): Promise<readonly Row[]> {
  try {
    const { rows } = await client.query<Record<string, unknown>>({ text: sql, values: values ? [...values] : [] });
    return rows;
  } catch (error) {
    throw failed('a statement', host, error);
  }
}

/** Logs in over TLS that is verified with the Database's own authority, showing the pair. Throws a ServerError. */
export async function openSession(member: Member, login: Login): Promise<Session> {
  // Loaded when it is first needed: most passes never talk to PostgreSQL.
  const { default: pg } = await import('pg');
  const client = new pg.Client(configOf(member, login));
  // The end of a connection that nobody waits for is nobody's failure; the next statement tells.
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const statement of SESSION) await client.query(statement);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw failed('the login', member.host, error);
  }
  return {
    run: (sql, values) => run(client, member.host, sql, values),
    end: async () => {
      await client.end().catch(() => undefined);
    },
  };
}
