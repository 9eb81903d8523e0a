import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { archiveCommand } from '../generator/postgresql/settings.ts';
import { PATHS } from '../generator/postgresql/paths-and-ports.ts';
import type { Running } from '../lab/processes/process.ts';
import type { S3Server } from '../lab/s3/server.ts';
import { startS3Server } from '../lab/s3/server.ts';
import {
  ARCHIVING,
  IMAGE,
  INIT,
  PGBACKREST,
  restoreCommand,
  runs,
  settingsOf,
  started,
} from '../test/backups/database.ts';
import { Member } from '../test/backups/member.ts';
import { bringPrograms, unpackImage } from '../test/images/restricted.ts';
import type { Lag } from './archive-lag.ts';
import { lagUnder } from './archive-lag.ts';
import { median } from './spread.ts';

/** Measures backups with real programs and an S3 server on this computer, and writes the figures into docs/backup.md. */
const DOCUMENT = join(import.meta.dirname, '../docs/backup.md');
const [BEGIN, END] = ['<!-- figures: written by `npm run bench:backup` -->', '<!-- end of figures -->'];
const BUCKET = 'acme-backups';
/** About 15 MB each, as pgbench makes them. */
const SCALE = 70;
const TIMES = 3;
const LOAD_SECONDS = 60;
const QUIET_RATE = 20;
const SERVER = {
  ...ARCHIVING,
  archive_command: archiveCommand('orders'),
  archive_timeout: '60s',
  fsync: 'on',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
};
const COPY = `${PATHS.data}/copy`;
const BASE_BACKUP = `pg_basebackup --pgdata=${COPY} --checkpoint=fast --wal-method=none --host=${PATHS.socket}`;

const store = await startS3Server([BUCKET]);
const root = unpackImage(IMAGE, 'bench');
bringPrograms(root);
const members: Member[] = [];
const servers: Running[] = [];

function memberOf(name: string, spec: object): { readonly member: Member; readonly settings: Record<string, string> } {
  const settings = settingsOf(name, spec);
  const authority = { 'ca.crt': store.authority };
  const member = new Member(root, {
    settings,
    files: { [PATHS.bucketCa]: authority, [PATHS.restoreCa]: authority },
    hosts: [store.host],
    environment: { PGBACKREST_REPO1_S3_KEY: store.keys.id, PGBACKREST_REPO1_S3_KEY_SECRET: store.keys.secret },
  });
  members.push(member);
  return { member, settings };
}

function destinationIn({ host, proxy }: S3Server): object {
  const endpoint = `${host}:${proxy.port}`;
  return {
    s3: { bucket: BUCKET, prefix: 'shop/orders', endpoint, caSecret: 'store-ca', credentialsSecret: 'store-keys' },
  };
}

/** Seconds that a script takes in a member. */
async function seconds(member: Member, script: string): Promise<number> {
  const begin = performance.now();
  await runs(member, script);
  return (performance.now() - begin) / 1000;
}

interface Figures {
  readonly megabytes: number;
  readonly stored: number;
  readonly backup: number;
  readonly incremental: number;
  readonly baseBackup: number;
  readonly copy: number;
  readonly restore: number;
  readonly writes: number;
  readonly busy: Lag;
  readonly quiet: Lag;
}

