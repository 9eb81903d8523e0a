import type { AlertCase, Cases } from './cases.ts';
import { ALWAYS, NEVER, as, target, then, written } from './cases.ts';
import { SHAPES } from './series.ts';

function checked(name: string, labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const known = SHAPES[name]?.join();
  if (known !== Object.keys(labels).join()) throw new Error(`${name} has the labels ${String(known)}`);
  return labels;
}

const ofPatroni = (name: string, member: number): string =>
  written(name, {
    ...target(member, 'postgresql', 'patroni'),
    ...checked(name, { scope: 'orders', name: `orders-${member}` }),
  });
const ofExporter = (name: string, member: number, labels: Readonly<Record<string, string>> = {}): string =>
  written(name, { ...target(member, 'exporter', 'metrics'), ...checked(name, labels) });
const standby = (name: string, member: number, of: string): string =>
  ofExporter(`pg_standby_${name}`, member, { server: '/var/run/postgresql:5432', standby: of });

/** One series of each of three members. */
const ofAll = (name: string, values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value, member) => [ofPatroni(name, member), value]));
const leads = (...values: string[]): Record<string, string> => ofAll('patroni_primary', values);
const runs = (...values: string[]): Record<string, string> => ofAll('patroni_postgres_running', values);
const streams = (...values: string[]): Record<string, string> => ofAll('patroni_postgres_streaming', values);

const ALL_RUN = runs(ALWAYS, ALWAYS, ALWAYS);

const noPrimary = [{ summary: 'No member of shop/orders says that it is the primary and runs.' }];
const WITHOUT_PRIMARY: Cases = [
  { title: 'is silent while one member leads', series: { ...leads(ALWAYS, NEVER, NEVER), ...ALL_RUN }, minutes: 20 },
  {
    title: 'is silent while a switchover takes thirty seconds',
    series: { ...leads('1x19 0x40', '0x20 1x39', NEVER), ...ALL_RUN },
    minutes: 11,
  },
  {
    title: 'fires while nobody leads',
    series: { ...leads(NEVER, NEVER, NEVER), ...ALL_RUN },
    minutes: 2,
    fires: noPrimary,
  },
  {
    title: 'fires while the server of the one that leads does not run',
    series: { ...leads(ALWAYS, NEVER, NEVER), ...runs(NEVER, ALWAYS, ALWAYS) },
    minutes: 2,
    fires: noPrimary,
  },
  { title: 'fires while no member tells anything', series: {}, minutes: 2, fires: noPrimary },
  {
    title: 'fires once the last member is gone',
    series: { ...leads(then(1), then(0), then(0)), ...runs(then(1), then(1), then(1)) },
    minutes: 12,
    fires: noPrimary,
  },
];

const standbysLeft = (count: number): NonNullable<AlertCase['fires']> => [
  { summary: `shop/orders has ${count} of 2 standbys that stream.` },
];
const STANDBY_MISSING: Cases = [
  { title: 'is silent while both standbys stream', series: streams(NEVER, ALWAYS, ALWAYS), minutes: 20 },
  {
    title: 'is silent while a standby restarts for five minutes',
    series: streams(NEVER, ALWAYS, '1x19 0x9 1x30'),
    minutes: 20,
  },
  {
    title: 'is silent while the members change places',
    series: streams('0x20 1x39', '1x19 0x40', ALWAYS),
    minutes: 20,
  },
  {
    title: 'fires while a standby runs and does not stream',
    series: streams(NEVER, ALWAYS, NEVER),
    minutes: 11,
    fires: standbysLeft(1),
  },
  {
    title: 'fires while the pod of a standby is gone',
    series: streams(NEVER, ALWAYS, then(1)),
    minutes: 21,
    fires: standbysLeft(1),
  },
  { title: 'fires while nobody is there', series: {}, minutes: 11, fires: standbysLeft(0) },
];

const health = (labels: Readonly<Record<string, string>>): string =>
  written('ballast_database_backup_healthy', { job: 'ballast-controller', ...labels, name: 'orders' });
const unhealthy = [{ summary: 'The backups of shop/orders are not healthy: the condition BackupHealthy says why.' }];
const BACKUP_UNHEALTHY: Cases = [
  { title: 'is silent while backups are healthy', series: { [health({ namespace: 'shop' })]: ALWAYS }, minutes: 20 },
  { title: 'is silent while nothing is known', series: {}, minutes: 20 },
  {
    title: 'is silent about a Database of that name in the namespace of the controller',
    series: { [health({ namespace: 'shop', exported_namespace: 'billing' })]: NEVER },
    minutes: 20,
  },
  {
    title: 'fires while they are not, as the controller says it',
    series: { [health({ namespace: 'shop' })]: NEVER },
    minutes: 3,
    fires: unhealthy,
  },
  {
    title: 'fires where Prometheus has renamed the namespace',
    series: { [health({ namespace: 'ballast-system', exported_namespace: 'shop' })]: NEVER },
    minutes: 3,
    fires: unhealthy,
  },
];

