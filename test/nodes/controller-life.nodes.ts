import { expect } from 'chai';
import { until } from '../cluster/controller.ts';
import { DatabaseUser } from './person.ts';
import { expectKept, writeKept } from './kept.ts';
import { untilMembers } from './members.ts';
import { story } from './story.ts';
import { cluster } from './suite.ts';

const DONE_MS = 300_000;
const MEGABYTE = 2 ** 20;

describe('a Database that grows, shrinks and sleeps', function () {
  this.timeout('8m');
  const { user, controller, whileWriting } = story({
    namespace: 'lively',
    begin: async () => {
      await user.apply({ replicas: 1 });
      await user.untilSettled();
      await writeKept(user);
    },
  });

  const claims = (): Promise<string[]> =>
    user.lines('get', 'pvc', '--output=jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}');
  const scale = async (replicas: number): Promise<void> => {
    await user.kubectl.run(['scale', 'db', 'orders', `--replicas=${replicas}`]);
  };
  const slots = (): Promise<string> =>
    user.onPrimary("SELECT string_agg(slot_name, ' ' ORDER BY slot_name) FROM pg_replication_slots");

  it('grows from one member to five, with every one of them streaming', async () => {
    await scale(5);
    const { ready } = await user.untilSettled();
    expect(ready).to.equal('5/5');
    expect(await user.onPrimary("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")).to.equal('4');
  });

  it('shrinks to two although its primary is among those that go, which switches over first', async () => {
    await user.annotate('switchover=orders-4');
    await until(
      () => user.status(),
      ({ primary }) => primary === 'orders-4',
      DONE_MS,
    );
    await user.untilSettled();
    const before = await claims();
    await whileWriting('shrinking', async () => {
      await scale(2);
      await user.untilSettled();
    });
    expect((await user.pods()).map(({ name }) => name)).to.deep.equal(['orders-0', 'orders-1']);
    expect(await claims()).to.deep.equal(before);
    expect((await user.events()).filter((event) => event.includes('one too many'))).not.to.be.empty;
    await until(slots, (text) => /^orders_[01]$/.test(text), DONE_MS);
    await expectKept(user);
  });

  it('grows again on the volume that was left, also when the controller is killed meanwhile', async () => {
    const before = await claims();
    await scale(3);
    await untilMembers(user, 3);
    await controller.kill();
    await controller.start();
    expect((await user.untilSettled()).ready).to.equal('3/3');
    expect(await claims()).to.deep.equal(before);
    expect(await user.kubectl.sql('orders-2', 'SELECT pg_is_in_recovery()')).to.equal('t\n');
  });

  it('gets larger volumes under members that run', async () => {
    const pods = await user.pods();
    await user.change({ storage: { size: '1200Mi' } });
    await user.untilCondition('StorageReady', /^True/);
    for (const { name } of pods) {
      const df = [
        'exec',
        name,
        '--container=postgresql',
        '--',
        'df',
        '--output=size',
        '--block-size=1',
        '/var/lib/ballast',
      ];
      await until(
        async () => Number((await user.kubectl.run(df)).split('\n')[1]),
        (size) => size > 1100 * MEGABYTE,
        DONE_MS,
      );
    }
    await user.untilSettled();
    expect(await user.pods()).to.deep.equal(pods);
  });

  it('is refused to grow where the class of its volumes does not let them, and goes on', async () => {
    const fixed = new DatabaseUser(cluster, 'lively', 'fixed');
    const storage = { size: '1Gi', storageClassName: 'fixed' };
    await fixed.apply({ replicas: 1, storage });
    await fixed.untilSettled();
    expect((await fixed.status()).volumesCanGrow).to.equal(false);
    const refused = await fixed.apply({ replicas: 1, storage: { ...storage, size: '2Gi' } }).catch(String);
    expect(refused).to.contain('storage-can-grow');
    expect(await fixed.condition('StorageReady')).to.match(/^True/);
    expect(await fixed.condition('Ready')).to.match(/^True/);
    await fixed.kubectl.run(['delete', 'db', 'fixed', '--timeout=120s'], { limitMs: 130_000 });
  });

  it('sleeps, and wakes with its data', async () => {
    await user.annotate('hibernate=true');
    await user.untilCondition('Hibernated', /^True/);
    expect(await user.pods()).to.deep.equal([]);
    expect(await user.condition('Reconciling')).to.match(/^False/);
    await user.annotate('hibernate=false');
    await untilMembers(user, 3);
    await user.untilSettled();
    await expectKept(user);
  });

  it('has its CronJob while backups are on, gets changes of others reverted, and has no other objects', async () => {
    const backup = { schedule: '0 3 1 1 *', destination: { pvc: { size: '1Gi' } } };
    await user.apply({ replicas: 3, storage: { size: '1200Mi' }, backup });
    await until(
      () => user.owned('cronjob'),
      (found) => found.includes('cronjob.batch/orders-backup'),
    );
    const backupClaim = await user.owned('pvc');
    await user.apply({ replicas: 3, storage: { size: '1200Mi' }, backup: { ...backup, enabled: false } });
    await until(
      () => user.owned('cronjob,deployment'),
      (found) => found.length === 0,
    );
    expect(await user.owned('pvc')).to.deep.equal(backupClaim);
    await user.kubectl.run(['delete', 'service', 'orders-primary']);
    await user.kubectl.run([
      'patch',
      'svc',
      'orders-replica',
      '--type=merge',
      '--patch={"spec":{"selector":{"app":"other"}}}',
    ]);
    await until(
      () => user.owned('service'),
      (found) => found.includes('service/orders-primary'),
    );
    await until(
      () => user.field('service/orders-replica', 'spec.selector'),
      (selector) => !selector.includes('other') || selector.includes('"db.example.com/role":"replica"'),
    );
    await user.untilSettled();
    await expectKept(user);
  });
});
