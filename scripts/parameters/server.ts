import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The account that a server runs under: PostgreSQL refuses root. */
const ACCOUNT = { uid: 999, gid: 999 } as const;

/** Modules with settings that the image ships with PostgreSQL itself. */
const MODULES = [
  ...['auth_delay', 'auto_explain', 'basebackup_to_shell', 'basic_archive', 'isn', 'passwordcheck', 'pg_prewarm'],
  ...['pg_stat_statements', 'pg_trgm', 'plpgsql', 'postgres_fdw'],
];

/** A PostgreSQL server in a root directory of its own. */
export interface Server {
  readonly major: string;
  /** The root directory for chroot; `/` for this computer's own. */
  readonly root: string;
  /** The folder of its programs, relative to that root. */
  readonly programs: string;
}

/** Reads `17=ROOT:PROGRAMS`, for example `17=/srv/debian13:/usr/lib/postgresql/17/bin`. */
export function readServer(text: string): Server {
  const [, major = '', root = '', programs = ''] = /^([0-9]+)=(\/[^:]*):(\/.+)$/.exec(text) ?? [];
  if (!major) throw new Error(`${JSON.stringify(text)} must be MAJOR=ROOT:PROGRAMS`);
  return { major, root, programs };
}

/** The server's data directory, relative to its root; servers may share a root. */
const folderOf = ({ major }: Server): string => `/tmp/ballast-parameters-${major}`;
const dataOf = (server: Server): string => `${folderOf(server)}/data`;
const fileOf = (server: Server): string => join(server.root, dataOf(server), 'postgresql.conf');

interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of its programs in its root, without an account database and without /proc. */
function run({ root, programs }: Server, program: string, args: readonly string[], input = ''): Answer {
  const account = `--userspec=${ACCOUNT.uid}:${ACCOUNT.gid}`;
  const env = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LD_LIBRARY_PATH: join(programs, '../lib'),
    LANG: 'C.UTF-8',
    USER: 'postgres',
  };
  const command = [account, root, join(programs, program), ...args];
  const { status, stdout, stderr, error } = spawnSync('chroot', command, { env, input, encoding: 'utf8' });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** Creates an empty data directory for the server, in place of an earlier one. */
export function prepare(server: Server): void {
  const folder = join(server.root, folderOf(server));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  chownSync(folder, ACCOUNT.uid, ACCOUNT.gid);
  const args = ['-D', dataOf(server), '-U', 'postgres', '--locale=C.UTF-8', '--encoding=UTF8', '--no-sync'];
  const { status, stderr } = run(server, 'initdb', args);
  if (status !== 0) throw new Error(`initdb of PostgreSQL ${server.major} failed: ${stderr}`);
  writeFileSync(fileOf(server), '');
  chmodSync(fileOf(server), 0o644);
}

/** Removes the data directory that `prepare` made. */
export function clean(server: Server): void {
  rmSync(join(server.root, folderOf(server)), { recursive: true, force: true });
}

/** Options of a server in single-user mode; a new root has no /dev/shm. */
function alone(server: Server, ...settings: readonly string[]): string[] {
  const all = ['dynamic_shared_memory_type=mmap', ...settings];
  return ['--single', '-D', dataOf(server), ...all.flatMap((setting) => ['-c', setting]), 'postgres'];
}

const loading = (modules: readonly string[]): string => `shared_preload_libraries=${modules.join(',')}`;

/** Queries the server in single-user mode; returns rows and columns of text. */
function query(server: Server, modules: readonly string[], select: string): string[][] {
  const at = `${folderOf(server)}/rows`;
  rmSync(join(server.root, at), { force: true });
  // PostgreSQL 14 loads no module at the start of single-user mode.
  const commands = modules.map((module) => `load '${module}'\n`).join('');
  const { stderr } = run(
    server,
    'postgres',
    alone(server, loading(modules)),
    `${commands}copy (${select}) to '${at}'\n`,
  );
  try {
    const text = readFileSync(join(server.root, at), 'utf8');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'));
  } catch (error) {
    throw new Error(`PostgreSQL ${server.major} did not answer: ${stderr}`, { cause: error });
  }
}

/** Whether the server starts with a module: not every major has every module. */
function loads(server: Server, module: string): boolean {
  return run(server, 'postgres', alone(server, loading([module]))).status === 0;
}

/** A row of pg_settings. */
export interface Described {
  readonly name: string;
  readonly type: string;
  readonly context: string;
  readonly unit: string;
  readonly least: string;
  readonly most: string;
  readonly values: readonly string[];
}

const COLUMNS = `name, vartype, context, coalesce(unit, ''), coalesce(min_val, ''), coalesce(max_val, ''),
  coalesce(array_to_string(enumvals, ','), '')`.replaceAll('\n', ' ');

/** All settings of the server and of its modules. */
export function describe(server: Server): Described[] {
  const modules = MODULES.filter((module) => loads(server, module));
  return query(server, modules, `select ${COLUMNS} from pg_settings order by lower(name)`).map(
    ([name = '', type = '', context = '', unit = '', least = '', most = '', values = '']) => ({
      ...{ name, type, context, unit, least, most },
      values: values === '' ? [] : values.split(','),
    }),
  );
}

/** Whether the server's root has a time zone. */
export function hasTimeZone({ root }: Server, name: string): boolean {
  return existsSync(join(root, 'usr/share/zoneinfo', name));
}

/** The names that `postgres --describe-config` lists, which Patroni accepts without a validator. */
export function namesForPatroni(server: Server): string[] {
  const { stdout } = run(server, 'postgres', ['--describe-config']);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
}

type Settings = readonly (readonly [name: string, value: string])[];

function writeFile(server: Server, settings: Settings): void {
  const lines = settings.map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  writeFileSync(fileOf(server), lines.join(''));
}

/** Whether the server starts with a configuration file in single-user mode, for a session that ends at once. */
export function starts(server: Server, settings: Settings): boolean {
  writeFile(server, settings);
  return run(server, 'postgres', alone(server)).status === 0;
}

/** Whether the server accepts a configuration file; `until` names a setting that the server computes later in its start. */
export function takes(server: Server, settings: Settings, until?: string): boolean {
  writeFile(server, settings);
  return run(server, 'postgres', ['-D', dataOf(server), '-C', until ?? 'port']).status === 0;
}

/** Whether a module accepts one of its settings: the server warns of an invalid one and ignores it. Not for 14. */
export function moduleTakes(server: Server, name: string, value: string): boolean {
  const module = name.slice(0, name.indexOf('.'));
  writeFile(server, [
    ['shared_preload_libraries', module],
    [name, value],
  ]);
  const { status, stderr } = run(server, 'postgres', alone(server));
  return status === 0 && !/(?:WARNING|ERROR|FATAL): /.test(stderr);
}
