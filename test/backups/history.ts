import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { PATHS } from '../../generator/postgresql/paths-and-ports.ts';
import type { Running } from '../../lab/processes/process.ts';
import type { ImageRoot } from '../images/restricted.ts';
import { ACCOUNT } from '../images/restricted.ts';
import { Member } from './member.ts';
import { INIT, restoreCommand, settingsOf, started } from './database.ts';

const S3 = { s3: { bucket: 'acme-backups', prefix: 'shop/orders', region: 'eu-central-1' } };
const PGBACKREST = `pgbackrest --config=${PATHS.pgbackrest} --stanza=orders`;
const SERVER = { listen_addresses: '', unix_socket_directories: PATHS.socket, fsync: 'off', shared_buffers: '16MB' };
const SOURCE = {
  ...SERVER,
  archive_mode: 'on',
  archive_command: `${PGBACKREST} archive-push %p`,
  // The history is read from the WAL at the end.
  wal_keep_size: '1GB',
};

/** One committed transaction: the numbers that it wrote, the moment in microseconds, and the position of its record. */
export interface Commit {
  readonly rows: readonly number[];
  readonly time: number;
  readonly lsn: bigint;
}

/** A named state, and the newest backup before it. */
export interface RestorePoint {
  readonly name: string;
  readonly backup: string;
  readonly lsn: bigint;
}

/** A position as a number. */
function lsnOf(text: string): bigint {
  const [upper = '', lower = ''] = text.split('/');
  return (BigInt(`0x${upper}`) << 32n) + BigInt(`0x${lower}`);
}

/** A position as PostgreSQL writes it. */
export function lsnText(lsn: bigint): string {
  return [lsn >> 32n, lsn & 0xffffffffn].map((half) => half.toString(16).toUpperCase()).join('/');
}

const COMMIT = /tx:\s+(\d+), lsn: ([0-9A-F]+\/[0-9A-F]+),.* desc: COMMIT (\d+-\d+-\d+) (\d+:\d+:\d+)(?:\.(\d+))? UTC/;

/** A moment in RFC 3339, with microseconds. */
export function timeText(time: number): string {
  const seconds = new Date(Math.floor(time / 1e6) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(time % 1e6).padStart(6, '0')}Z`;
}

/** A member whose repository is a folder; otherwise its configuration is as rendered. */
export class LocalMember {
  readonly member: Member;
  #server: Running | undefined;
  readonly #command: string | undefined;

  constructor(root: ImageRoot, repository: string, settings: Readonly<Record<string, string>>) {
    const local = Object.entries(settings).map(([name, text]) => {
      const lines = text
        .replaceAll(/^repo1-.*\n/gm, '')
        .replace('[global]', `[global]\nrepo1-path=${PATHS.repository}`);
      return [name, name.startsWith('pgbackrest') ? lines : text];
    });
    this.#command = settings['patroni.yaml']?.includes('ballast-restore') ? restoreCommand(settings) : undefined;
    this.member = new Member(root, {
      settings: Object.fromEntries(local) as Record<string, string>,
      files: {},
      folders: { [PATHS.repository]: repository },
      hosts: [],
      environment: { TZ: 'UTC' },
    });
  }

  async run(script: string): Promise<string> {
    const { code, output } = await this.member.run(script);
    if (code !== 0) throw new Error(`${script.slice(0, 300)} ended with ${String(code)}: ${output.slice(-2000)}`);
    return output;
  }

  query(sql: string): Promise<string> {
    return this.run(`psql -qAtX <<'END'\n${sql}\nEND`);
  }

  /** Runs the rendered command, after another script; its outcome is its last line. */
  async restore(first = ''): Promise<{ readonly code: number | null; readonly outcome: Record<string, unknown> }> {
    const { code, output } = await this.member.run(`${first} ${this.#command ?? ''} 2>/dev/null`);
    const last = output.split('\n').at(-1) ?? '';
    return { code, outcome: (last.startsWith('{') ? JSON.parse(last) : { output }) as Record<string, unknown> };
  }

  async start(settings: Readonly<Record<string, string>> = SERVER): Promise<void> {
    this.#server = await started(this.member, settings);
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    this.member.remove();
  }
}

/** Transactions that write these numbers, some of them several; aborted ones in between. */
function transactions(first: number, count: number): string {
  const statements = Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const aborted = index % 5 === 2 ? `begin; insert into sold values (-${number}); rollback;` : '';
    const more =
      index % 4 === 1 ? `begin; insert into sold values (${number}); insert into sold values (${number}); commit;` : '';
    return `${aborted}${more || `insert into sold values (${number});`} select pg_sleep(random() * 0.05);`;
  });
  return statements.join('\n');
}

