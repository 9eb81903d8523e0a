import { expect } from 'chai';
import { until } from '../cluster/controller.ts';
import { backupNames } from '../../generator/backup-names.ts';
import { untilFirstSucceeded, untilSucceeded } from './backups.ts';
import { story } from './story.ts';

const DONE_MS = 300_000;

describe('a Database that is backed up to a volume, encrypted', function () {
  this.timeout('10m');
  const { user } = story({
    namespace: 'shelved',
    begin: async () => {
      const verify = { schedule: '0 4 1 1 *', sql: ['SELECT count(*) >= 1000 FROM sold'] };
      const destination = { pvc: { size: '1Gi' } };
      const backup = { schedule: '0 3 1 1 *', destination, encryption: { enabled: true }, verify };
      await user.apply({ replicas: 2, backup });
      await user.untilSettled();
    },
  });

  const inRepository = (command: string): Promise<string> =>
    user.kubectl.run(['exec', 'deployment/orders-backup', '--', 'sh', '-c', command]);

  const untilArchived = (segment: string): Promise<string> =>
    until(
      () => user.onPrimary('SELECT last_archived_wal FROM pg_stat_archiver'),
      (last) => last >= segment,
      DONE_MS,
    );

  /** Verifies the newest backup now, and gives what the status says of it. */
  async function verified(job: string): Promise<{ readonly result?: string; readonly condition: string }> {
    const before = await user.field('database/orders', 'status.lastVerified.time');
    await user.kubectl.run(['create', 'job', job, '--from=cronjob/orders-verify']);
    await until(
      () => user.field('database/orders', 'status.lastVerified.time'),
      (time) => time !== '' && time !== before,
      DONE_MS,
    );
    return {
      result: await user.field('database/orders', 'status.lastVerified.result'),
      condition: await user.condition('BackupHealthy'),
    };
  }

  /** Overwrites the middle of the largest file that matches, does the work, and puts the file back. */
  async function withDamage<T>(find: string, work: () => Promise<T>): Promise<T> {
    const path = (await inRepository(`ls -S ${find} | head -n 1`)).trim();
    const middle = Math.floor(Number(await inRepository(`stat -c %s ${path}`)) / 2);
    await inRepository(
      `cp -p ${path} ${path}.whole && printf damaged! | dd of=${path} bs=1 seek=${middle} conv=notrunc status=none`,
    );
    const done = await work();
    await inRepository(`mv ${path}.whole ${path}`);
    return done;
  }

  it('makes a backup beside the host of the repository, from its standby', async () => {
    await user.asApplication('CREATE TABLE sold AS SELECT generate_series(1, 1000) AS n');
    const first = await untilFirstSucceeded(user);
    const list = await user.field('configmap/orders-backups', 'metadata.annotations.db\\.example\\.com/backups');
    expect(JSON.parse(list)).to.have.nested.property('backups[0].type', 'full');
    expect(JSON.parse(list)).to.have.deep.property('gaps', []);
    expect(await user.kubectl.run(['logs', `job/${first}-run`])).to.match(/backup --backup-standby/);
  });

  it('archives each segment to it, and goes on after its host was away', async () => {
    await user.kubectl.run([
      'delete',
      'pod',
      '--selector=db.example.com/repository=host',
      '--grace-period=0',
      '--force',
    ]);
    await user.asApplication('INSERT INTO sold SELECT generate_series(1001, 2000)');
    const segment = await user.onPrimary('SELECT pg_walfile_name(pg_switch_wal())');
    await untilArchived(segment);
    expect(await inRepository('ls /var/lib/pgbackrest/archive/orders/*/*')).to.include(segment);
  });

  it('takes writes while the volume of its backups is full, says so, and goes on when there is room @long', async () => {
    await inRepository('dd if=/dev/zero of=/var/lib/pgbackrest/filler bs=1M 2>/dev/null; sync; df /var/lib/pgbackrest');
    await user.asApplication('INSERT INTO sold SELECT generate_series(2001, 3000)');
    await user.onPrimary('SELECT pg_switch_wal()');
    await user.annotate('backup=while-it-is-full');
    await user.untilCondition('BackupHealthy', /^False (?:ArchiveWaits|LastRunFailed): /);
    expect(await user.condition('Ready')).to.match(/^True /);
    await user.asApplication('INSERT INTO sold VALUES (3001)');
    await inRepository('rm /var/lib/pgbackrest/filler');
    const segment = await user.onPrimary('SELECT pg_walfile_name(pg_switch_wal())');
    await untilArchived(segment);
    await user.annotate('backup=when-there-is-room');
    await user.untilCondition('BackupHealthy', /^True /);
  });

  it('restores its newest backup to verify it, with the queries of its user', async () => {
    // The first one may be older than the table.
    await user.annotate('backup=with-the-rows');
    await untilSucceeded(user, backupNames.requested('orders', 'with-the-rows'));
    const { result, condition } = await verified('proof');
    expect(result, condition).to.equal('Succeeded');
    expect(condition).to.match(/^True /);
    expect(await user.kubectl.run(['logs', 'job/proof'])).to.include('"checks":["restore","start","pg_amcheck","sql"]');
  });

  it('names what is damaged in the archive and in the backup, and serves on @long', async () => {
    const list = await user.field('configmap/orders-backups', 'metadata.annotations.db\\.example\\.com/backups');
    const { backups } = JSON.parse(list) as { backups: { label: string; walStop: string }[] };
    const { label, walStop } = backups[0]!;
    const inArchive = await withDamage(`/var/lib/pgbackrest/archive/orders/*/*/${walStop}-*`, () =>
      verified('archive'),
    );
    expect(inArchive.condition)
      .to.match(/^False VerificationFailed: /)
      .and.include(`the archive has ${walStop} damaged`);
    const inBackup = await withDamage(`$(find /var/lib/pgbackrest/backup/orders/${label}/pg_data/base -type f)`, () =>
      verified('backup'),
    );
    expect(inBackup.condition).to.match(/restore ended with 2[69]/);
    expect(await user.condition('Ready')).to.match(/^True /);
    expect((await verified('again')).result).to.equal('Succeeded');
    await user.untilCondition('BackupHealthy', /^True /);
  });
});
