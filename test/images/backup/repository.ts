import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asPostgres, giveToPostgres, postgresqlPrograms } from '../../../lab/processes/debian-postgresql.ts';
import { makeOwnFolder } from '../../../lab/processes/own-folder.ts';

const IMAGE = join(import.meta.dirname, '../../../images/postgres');
const PATH = '/usr/local/bin:/usr/bin:/bin';

/** libfaketime, where Debian's package puts it: a program that loads it sees another time. */
export const FAKE_TIME = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;

/** What the program wrote into the termination message. */
export interface Result {
  readonly succeeded: boolean;
  readonly [field: string]: unknown;
}

/** How one of the image's programs ended. */
export interface Outcome {
  readonly code: number | null;
  /** What it wrote into its log. */
  readonly log: string;
  readonly result: Result;
}

/** A PostgreSQL of Debian's that archives into a repository of pgBackRest's, all in one folder and without a network. */
export interface Repository {
  readonly backUp: (...options: string[]) => Outcome;
  /** Verifies the newest backup with these statements, in a folder beside the server's. */
  readonly verify: (statements: readonly string[], ...options: string[]) => Outcome;
  /** Runs a script beside the image's programs. */
  readonly python: (script: string, ...args: string[]) => { readonly stdout: string; readonly stderr: string };
  readonly query: (text: string, database?: string) => string;
  /** Restores this backup, to its end and no further, and gives what the query answers there. */
  readonly restored: (label: string, text: string) => string;
  readonly labels: () => string[];
  /** Segments of WAL in the archive, oldest first. */
  readonly archived: () => string[];
  readonly pgbackrest: (...options: string[]) => string;
  /** From now on all programs live so many days from today; the server is restarted. Needs libfaketime. */
  readonly travel: (days: number) => void;
  readonly folder: string;
  readonly stop: () => void;
}

/** The folder of the newest PostgreSQL's programs; undefined when it or pgBackRest is not installed. */
function programs(): string | undefined {
  return existsSync('/usr/bin/pgbackrest') ? postgresqlPrograms() : undefined;
}

function run(folder: string, command: string[], clock: readonly string[] = []): string {
  const env = { PATH, HOME: folder, LC_ALL: 'C.UTF-8' };
  // A server that goes on in the background must not hold a pipe.
  const stdio = command[0]?.endsWith('pg_ctl') ? ('ignore' as const) : ('pipe' as const);
  const output: unknown = execFileSync(...asPostgres([...clock, ...command]), {
    cwd: folder,
    env,
    stdio,
    encoding: 'utf8',
  });
  return typeof output === 'string' ? output.trim() : '';
}

function configuration(folder: string, data: string): string {
  const paths = ['repo', 'lock', 'spool'].map((one) => `${one === 'repo' ? 'repo1' : one}-path=${folder}/${one}`);
  const settings = ['start-fast=y', 'expire-auto=n', 'log-level-file=off', 'archive-timeout=20', 'compress-type=lz4'];
  const stanza = ['[orders]', `pg1-path=${data}`, `pg1-socket-path=${folder}`, 'pg1-user=postgres'];
  return ['[global]', ...paths, ...settings, ...stanza, ''].join('\n');
}

/** The same for a `before` hook; a machine without the programs skips the suite, and says so. */
export function repositoryOrSkip(hook: Mocha.Context): Repository {
  const bin = programs();
  if (bin !== undefined) return startRepository(bin);
  process.stderr.write(`SKIPPED, ${hook.test?.parent?.title ?? ''}: no pgBackRest or no PostgreSQL\n`);
  return hook.skip();
}