/** The committed transactions of a member's WAL with the rows that they wrote, in the order of the WAL. */
async function commitsOf(source: LocalMember, least: number): Promise<Commit[]> {
  const written = new Map<string, number[]>();
  for (const line of (await source.query(`select xmin, n from sold where n >= ${least}`)).split('\n')) {
    const [xid = '', number] = line.split('|');
    written.set(xid, [...(written.get(xid) ?? []), Number(number)]);
  }
  const dumped = await source.run(
    `cd ${PATHS.pgdata}/pg_wal; for file in [0-9A-F]*[0-9A-F]; do case $file in *.*) ;; *) pg_waldump -r Transaction $file $file 2>/dev/null;; esac; done; true`,
  );
  const commits = new Map<bigint, Commit>();
  for (const line of dumped.split('\n')) {
    const [, xid = '', at = '', day = '', clock = '', fraction = '0'] = COMMIT.exec(line) ?? [];
    if (at === '') continue;
    const time = Date.parse(`${day}T${clock}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
    commits.set(lsnOf(at), { rows: written.get(xid) ?? [], time, lsn: lsnOf(at) });
  }
  return [...commits.values()].sort((one, other) => (one.lsn < other.lsn ? -1 : 1));
}

/** What happened to a database whose backups are in one repository. */
export interface History {
  /** Timelines 1 and 2, with a failover between them. */
  readonly first: readonly Commit[];
  /** What was written after the database was put back to the state at `putBack`: timeline 3. */
  readonly second: readonly Commit[];
  readonly putBack: number;
  readonly points: readonly RestorePoint[];
  /** Labels of the backups, and the positions of their ends. */
  readonly backups: readonly { readonly label: string; readonly stop: number; readonly lsn: bigint }[];
  readonly repository: string;
}

async function backUp(source: LocalMember, type: string): Promise<void> {
  await source.run(`${PGBACKREST} --type=${type} --log-level-console=off backup`);
}

async function backupsOf(source: LocalMember): Promise<History['backups']> {
  const [stanza] = JSON.parse(await source.run(`${PGBACKREST} --log-level-console=off --output=json info`)) as {
    readonly backup: { label: string; timestamp: { stop: number }; lsn: { stop: string } }[];
  }[];
  return (stanza?.backup ?? []).map(({ label, timestamp, lsn }) => ({
    label,
    stop: timestamp.stop,
    lsn: lsnOf(lsn.stop),
  }));
}

async function pointAt(source: LocalMember, name: string): Promise<RestorePoint> {
  const lsn = lsnOf(await source.query(`select pg_create_restore_point('${name}')`));
  return { name, backup: (await backupsOf(source)).at(-1)?.label ?? '', lsn };
}

/** The first of two lives: backups, transactions, restore points, and a failover. */
async function firstLife(source: LocalMember): Promise<RestorePoint[]> {
  await source.run(INIT);
  await source.start(SOURCE);
  await source.query('create table sold (n int)');
  await source.run(`${PGBACKREST} --log-level-console=off stanza-create`);
  await backUp(source, 'full');
  await source.query(transactions(1, 25));
  const points = [await pointAt(source, 'before the sale')];
  // It is open while others commit, and while a backup is made.
  const long = source.query('begin; insert into sold values (900); select pg_sleep(4); commit;');
  await source.query(transactions(101, 25));
  await backUp(source, 'incr');
  await long;
  await source.query(transactions(201, 25));
  await source.stop();
  await source.run(`touch ${PATHS.pgdata}/standby.signal`);
  const promoted = source.start(SOURCE);
  await source.run(`until pg_ctl -D ${PATHS.pgdata} promote >/tmp/log 2>&1; do sleep 0.2; done`);
  await promoted;
  await source.query(transactions(301, 25));
  await backUp(source, 'incr');
  await source.query(transactions(401, 25));
  points.push(await pointAt(source, 'release-4.2'));
  await source.query(transactions(501, 10));
  await source.run(`${PGBACKREST} --log-level-console=off check`);
  return points;
}

/** The second, of a member that was restored to an earlier state and goes on in the same repository. */
async function secondLife(source: LocalMember): Promise<void> {
  const { code, outcome } = await source.restore();
  if (code !== 0) throw new Error(JSON.stringify(outcome));
  await source.start(SOURCE);
  await source.query(transactions(10_001, 25));
  await backUp(source, 'incr');
  await source.query(transactions(10_101, 25));
  await source.run(`${PGBACKREST} --log-level-console=off check`);
}

/** A Database that starts from the backups of the history's, with these fields of `bootstrap.restore`. */
export function copyOf(root: ImageRoot, repository: string, restore: object): LocalMember {
  const settings = settingsOf('copy', { bootstrap: { restore: { from: 'orders', destination: S3, ...restore } } });
  return new LocalMember(root, repository, settings);
}

/** Makes the history in an empty folder. */
export async function makeHistory(root: ImageRoot, folder: string): Promise<History> {
  const repository = `${folder}/repository`;
  mkdirSync(repository);
  chownSync(repository, ACCOUNT, ACCOUNT);
  execFileSync('chmod', ['755', folder]);
  const own = settingsOf('orders', { backup: { destination: S3 } });
  const sources = [new LocalMember(root, repository, own)];
  try {
    const points = await firstLife(sources[0]!);
    const first = await commitsOf(sources[0]!, 0);
    await sources[0]!.stop();
    // Between the second backup and the third, on timeline 2.
    const putBack = first.find(({ rows }) => rows.includes(310))!.time;
    const restore = { from: 'orders', destination: S3, targetTime: timeText(putBack) };
    sources.push(
      new LocalMember(root, repository, settingsOf('orders', { backup: { destination: S3 }, bootstrap: { restore } })),
    );
    await secondLife(sources[1]!);
    const second = (await commitsOf(sources[1]!, 10_000)).filter(({ time }) => time > first.at(-1)!.time);
    return { first, second, putBack, points, backups: await backupsOf(sources[1]!), repository };
  } finally {
    for (const source of sources) await source.remove();
  }
}