async function measure(): Promise<Figures> {
  const destination = destinationIn(store);
  const { member } = memberOf('orders', { backup: { destination } });
  await runs(member, INIT);
  servers.push(await started(member, SERVER));
  await runs(
    member,
    `${PGBACKREST} stanza-create && createdb bench && pgbench --initialize --quiet --scale=${SCALE} bench`,
  );
  const size = Number(await runs(member, `psql -Atc 'select sum(pg_database_size(oid)) from pg_database'`));
  const times = {
    backup: [] as number[],
    incremental: [] as number[],
    baseBackup: [] as number[],
    copy: [] as number[],
  };
  for (let round = 0; round < TIMES; round += 1) {
    times.backup.push(await seconds(member, `${PGBACKREST} --type=full --start-fast backup`));
    times.incremental.push(await seconds(member, `${PGBACKREST} --type=incr --start-fast backup`));
    times.baseBackup.push(await seconds(member, BASE_BACKUP));
    await runs(member, `rm -rf ${COPY}`);
    times.copy.push(await seconds(member, `cp -r ${PATHS.pgdata}/base ${COPY} && sync -f ${COPY}`));
    await runs(member, `rm -rf ${COPY}`);
  }
  const info = JSON.parse(await runs(member, `${PGBACKREST} --log-level-console=off --output=json info`)) as [
    { readonly backup: readonly { readonly info: { readonly repository: { readonly size: number } } }[] },
  ];
  const { restore, writes } = await restored(destination);
  return {
    megabytes: size / 1e6,
    stored: info[0].backup[0]!.info.repository.size / 1e6,
    backup: median(times.backup),
    incremental: median(times.incremental),
    baseBackup: median(times.baseBackup),
    copy: median(times.copy),
    restore,
    writes,
    busy: await lagUnder(member, '--client=4 bench', LOAD_SECONDS),
    quiet: await lagUnder(member, `--client=1 --rate=${QUIET_RATE} bench`, LOAD_SECONDS),
  };
}

/** Seconds of the restore of a new Database, and of what follows until it takes writes. */
async function restored(destination: object): Promise<{ readonly restore: number; readonly writes: number }> {
  const rounds: { restore: number; writes: number }[] = [];
  for (let round = 0; round < TIMES; round += 1) {
    const { member, settings } = memberOf('copy', { bootstrap: { restore: { from: 'orders', destination } } });
    const restore = await seconds(member, restoreCommand(settings));
    const begin = performance.now();
    const server = await started(member, { ...SERVER, archive_mode: 'off' });
    rounds.push({ restore, writes: (performance.now() - begin) / 1000 });
    await server.stop();
    member.remove();
  }
  return {
    restore: median(rounds.map(({ restore }) => restore)),
    writes: median(rounds.map(({ writes }) => writes)),
  };
}

const times = (value: number): string => `${value.toFixed(2)} ×`;
const perSecond = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function lagRow(load: string, { written, archived, p50, p99, worst }: Lag): string {
  const lag = [p50, p99, worst].map((one) => `${one.toFixed(1)} s`).join(' | ');
  return `| ${load} | ${perSecond(written)} | ${times(archived / written)} | ${lag} |\n`;
}

function report(figures: Figures): string {
  const { megabytes, stored, backup, incremental, baseBackup, copy, restore, writes, busy, quiet } = figures;
  return `${BEGIN}

${megabytes.toFixed(0)} MB of pgbench's tables, ${stored.toFixed(0)} MB in the repository; two processors, on which PostgreSQL, pgBackRest, an S3
server with TLS and the load all run. Medians of ${TIMES} rounds in one run.

| what | how long | to \`pg_basebackup\` | to \`cp\` of the files |
| --- | --- | --- | --- |
| full backup into the bucket, compressed | ${backup.toFixed(1)} s | ${times(backup / baseBackup)} | ${times(backup / copy)} |
| incremental backup, nothing written | ${incremental.toFixed(1)} s | ${times(incremental / baseBackup)} | ${times(incremental / copy)} |
| restore from the bucket | ${restore.toFixed(1)} s | ${times(restore / baseBackup)} | ${times(restore / copy)} |
| from there until it takes writes | ${writes.toFixed(1)} s | | |

How much would be lost with the volume of the only member, at any moment: the age of the oldest write that is not in the archive.

| load for ${LOAD_SECONDS} s | WAL a second | archived, to written | p50 | p99 | worst |
| --- | --- | --- | --- | --- | --- |
${lagRow('pgbench, 4 clients, as fast as it goes', busy)}${lagRow(`pgbench, ${QUIET_RATE} transactions a second`, quiet)}
${END}`;
}

try {
  const text = report(await measure());
  const document = readFileSync(DOCUMENT, 'utf8');
  const [before = '', rest = ''] = document.split(BEGIN);
  const after = rest.split(END)[1];
  if (after === undefined) throw new Error(`${DOCUMENT} has no place for the figures`);
  writeFileSync(DOCUMENT, before + text + after);
  process.stdout.write(`${text}\n`);
} finally {
  for (const server of servers) await server.stop();
  for (const member of members) member.remove();
  await store.stop();
  root.remove();
}
