import pg from 'pg';

/** The login of a client. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Certificate of the Database's authority, PEM. */
  readonly authority: string;
  /** Time limit of connections and statements, in milliseconds. */
  readonly limitMs: number;
}

/** The address of a server, and the name in its certificate. */
export interface Target {
  readonly host: string;
  readonly certificateName: string;
}

const PORT = 5432;

/** Proof in the same statement of which server took the write: after a failover the same address may be a standby. */
const WRITE = `INSERT INTO probe.writes (run, client, number) VALUES ($1, $2, $3)
RETURNING host(inet_server_addr()) AS server,
  ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int AS timeline`;
const LOOK = `SELECT pg_is_in_recovery() AS recovering, host(inet_server_addr()) AS server,
  (SELECT count(*)::int FROM pg_stat_replication WHERE state = 'streaming') AS streaming`;
/** Some 8 kB that neither TOAST nor the WAL can compress much. */
const LOAD = `INSERT INTO probe.load (filler)
SELECT string_agg(md5(random()::text || piece), '') FROM generate_series(1, 250) AS piece`;

/** A session with the database. The caller closes it after an error. */
export class SqlSession {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Connects and logs in, within the limit, over TLS with the server's name checked. */
  static async open(login: Login, { host, certificateName }: Target): Promise<SqlSession> {
    const { authority, limitMs, ...account } = login;
    const client = new pg.Client({
      ...account,
      host,
      port: PORT,
      ssl: { ca: authority, servername: certificateName },
      connectionTimeoutMillis: limitMs,
      statement_timeout: limitMs,
      query_timeout: limitMs,
      application_name: 'failover-probe',
    });
    const session = new SqlSession(client);
    // The next statement reports a broken connection.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  /** Writes one row; resolves when the server confirms the commit. */
  async write(run: string, client: string, number: number): Promise<{ server: string; timeline: number }> {
    const { rows } = await this.#client.query<{ server: string; timeline: number }>(WRITE, [run, client, number]);
    return rows[0]!;
  }

  /** Asks a member for its role. */
  async look(): Promise<{ recovering: boolean; server: string; streaming: number }> {
    const { rows } = await this.#client.query<{ recovering: boolean; server: string; streaming: number }>(LOOK);
    return rows[0]!;
  }

  /** Writes some kilobytes that are not counted. */
  async load(): Promise<void> {
    await this.#client.query(LOAD);
  }

  /** Ends the session at once, whatever state it is in. */
  close(): void {
    // The goodbye may wait for ever on a broken connection.
    this.#client.end().catch(() => undefined);
    this.#client.connection.stream.destroy();
  }
}
