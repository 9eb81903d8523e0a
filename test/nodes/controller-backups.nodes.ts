import { expect } from 'chai';
import { until } from '../cluster/controller.ts';
import { askForBackup, untilFirstSucceeded, untilSucceeded } from './backups.ts';
import { DatabaseUser } from './person.ts';
import { Store } from './store.ts';
import { story } from './story.ts';
import { cluster } from './suite.ts';

const DONE_MS = 300_000;

/** A range of segments that the repository lacks. */
interface Gap {
  readonly from: string;
  readonly to: string;
  readonly segments: number;
}

/** The list of backups, as the job tells it. */
interface List {
  readonly gaps: readonly Gap[];
  readonly backups: readonly { readonly type: string; readonly walStart: string }[];
  readonly lastRun: { readonly succeeded: boolean; readonly reason?: string };
}

/** What the primary says about its archive. */
interface Archive {
  readonly state: string;
  readonly segments?: number;
  readonly gap?: Gap;
}

/** The number of a segment, of whatever timeline. */
const numberOf = (name: string): number =>
  Number.parseInt(name.slice(8, 16), 16) * 256 + Number.parseInt(name.slice(16), 16);

describe('a Database that is backed up to a bucket', function () {
  this.timeout('10m');
  let store: Store;
  /** The first segment of the first backup. */
  let oldest: string;
  const { user, whileWriting } = story({
    namespace: 'kept',
    begin: async () => {
      store = await Store.start(cluster, user);
      const backup = { schedule: '0 3 1 1 *', destination: store.destination };
      await user.apply({ replicas: 2, backup });
      await user.untilSettled();
    },
  });

  after(async () => {
    await (store as Store | undefined)?.stop();
  });

  async function list(): Promise<List> {
    const path = 'metadata.annotations.db\\.example\\.com/backups';
    return JSON.parse(await user.field('configmap/orders-backups', path)) as List;
  }

  /** Asks for a backup, and waits for it. */
  async function backUp(name: string): Promise<List> {
    await askForBackup(user, name);
    await untilSucceeded(user, name);
    return list();
  }

  async function archive(): Promise<Archive> {
    const { primary = '' } = await user.status();
    const text = await user.field(`pod/${primary}`, 'metadata.annotations.db\\.example\\.com/archive');
    return text === '' ? { state: 'none' } : (JSON.parse(text) as Archive);
  }

  const untilArchive = (state: string): Promise<Archive> => until(archive, (seen) => seen.state === state, DONE_MS);

  /** Numbers of the segments that the repository holds, of whatever timeline, in order. */
  async function stored(): Promise<number[]> {
    const { primary = '' } = await user.status();
    const command =
      'pgbackrest --config=/etc/ballast/pgbackrest.conf --stanza=orders --log-level-console=off repo-ls --recurse archive/orders';
    const text = await user.kubectl.run(['exec', primary, '--container=postgresql', '--', 'sh', '-c', command]);
    const names = text.match(/[0-9A-F]{24}(?=-[0-9a-f]{40})/g) ?? [];
    return [...new Set(names.map(numberOf))].sort((a, b) => a - b);
  }

  /** Ends the current segment, and waits until the repository holds all from the first backup up to it. */
  async function untilStored(gaps: readonly Gap[] = []): Promise<void> {
    const name = await user.onPrimary('SELECT pg_walfile_name(pg_switch_wal())');
    const [first, last] = [oldest, name].map(numberOf) as [number, number];
    const isGivenUp = (number: number): boolean =>
      gaps.some(({ from, to }) => number >= numberOf(from) && number <= numberOf(to));
    const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const needed = all.filter((number) => !isGivenUp(number));
    await until(stored, (numbers) => needed.every((number) => numbers.includes(number)), DONE_MS);
  }

  /** Starts a Database from the backups, and gives what the query answers there. */
  async function restored(name: string, restore: object, query: string): Promise<string> {
    const copy = new DatabaseUser(cluster, user.namespace, name);
    const destination = store.destination as { readonly s3: object };
    const from = { s3: { ...destination.s3, prefix: `${user.namespace}/orders` } };
    await copy.apply({ replicas: 1, bootstrap: { restore: { from: 'orders', destination: from, ...restore } } });
    await copy.untilSettled();
    return copy.onPrimary(`\\connect app\n${query}`);
  }

  it('makes a full backup as soon as it takes writes, and shows it', async () => {
    const first = await untilFirstSucceeded(user);
    expect(first).to.match(/^orders-first-/);
    const { backups, lastRun } = await list();
    expect(lastRun).to.include({ succeeded: true });
    expect(backups.map(({ type }) => type)).to.deep.equal(['full']);
    oldest = backups[0]!.walStart;
    await untilArchive('archiving');
    await user.untilCondition('BackupHealthy', /^True Succeeded/);
  });

  it('makes an incremental one when somebody asks for it, from its standby', async () => {
    await user.asApplication('CREATE TABLE sold (n int); INSERT INTO sold SELECT generate_series(1, 2000)');
    const { backups } = await backUp('before-migration');
    expect(backups.map(({ type }) => type)).to.deep.equal(['incremental', 'full']);
    expect(await user.kubectl.run(['logs', 'job/before-migration-run'])).to.match(/backup --backup-standby/);
  });

  it('makes one by an annotation, and one by its schedule, which becomes an object as well', async () => {
    await user.annotate('backup=now');
    await until(list, ({ backups }) => backups.length === 3, DONE_MS);
    await user.kubectl.run(['create', 'job', 'nightly', '--from=cronjob/orders-backup']);
    await until(list, ({ backups }) => backups.length === 4, DONE_MS);
    const phases = await until(
      () => user.lines('get', 'dbbackup', '--output=jsonpath={range .items[*]}{.status.phase}{"\\n"}{end}'),
      (found) => found.length === 4 && found.every((phase) => phase === 'Succeeded'),
      DONE_MS,
    );
    expect(phases).to.have.lengthOf(4);
    process.stdout.write(await user.kubectl.run(['get', 'dbbackup']));
  });

  it('ends a backup well whose primary is lost meanwhile @long', async () => {
    const before = (await list()).backups.length;
    await store.setFault({ kind: 'slow', delayMs: 500 });
    const ended = backUp('without-its-primary');
    await until(
      () => user.field('job/without-its-primary-run', 'status.ready'),
      (ready) => ready === '1',
      DONE_MS,
    );
    const { primary = '' } = await user.status();
    await user.kubectl.run(['delete', 'pod', primary, '--force', '--grace-period=0']);
    await user.untilSettled();
    await store.setFault({ kind: 'none' });
    const { backups, gaps, lastRun } = await ended;
    expect([lastRun.succeeded, gaps]).to.deep.equal([true, []]);
    expect(backups).to.have.lengthOf(before + 1);
    await untilStored();
  });

  it('makes backups by the schedule of a DatabaseBackup, which show as objects, until that is deleted @long', async () => {
    const [name, cronJob] = ['often', 'cronjob/often-schedule'];
    const schedule = '* * * * *';
    await askForBackup(user, name, { schedule });
    const last = await until(
      () => user.field(`dbbackup/${name}`, 'status.lastBackup'),
      (found) => found !== '',
      DONE_MS,
    );
    expect(await user.field(`dbbackup/${name}`, 'status.phase')).equal('Scheduled');
    await untilSucceeded(user, last);
    expect(await user.field(cronJob, 'spec.schedule')).equal(schedule);
    await user.kubectl.run(['patch', `dbbackup/${name}`, '--type=merge', '--patch={"spec":{"suspend":true}}']);
    await until(
      () => user.field(cronJob, 'spec.suspend'),
      (suspended) => suspended === 'true',
      DONE_MS,
    );
    await user.kubectl.run(['delete', `dbbackup/${name}`]);
    await until(
      () => user.lines('get', 'cronjob', '--output=name'),
      (found) => !found.some((one) => one.endsWith('/often-schedule')),
      DONE_MS,
    );
    expect(await user.field(`dbbackup/${last}`, 'status.phase')).equal('Succeeded');
  });

  it('starts another Database at a point in time, with the rows until then and no others', async () => {
    const time = await user.onPrimary(
      'SELECT to_char(clock_timestamp() AT TIME ZONE \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')',
    );
    await user.asApplication('INSERT INTO sold SELECT generate_series(2001, 3000)');
    await untilStored();
    expect(await restored('copy', { targetTime: time }, 'SELECT count(*), max(n) FROM sold')).to.equal('2000|2000');
  });

  for (const kind of ['hang', 'refuse'] as const) {
    it(`takes writes while the store does this: ${kind}; says that WAL waits, and leaves no gap @long`, async () => {
      await whileWriting(kind, async () => {
        await store.setFault({ kind });
        await user.onPrimary('SELECT pg_switch_wal()');
        const { segments = 0 } = await untilArchive('waiting');
        expect(segments).to.be.greaterThan(0);
        await store.setFault({ kind: 'none' });
        await untilArchive('archiving');
      });
    });
  }

  it('archives what a primary left that died while the store was away', async () => {
    await store.setFault({ kind: 'refuse' });
    await user.asApplication('INSERT INTO sold SELECT generate_series(3001, 4000)');
    await user.onPrimary('SELECT pg_switch_wal()');
    const { primary = '' } = await user.status();
    await user.kubectl.run(['delete', 'pod', primary, '--force', '--grace-period=0']);
    await until(
      () => user.status(),
      (status) => status.primary !== primary,
      DONE_MS,
    );
    await user.untilSettled();
    await store.setFault({ kind: 'none' });
    await user.asApplication('INSERT INTO sold SELECT generate_series(4001, 5000)');
    await untilStored();
    expect(await restored('after', {}, 'SELECT count(*), max(n) FROM sold')).to.equal('5000|5000');
  });

  it('takes writes although the store refuses more WAL than its volume holds, and states the gap exactly @long', async () => {
    await store.setFault({ kind: 'refuse' });
    await whileWriting('an archive that fills the volume', async () => {
      await until(
        async () => {
          await user.asApplication('INSERT INTO sold VALUES (0)');
          await user.onPrimary('SELECT pg_switch_wal()');
          return archive();
        },
        ({ state, segments = 0 }) => state === 'suspended' && segments > 5,
        DONE_MS,
      );
      await store.setFault({ kind: 'none' });
      await user.asApplication('INSERT INTO sold VALUES (-1)');
      await user.onPrimary('SELECT pg_switch_wal()');
      await untilArchive('archiving');
    });
    const { gap } = await archive();
    const { gaps } = await backUp('after-the-gap');
    expect(gaps).to.have.lengthOf(1);
    expect(gap).to.include(gaps[0]);
    expect(gaps[0]?.segments).to.be.greaterThan(5);
    await user.asApplication('INSERT INTO sold VALUES (-2)');
    await untilStored(gaps);
    expect(await restored('past', {}, 'SELECT min(n) FROM sold')).to.equal('-2');
  });
});