const BEHIND = '40x60';
const late = [
  {
    labels: { standby: 'orders-2' },
    summary: 'The standby orders-2 in shop shows what was committed 40s ago.',
  },
];
const REPLICATION_LAG: Cases = [
  {
    title: 'is silent while nothing is written',
    series: {
      [standby('replay_lag_seconds', 0, 'orders-1')]: NEVER,
      [standby('replay_lag_seconds', 0, 'orders-2')]: NEVER,
    },
    minutes: 20,
  },
  {
    title: 'is silent while a standby is late for three minutes',
    series: { [standby('replay_lag_seconds', 0, 'orders-2')]: '0x19 40x5 0x30' },
    minutes: 16,
  },
  {
    title: 'is silent about others that receive the log',
    series: { [standby('replay_lag_seconds', 0, 'warehouse')]: BEHIND },
    minutes: 20,
  },
  {
    title: 'is silent about a standby that is no more',
    series: { [standby('replay_lag_seconds', 0, 'orders-2')]: then(40) },
    minutes: 11,
  },
  { title: 'is silent where nobody is there, which others tell', series: {}, minutes: 20 },
  {
    title: 'fires while a standby is late',
    series: {
      [standby('replay_lag_seconds', 0, 'orders-1')]: NEVER,
      [standby('replay_lag_seconds', 0, 'orders-2')]: BEHIND,
    },
    minutes: 6,
    fires: late,
  },
  {
    title: 'goes on while another member becomes primary',
    series: {
      [standby('replay_lag_seconds', 0, 'orders-2')]: '40x9 stale',
      [standby('replay_lag_seconds', 1, 'orders-2')]: '_x9 40x50',
    },
    minutes: 6,
    fires: late,
  },
];

const LAG_BYTES: Cases = [
  {
    title: 'is silent while a standby lacks no more than what it may',
    series: { [standby('flush_lag_bytes', 0, 'orders-2')]: '8388608x60' },
    minutes: 20,
  },
  {
    title: 'is silent while a standby catches up in three minutes',
    series: { [standby('flush_lag_bytes', 0, 'orders-2')]: '0x19 900000000x5 0x30' },
    minutes: 20,
  },
  {
    title: 'is silent about who never says what it stored',
    series: { [standby('flush_lag_bytes', 0, 'orders-2')]: Array(60).fill('NaN').join(' ') },
    minutes: 20,
  },
  {
    title: 'fires while a standby lacks more than what it may',
    series: { [standby('flush_lag_bytes', 0, 'orders-2')]: '10485760x60' },
    minutes: 6,
    fires: [
      {
        labels: { standby: 'orders-2' },
        summary:
          'The standby orders-2 in shop lacks 10MiB of the log; with more than 8388608 bytes it does not become primary.',
      },
    ],
  },
];

const waited = (of: string): Record<string, string> => ({
  [ofExporter('pg_archive_oldest_waiting_seconds', 0, { server: '/var/run/postgresql:5432' })]: of,
});
const ARCHIVE_WAITS: Cases = [
  { title: 'is silent while segments are archived within a minute', series: waited('0 40 0 60 10x40'), minutes: 20 },
  { title: 'is silent while a slow repository is two minutes behind', series: waited('120x60'), minutes: 20 },
  { title: 'is silent where nothing is measured, which others tell', series: {}, minutes: 20 },
  {
    title: 'fires within five minutes of the first segment that nobody takes',
    series: waited(Array.from({ length: 60 }, (_, number) => String(number * 30)).join(' ')),
    minutes: 5,
    fires: [{ summary: 'The write-ahead log of shop/orders has not been archived for 5m 0s.' }],
  },
];

const exporters = (up: string, failed = NEVER): Record<string, string> => ({
  [ofExporter('pg_up', 0)]: ALWAYS,
  [ofExporter('pg_exporter_last_scrape_error', 0)]: NEVER,
  [ofExporter('pg_up', 1)]: up,
  [ofExporter('pg_exporter_last_scrape_error', 1)]: failed,
});
const unmeasured = [
  {
    labels: { ...target(1, 'postgresql', 'patroni'), scope: 'orders', name: 'orders-1' },
    summary: 'orders-1 in shop runs, and its exporter does not measure it.',
  },
];
const EXPORTER_DOWN: Cases = [
  {
    title: 'is silent while all exporters answer',
    series: { ...runs(ALWAYS, ALWAYS), ...exporters(ALWAYS) },
    minutes: 30,
  },
  {
    title: 'is silent while a member restarts',
    series: { ...runs(ALWAYS, '1x9 0x9 1x40'), ...exporters('1x9 0x12 1x37') },
    minutes: 20,
  },
  {
    title: 'is silent while the member itself does not run',
    series: { ...runs(ALWAYS, NEVER), ...exporters(NEVER) },
    minutes: 30,
  },
  {
    title: 'fires while an exporter is not let in',
    series: { ...runs(ALWAYS, ALWAYS), ...exporters(NEVER) },
    minutes: 16,
    fires: unmeasured,
  },
  {
    title: 'fires while a query of an exporter fails',
    series: { ...runs(ALWAYS, ALWAYS), ...exporters(ALWAYS, ALWAYS) },
    minutes: 16,
    fires: unmeasured,
  },
  {
    title: 'fires once an exporter is gone',
    series: { ...runs(ALWAYS, ALWAYS), ...exporters(then(1), then(0)) },
    minutes: 26,
    fires: unmeasured,
  },
];

/** The alerts of PostgreSQL. */
export const POSTGRESQL: readonly AlertCase[] = [
  ...as('DatabaseWithoutPrimary', WITHOUT_PRIMARY),
  ...as('DatabaseStandbyMissing', STANDBY_MISSING),
  ...as('DatabaseReplicationLag', REPLICATION_LAG),
  ...as('DatabaseReplicationLagBytes', LAG_BYTES),
  ...as('DatabaseArchiveWaits', ARCHIVE_WAITS),
  ...as('DatabaseBackupUnhealthy', BACKUP_UNHEALTHY),
  ...as('DatabaseExporterDown', EXPORTER_DOWN),
];
