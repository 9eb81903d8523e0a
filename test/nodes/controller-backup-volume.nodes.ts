import { expect } from 'chai';
import { until } from '../cluster/controller.ts';
import { story } from './story.ts';

const DONE_MS = 300_000;

describe('a Database that is backed up to a volume', function () {
  this.timeout('10m');
  const { user } = story({
    namespace: 'shelved',
    begin: async () => {
      await user.apply({ replicas: 2, backup: { schedule: '0 3 1 1 *', destination: { pvc: { size: '1Gi' } } } });
      await user.untilSettled();
    },
  });

  const inRepository = (command: string): Promise<string> =>
    user.kubectl.run(['exec', 'deployment/orders-backup', '--', 'sh', '-c', command]);

  it('makes a backup beside the host of the repository, from its standby', async () => {
    await user.asApplication('CREATE TABLE sold AS SELECT generate_series(1, 1000) AS n');
    const [first = ''] = await until(
      () => user.lines('get', 'dbbackup', '--output=jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}'),
      (names) => names.length > 0,
      DONE_MS,
    );
    await until(
      () => user.field(`dbbackup/${first}`, 'status.phase'),
      (phase) => phase === 'Succeeded',
      DONE_MS,
    );
    const list = await user.field('configmap/orders-backups', 'metadata.annotations.db\\.example\\.com/backups');
    expect(JSON.parse(list)).to.have.nested.property('backups[0].type', 'full');
    expect(JSON.parse(list)).to.have.deep.property('gaps', []);
    expect(await user.kubectl.run(['logs', `job/${first}-run`])).to.match(/backup --backup-standby/);
  });

  it('archives each segment to it, and goes on after its host was away', async () => {
    const { primary = '' } = await user.status();
    await user.kubectl.run([
      'delete',
      'pod',
      '--selector=db.example.com/repository=host',
      '--grace-period=0',
      '--force',
    ]);
    await user.asApplication('INSERT INTO sold SELECT generate_series(1001, 2000)');
    const segment = await user.onPrimary('SELECT pg_walfile_name(pg_switch_wal())');
    await until(
      () => user.kubectl.sql(primary, 'SELECT last_archived_wal FROM pg_stat_archiver'),
      (last) => last.trim() >= segment,
      DONE_MS,
    );
    expect(await inRepository('ls /var/lib/pgbackrest/archive/orders/*/*')).to.include(segment);
  });
});