/** Starts the server; its repository has no stanza yet. */
function startRepository(bin: string): Repository {
  const folder = makeOwnFolder('backup');
  giveToPostgres(folder);
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    giveToPostgres(join(folder, name));
    return join(folder, name);
  };
  const data = join(folder, 'data');
  const config = write('pgbackrest.conf', configuration(folder, data));
  run(folder, [`${bin}/initdb`, '-D', data, '--username=postgres', '--auth=trust', '--no-sync', '--locale=C.UTF-8']);
  // As it is rendered (generator/postgresql/settings.ts).
  const push = `pgbackrest --config=${config} --stanza=orders archive-push %p`;
  const instead = `/usr/bin/python3 -BIS ${join(folder, 'archive.py')} ${config} orders %p`;
  const command = `test ! -e ${join(folder, 'archive-suspended')} && ${push} || ${instead}`;
  const archive = `archive_mode = on\narchive_command = '${command}'\n`;
  appendFileSync(join(data, 'postgresql.conf'), `listen_addresses = ''\nfsync = off\n${archive}`);
  /** What precedes a command, so that it sees another time. */
  const clock: string[] = [];
  const serve = (where: string, act: 'start' | 'stop'): void => {
    const options = act === 'start' ? ['-o', `-k ${folder}`, '-l', join(folder, 'log')] : ['-m', 'fast'];
    run(folder, [`${bin}/pg_ctl`, act, '-w', '-D', where, ...options], clock);
  };
  const travel: Repository['travel'] = (days) => {
    serve(data, 'stop');
    // Behind setpriv: what root shares of its time, no other user may open.
    clock.splice(0, Infinity, 'env', `LD_PRELOAD=${FAKE_TIME}`, `FAKETIME=+${days}d`, 'DONT_FAKE_MONOTONIC=1');
    serve(data, 'start');
  };
  const query: Repository['query'] = (text, database = 'postgres') =>
    run(folder, [`${bin}/psql`, '-h', folder, '-U', 'postgres', '-d', database, '-AtXqc', text], clock);
  const pgbackrest = (...options: string[]): string =>
    run(folder, ['pgbackrest', `--config=${config}`, '--stanza=orders', ...options], clock);

  // The checkout may be closed to the user that the server runs as.
  for (const name of readdirSync(IMAGE).filter((file) => file.endsWith('.py')))
    write(name, readFileSync(join(IMAGE, name), 'utf8'));
  serve(data, 'start');
  const message = write('termination-log', '');
  const env = { PATH: `${bin}:${PATH}`, HOME: folder, TMPDIR: folder };
  const python: Repository['python'] = (script, ...args) => {
    const command = asPostgres([...clock, '/usr/bin/python3', '-Bc', script, ...args]);
    return spawnSync(...command, { cwd: folder, encoding: 'utf8', env });
  };
  const runProgram = (program: string, options: readonly string[]): Outcome => {
    const own = ['--database=orders', `--termination-log=${message}`];
    const command = asPostgres([...clock, '/usr/bin/python3', '-BIS', join(folder, program), ...own, ...options]);
    writeFileSync(message, '');
    const { status, stderr } = spawnSync(...command, { cwd: folder, encoding: 'utf8', env });
    const text = readFileSync(message, 'utf8');
    return { code: status, log: stderr, result: text === '' ? { succeeded: false } : (JSON.parse(text) as Result) };
  };
  const backUp: Repository['backUp'] = (...options) => runProgram('backup.py', [`--config=${config}`, ...options]);
  const scratch = join(folder, 'scratch');
  const scratchConfig = write('pgbackrest-verify.conf', configuration(folder, scratch));
  const major = /postgresql\/(\d+)\//.exec(bin)?.[1] ?? '';
  const verify: Repository['verify'] = (statements, ...options) => {
    const file = write('verify.json', JSON.stringify(statements));
    const own = [`--config=${scratchConfig}`, `--data=${scratch}`, `--major=${major}`, `--statements=${file}`];
    return runProgram('verify.py', [...own, ...options]);
  };
  const restored: Repository['restored'] = (label, text) => {
    const target = join(folder, 'restored');
    serve(data, 'stop');
    try {
      const how = ['--type=immediate', '--target-action=promote', '--archive-mode=off', `--pg1-path=${target}`];
      pgbackrest(`--set=${label}`, ...how, 'restore');
      serve(target, 'start');
      const answer = query(text);
      serve(target, 'stop');
      return answer;
    } finally {
      rmSync(target, { recursive: true, force: true });
      serve(data, 'start');
    }
  };
  const labels = (): string[] => {
    const [stanza] = JSON.parse(pgbackrest('--output=json', 'info')) as { backup: { label: string }[] }[];
    return (stanza?.backup ?? []).map(({ label }) => label);
  };
  const archived = (): string[] =>
    readdirSync(join(folder, 'repo/archive/orders'), { recursive: true, encoding: 'utf8' })
      .map((path) => /[0-9A-F]{24}(?=-[0-9a-f]{40})/.exec(path)?.[0])
      .filter((segment) => segment !== undefined)
      .sort();
  const stop = (): void => {
    serve(data, 'stop');
    rmSync(folder, { recursive: true, force: true });
  };
  return { backUp, verify, python, query, restored, labels, archived, pgbackrest, travel, folder, stop };
}
