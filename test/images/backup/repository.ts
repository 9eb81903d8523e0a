import type { SpawnOptionsWithoutStdio } from 'node:child_process';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { asPostgres, giveToPostgres, postgresqlPrograms } from '../../../lab/processes/debian-postgresql.ts';
import { isAlive, makeOwnFolder } from '../../../lab/processes/own-folder.ts';

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
  /**
   * Lives through so many hours at so many times the speed of a clock, by hours.py, while these options of pgbackrest.conf say where
   * the archive is; gives what hours.py prints. All programs live a day later afterwards. Needs `faketime`.
   */
  readonly live: (hours: number, speed: number, options: readonly string[]) => Promise<string>;
  readonly folder: string;
  /** The folder of the data directory, and of what the image's programs write beside it. */
  readonly volume: string;
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

/** The options of a repository that is a folder. */
const folderOptions = (folder: string): string[] => [`repo1-path=${folder}/repo`];

function configuration(folder: string, data: string, options = folderOptions(folder)): string {
  const paths = [...options, ...['lock', 'spool'].map((one) => `${one}-path=${folder}/${one}`)];
  const settings = ['start-fast=y', 'expire-auto=n', 'log-level-file=off', 'archive-timeout=20', 'compress-type=lz4'];
  const stanza = ['[orders]', `pg1-path=${data}`, `pg1-socket-path=${folder}`, 'pg1-user=postgres'];
  return ['[global]', ...paths, ...settings, ...stanza, ''].join('\n');
}

/** A volume of this size in the memory. */
function makeVolume(folder: string, sizeMiB: number): string {
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', folder]);
  giveToPostgres(folder);
  return folder;
}

/** Unmounts the volumes of processes that were killed: their folders could not be removed. */
function freeVolumes(): void {
  for (const [, volume = '', pid] of readFileSync('/proc/mounts', 'utf8').matchAll(
    / (\S+\/ballast-backup-(\d+)-\w+\/volume) /g,
  ))
    if (!isAlive(Number(pid))) execFileSync('umount', ['--lazy', volume]);
}

const SHARED_MEMORY = '/dev/shm';

/** Removes what programs with another time left in the shared memory: one that was killed leaves its part, and a later one of its number fails. */
function freeClocks(): void {
  for (const name of readdirSync(SHARED_MEMORY)) {
    const pid = /^(?:sem\.)?faketime_(?:sem|shm)_(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(SHARED_MEMORY, name), { force: true });
  }
}

/** What a program prints that runs beside this one; fails when it fails. */
async function inBackground([program, args]: [string, string[]], options: SpawnOptionsWithoutStdio): Promise<string> {
  const child = spawn(program, args, options);
  const [stdout, stderr, [code]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(stderr.slice(-2000));
  return stdout;
}

/** The same for a `before` hook; a machine without the programs skips the suite, and says so. */
export function repositoryOrSkip(hook: Mocha.Context, volumeMiB?: number): Repository {
  const bin = programs();
  if (bin !== undefined) return startRepository(bin, volumeMiB);
  process.stderr.write(`SKIPPED, ${hook.test?.parent?.title ?? ''}: no pgBackRest or no PostgreSQL\n`);
  return hook.skip();
}

/** Starts the server, its data on a volume of this size where one is given; its repository has no stanza yet. */
function startRepository(bin: string, volumeMiB?: number): Repository {
  freeVolumes();
  freeClocks();
  const folder = makeOwnFolder('backup');
  giveToPostgres(folder);
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    giveToPostgres(join(folder, name));
    return join(folder, name);
  };
  const volume = volumeMiB === undefined ? folder : makeVolume(join(folder, 'volume'), volumeMiB);
  const data = join(volume, 'data');
  const config = write('pgbackrest.conf', configuration(folder, data));
  run(folder, [`${bin}/initdb`, '-D', data, '--username=postgres', '--auth=trust', '--no-sync', '--locale=C.UTF-8']);
  // As it is rendered (generator/postgresql/settings.ts).
  const push = `pgbackrest --config=${config} --stanza=orders --archive-timeout=10 archive-push %p`;
  const instead = `/usr/bin/python3 -BIS ${join(folder, 'archive.py')} ${config} orders %p`;
  const command = `test ! -e ${join(volume, 'archive-suspended')} && ${push} || ${instead}`;
  const archive = `archive_mode = on\narchive_command = '${command}'\n`;
  appendFileSync(join(data, 'postgresql.conf'), `listen_addresses = ''\nfsync = off\n${archive}`);
  /** What precedes a command, so that it sees another time. */
  const clock: string[] = [];
  const serve = (where: string, act: 'start' | 'stop'): void => {
    const options = act === 'start' ? ['-o', `-k ${folder}`, '-l', join(folder, 'log')] : ['-m', 'fast'];
    run(folder, [`${bin}/pg_ctl`, act, '-w', '-D', where, ...options], clock);
  };
  /** Sets the clock of all programs from now on; the server does not run. */
  const setClock = (offset: string): void => {
    // Behind setpriv: what root shares of its time, no other user may open.
    clock.splice(
      0,
      Infinity,
      'env',
      `LD_PRELOAD=${FAKE_TIME}`,
      `FAKETIME=${offset}`,
      'DONT_FAKE_MONOTONIC=1',
      'FAKETIME_DISABLE_SHM=1',
    );
  };
  const travel: Repository['travel'] = (days) => {
    serve(data, 'stop');
    setClock(`+${days}d`);
    serve(data, 'start');
  };
  const live: Repository['live'] = async (hours, speed, options) => {
    serve(data, 'stop');
    write('pgbackrest-dead.conf', configuration(folder, data, [...options, 'archive-async=y']));
    write('pgbackrest-first.conf', configuration(folder, data));
    const args = [join(import.meta.dirname, 'hours.py'), folder, bin, data, String(hours)];
    // All programs that it starts share its time.
    const fast = ['env', 'FAKETIME_DONT_RESET=1', 'faketime', '-f', `+0 x${speed}`, '/usr/bin/python3', '-B', ...args];
    const said = await inBackground(asPostgres(fast), { cwd: folder, env });
    setClock(`+${hours + 24}h`);
    serve(data, 'start');
    return said;
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
    if (volumeMiB !== undefined) execFileSync('umount', ['--lazy', volume]);
    rmSync(folder, { recursive: true, force: true });
    freeClocks();
  };
  return {
    backUp,
    verify,
    python,
    query,
    restored,
    labels,
    archived,
    pgbackrest,
    travel,
    live,
    folder,
    volume,
    stop,
  };
}
