import { ENGINES } from '../../../database/engines/index.ts';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import type { Client, ClientConfig } from 'pg';
import { SESSION } from '../../credentials/statements.ts';
import { guard, within } from './byte-limits.ts';
import { Messages } from './messages.ts';
import type { Login, Member, Row, Session } from '../servers.ts';
import { ServerError, codeOf } from '../servers.ts';
import { contextFor, freeWith } from './tls-context.ts';

const CONNECT_MS = 5_000;
/** Longer than a statement may take on the server, for a server that does not answer at all. */
const QUERY_MS = 35_000;

/** A good-bye that is not answered is not waited for. */
const END_MS = 1_000;
/** Roles, databases and settings are a few thousand bytes. */
const MOST_BYTES = 2 ** 20;

/** A session's connection, as the client keeps it: the socket, and after the handshake what TLS makes of it. */
interface Line {
  readonly stream: Duplex;
  readonly once: (event: 'sslconnect', call: () => void) => unknown;
}

/** How the controller connects to a member. Throws where a certificate or a key is no PEM. */
export function configOf(
  member: Member,
  { user, password, pair }: Login,
  port = ENGINES.postgresql.port,
): ClientConfig {
  const { host } = member;
  const secureContext = contextFor(member, pair);
  return {
    // The client itself listens for errors only once it has begun to connect.
    stream: () => {
      const socket = new Socket();
      guard(socket, MOST_BYTES);
      freeWith(socket, secureContext);
      return socket;
    },
    host,
    port,
    user,
    password: password.reveal(),
    database: 'postgres',
    application_name: 'ballast-controller',
    // The client's own limits raise errors from timers that nobody can catch: ours are in guard.ts.
    ssl: { secureContext, servername: host, rejectUnauthorized: true },
  };
}

/** PostgreSQL's own words may hold what was sent: only the code is told. */
function failed(what: string, host: string, error: unknown): ServerError {
  const code = codeOf(error);
  return new ServerError(`${host}: ${what} failed${code === '' ? '' : ` (${code})`}`, code);
}

/** The same, where what cannot be read of a certificate or key is a login that failed. */
function readable(member: Member, login: Login, port: number | undefined): ClientConfig {
  try {
    return configOf(member, login, port);
  } catch (error) {
    throw failed('the login', member.host, error);
  }
}

/** A client whose failures stay in what is asked of it. */
class Guarded {
  readonly #client: Client;
  readonly #host: string;

  constructor(client: Client, host: string) {
    this.#client = client;
    this.#host = host;
    // The end of a connection that nobody waits for is nobody's failure; the next statement tells.
    client.on('error', () => undefined);
    const line = this.#line();
    line.once('sslconnect', () => {
      const messages = new Messages();
      guard(this.#line().stream, MOST_BYTES, (part) => messages.take(part));
    });
  }

  #line(): Line {
    // What its types leave out.
    return (this.#client as unknown as { readonly connection: Line }).connection;
  }

  async open(): Promise<void> {
    await within(CONNECT_MS, this.#client.connect(), () => {
      this.destroy();
    });
  }

  async run(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const asked = this.#client.query<Record<string, unknown>>({ text: sql, values: [...values] });
    const { rows } = await within(QUERY_MS, asked, () => {
      this.destroy();
    });
    return rows;
  }

  async end(): Promise<void> {
    const bye = async (): Promise<void> => {
      await this.#client.end();
    };
    await within(END_MS, bye(), () => undefined).catch(() => undefined);
    this.destroy();
  }

  /** Ends the connection at once, whatever the server does. */
  destroy(): void {
    this.#line().stream.destroy();
  }

  failed(what: string, error: unknown): ServerError {
    return failed(what, this.#host, error);
  }
}

/** Logs in over TLS that is verified with the Database's own authority, showing the pair. Throws a ServerError. */
export async function openSession(member: Member, login: Login, port = ENGINES.postgresql.port): Promise<Session> {
  // Loaded when it is first needed: most passes never talk to PostgreSQL.
  const { default: pg } = await import('pg');
  const client = new Guarded(new pg.Client(readable(member, login, port)), member.host);
  try {
    await client.open();
    for (const statement of SESSION) await client.run(statement);
  } catch (error) {
    client.destroy();
    throw client.failed('the login', error);
  }
  return {
    run: async (sql, values) => {
      try {
        return await client.run(sql, values);
      } catch (error) {
        throw client.failed('a statement', error);
      }
    },
    end: () => client.end(),
  };
}
