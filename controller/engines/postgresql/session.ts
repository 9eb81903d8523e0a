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

/** Milliseconds to wait for the orderly end of a connection. */
const END_MS = 1_000;
/** Roles, databases and settings are a few thousand bytes. */
const MOST_BYTES = 2 ** 20;

/** A session's connection as the client holds it: the socket, and after the handshake the TLS socket. */
interface Line {
  readonly stream: Duplex;
  readonly once: (event: 'sslconnect', call: () => void) => unknown;
}

/** The connection options for a member. Throws when a certificate or a key is not PEM. */
export function configOf(
  member: Member,
  { user, password, pair }: Login,
  port = ENGINES.postgresql.port,
): ClientConfig {
  const { host } = member;
  const secureContext = contextFor(member, pair);
  return {
    // The client listens for errors only once it has started to connect.
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
    // The client's own limits throw from timers, where no code can catch the error: the limits are in byte-limits.ts.
    ssl: { secureContext, servername: host, rejectUnauthorized: true },
  };
}

/** An error with the code alone: PostgreSQL's message may contain the statement. */
function failed(what: string, host: string, error: unknown): ServerError {
  const code = codeOf(error);
  return new ServerError(`${host}: ${what} failed${code === '' ? '' : ` (${code})`}`, code);
}

/** The connection options; an unreadable certificate or key becomes a failed login. */
function readable(member: Member, login: Login, port: number | undefined): ClientConfig {
  try {
    return configOf(member, login, port);
  } catch (error) {
    throw failed('the login', member.host, error);
  }
}

/** A client whose failures appear only in its calls. */
class Guarded {
  readonly #client: Client;
  readonly #host: string;

  constructor(client: Client, host: string) {
    this.#client = client;
    this.#host = host;
    // The end of an idle connection is no failure; the next statement reports it.
    client.on('error', () => undefined);
    const line = this.#line();
    line.once('sslconnect', () => {
      const messages = new Messages();
      guard(this.#line().stream, MOST_BYTES, (part) => messages.take(part));
    });
  }

  #line(): Line {
    // Missing in its types.
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

/** Logs in over TLS, verified with the Database's own authority and presenting the pair. Throws a ServerError. */
export async function openSession(member: Member, login: Login, port = ENGINES.postgresql.port): Promise<Session> {
  // Loaded on first use: most passes never talk to PostgreSQL.
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
