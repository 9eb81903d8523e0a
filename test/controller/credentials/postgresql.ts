import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import { asPostgres, giveToPostgres, postgresqlPrograms } from '../../../lab/processes/debian-postgresql.ts';
import { makeOwnFolder } from '../../../lab/processes/own-folder.ts';
import { freePort, start } from '../../../lab/processes/process.ts';

const run = promisify(execFile);

/** The certificate of a server. */
export interface Files {
  readonly 'ca.crt': string;
  readonly 'tls.crt': string;
  readonly 'tls.key': string;
}

/** A PostgreSQL of Debian's that listens on the loopback, over TLS and with SCRAM only, as a rendered one does. */
export interface Postgresql {
  readonly port: number;
  /** Logs in as a client would: with psql and its own SCRAM, over verified TLS. Returns the role. */
  readonly login: (user: string, password: string, options?: LoginOptions) => Promise<string>;
  readonly connect: (options: Pick<ClientConfig, 'user' | 'password' | 'database'>) => Promise<Client>;
  /** Writes the files that the kubelet would swap, and makes the server read them. */
  readonly show: (files: Files) => void;
  /** The same of pg_hba.conf. */
  readonly rule: (hba: string) => void;
  readonly log: () => string;
  /** Folder with the files that it shows. */
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/** Where to log in, and whom to trust. */
export interface LoginOptions {
  readonly database?: string;
  /** Name that the certificate has to be good for. */
  readonly host?: string;
  /** File with authorities; those that the server shows when absent. */
  readonly authorities?: string;
  /** Asks for a connection over which WAL is sent. */
  readonly replication?: boolean;
  /** More of libpq's variables. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** How a server is to be other than usual. */
export interface ServerOptions {
  /** pg_hba.conf. */
  readonly hba?: string;
}

/** The error message of a refused attempt. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'no refusal',
    (error: unknown) => String(error),
  );
}

const START_MS = 30_000;

const HBA = 'hostssl replication replicator all scram-sha-256\nhostssl all all all scram-sha-256\n';
const CONFIGURATION = [
  "listen_addresses = '127.0.0.1'",
  'ssl = on',
  "password_encryption = 'scram-sha-256'",
  // All settings that could reveal a statement's text.
  "shared_preload_libraries = 'pg_stat_statements'",
  "log_statement = 'all'",
  'log_min_duration_statement = 0',
  'log_duration = on',
  "log_min_error_statement = 'debug5'",
  "log_error_verbosity = 'verbose'",
  'fsync = off',
  '',
].join('\n');

function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  giveToPostgres(join(folder, name));
}

function initialize(bin: string, folder: string, password: string, hba: string): string {
  const data = join(folder, 'data');
  write(folder, 'password', password);
  const how = ['--username=postgres', `--pwfile=${folder}/password`, '--auth=scram-sha-256', '--encoding=UTF8'];
  const [command, args] = asPostgres([`${bin}/initdb`, '-D', data, '--locale=C.UTF-8', '--no-sync', ...how]);
  execFileSync(command, args, { cwd: folder, stdio: 'ignore' });
  appendFileSync(join(data, 'postgresql.conf'), CONFIGURATION);
  for (const [setting, file] of [
    ['ssl_ca_file', 'ca.crt'],
    ['ssl_cert_file', 'tls.crt'],
    ['ssl_key_file', 'tls.key'],
  ]) {
    appendFileSync(join(data, 'postgresql.conf'), `${setting} = '${folder}/${file}'\n`);
  }
  write(data, 'pg_hba.conf', hba);
  return data;
}

/** Starts a server whose superuser has this password; undefined, and said, where PostgreSQL is not installed. */
export async function startPostgresql(
  password: string,
  files: Files,
  { hba = HBA }: ServerOptions = {},
): Promise<Postgresql | undefined> {
  const bin = postgresqlPrograms();
  if (bin === undefined) {
    process.stderr.write('SKIPPED, what needs a real PostgreSQL: none in /usr/lib/postgresql\n');
    return undefined;
  }
  const folder = makeOwnFolder('postgresql');
  giveToPostgres(folder);
  const show = (next: Files): void => {
    for (const [name, text] of Object.entries(next)) write(folder, name, text);
  };
  show(files);
  const data = initialize(bin, folder, password, hba);
  const port = await freePort();
  const logFile = join(folder, 'log');
  const [command, args] = asPostgres([`${bin}/postgres`, '-D', data, '-p', String(port), '-k', folder]);
  const server = start(command, args, logFile);
  const shown = (name: string): Buffer => readFileSync(join(folder, name));
  const connect: Postgresql['connect'] = async (options) => {
    const client = new Client({
      host: '127.0.0.1',
      port,
      ssl: { ca: shown('ca.crt'), cert: shown('tls.crt'), key: shown('tls.key') },
      ...options,
    });
    // The end of the server is no failure of a test.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const until = performance.now() + START_MS;
  for (;;) {
    const client = await connect({ user: 'postgres', password, database: 'postgres' }).catch(() => undefined);
    if (client) {
      await client.end();
      break;
    }
    const failure = server.failure();
    if (failure !== undefined || performance.now() > until) {
      await stop();
      throw new Error(failure ?? 'PostgreSQL does not answer');
    }
    await sleep(50);
  }
  const login: Postgresql['login'] = async (user, password, options = {}) => {
    const { database = 'postgres', host = 'localhost', authorities = join(folder, 'ca.crt') } = options;
    const { replication = false, variables = {} } = options;
    const env = {
      LC_ALL: 'C.UTF-8',
      PGHOST: host,
      PGHOSTADDR: '127.0.0.1',
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: password,
      PGDATABASE: database,
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: authorities,
      ...variables,
    };
    const [target, ask] = replication ? ['replication=true', 'IDENTIFY_SYSTEM'] : ['', 'SELECT session_user'];
    const { stdout } = await run(`${bin}/psql`, ['-AtXqc', ask, target], { env });
    return stdout.trim();
  };
  const reload = (): void => {
    const postmaster = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(postmaster, 'SIGHUP');
  };
  const showAndReload = (next: Files): void => {
    show(next);
    reload();
  };
  const rule = (next: string): void => {
    write(data, 'pg_hba.conf', next);
    reload();
  };
  return { port, login, connect, show: showAndReload, rule, folder, log: () => readFileSync(logFile, 'utf8'), stop };
}
