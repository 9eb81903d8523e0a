import { expect } from 'chai';
import { until } from '../controller.ts';
import { DatabaseUser } from './database-user.ts';
import type { ControllerProcess, Installation } from './installation.ts';
import { installationOrSkip } from './installation.ts';
import { Writer } from './writer.ts';

const DONE_MS = 300_000;
const MEGABYTE = 2 ** 20;

describe('a Database that grows, shrinks, sleeps and goes', function () {
  this.timeout('8m');
  let installed: Installation;
  let controller: ControllerProcess;
  let user: DatabaseUser;

  before(async function () {
    installed = await installationOrSkip(this);
    user = new DatabaseUser(installed.cluster, 'lively', 'orders');
    await user.begin();
    controller = await installed.startController();
    await user.apply({ replicas: 1 });
    await user.untilSettled();
    await user.asApplication('CREATE TABLE kept (what text); INSERT INTO kept VALUES ($$kept$$)');
  });

  after(async () => {
    await controller.stop();
    await user.end();
  });

  const claims = (): Promise<string[]> =>
    user.lines('get', 'pvc', '--output=jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}');
  const scale = async (replicas: number): Promise<void> => {
    await user.kubectl.run(['scale', 'db', 'orders', `--replicas=${replicas}`]);
  };
  const slots = (): Promise<string> =>
    user.onPrimary("SELECT string_agg(slot_name, ' ' ORDER BY slot_name) FROM pg_replication_slots");

  async function expectData(): Promise<void> {
    expect(await user.asApplication('SELECT what FROM kept')).to.equal('kept');
  }

  /** All names of objects of these kinds that belong to the Database. */
  async function owned(kinds: string): Promise<string[]> {
    return (await user.lines('get', kinds, '--selector=db.example.com/database=orders', '--output=name')).sort();
  }

  async function untilGone(): Promise<void> {
    await until(
      () => user.field('db/orders', 'metadata.name'),
      (name) => name === '',
      DONE_MS,
    );
  }

  it('grows from one member to five, with every one of them streaming', async () => {
    await scale(5);
    const { ready } = await user.untilSettled();
    expect(ready).to.equal('5/5');
    expect(await user.onPrimary("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")).to.equal('4');
  });

  it('shrinks to two although its primary is among those that go, which hands over first', async () => {
    await user.annotate('switchover=orders-4');
    await until(
      () => user.status(),
      ({ primary }) => primary === 'orders-4',
      DONE_MS,
    );
    await user.untilSettled();
    const before = await claims();
    const writer = await Writer.start(installed.cluster, user, 'shrinking');
    await scale(2);
    await user.untilSettled();
    const { lost, acknowledged, gapSeconds } = await writer.stop();
    process.stdout.write(`        shrinking: ${acknowledged} writes, longest gap ${gapSeconds.toFixed(1)} s\n`);
    expect(lost).to.deep.equal([]);
    expect((await user.pods()).map(({ name }) => name)).to.deep.equal(['orders-0', 'orders-1']);
    expect(await claims()).to.deep.equal(before);
    expect((await user.events()).filter((event) => event.includes('one too many'))).not.to.be.empty;
    await until(slots, (text) => /^orders_[01]$/.test(text), DONE_MS);
    await expectData();
  });

  it('grows again on the volume that was left, also when the controller is killed meanwhile', async () => {
    const before = await claims();
    await scale(3);
    await until(
      () => user.pods(),
      (pods) => pods.length === 3,
    );
    await controller.kill();
    controller = await installed.startController();
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

  it('says so when the class of its volumes does not let them grow', async () => {
    const fixed = new DatabaseUser(installed.cluster, 'lively', 'fixed');
    const storage = { size: '1Gi', storageClassName: 'fixed' };
    await fixed.apply({ replicas: 1, storage });
    await fixed.untilSettled();
    await fixed.apply({ replicas: 1, storage: { ...storage, size: '2Gi' } });
    expect(await fixed.untilCondition('StorageReady', /^False/)).to.equal(
      'False CannotGrow: 0 of 1 volume has grown to 2Gi: StorageClass fixed does not allow volumes to grow; allow it (allowVolumeExpansion: true), or restore a backup into a new Database of another class',
    );
    expect(await fixed.condition('Stalled')).to.match(/^True StorageCannotGrow/);
    expect(await fixed.condition('Ready')).to.match(/^True/);
    await fixed.kubectl.run(['delete', 'db', 'fixed', '--timeout=120s'], { limitMs: 130_000 });
  });

  it('sleeps, and wakes with its data', async () => {
    await user.annotate('hibernate=true');
    await user.untilCondition('Hibernated', /^True/);
    expect(await user.pods()).to.deep.equal([]);
    expect(await user.condition('Reconciling')).to.match(/^False/);
    await user.annotate('hibernate=false');
    await until(
      () => user.pods(),
      (pods) => pods.length === 3,
    );
    await user.untilSettled();
    await expectData();
  });

  it('has its CronJob while backups are on, what somebody changes put right, and nothing that is not asked for', async () => {
    const backup = { schedule: '0 3 1 1 *', destination: { pvc: { size: '1Gi' } } };
    await user.apply({ replicas: 3, storage: { size: '1200Mi' }, backup });
    await until(
      () => owned('cronjob'),
      (found) => found.includes('cronjob.batch/orders-backup'),
    );
    const backupClaim = await owned('pvc');
    await user.apply({ replicas: 3, storage: { size: '1200Mi' }, backup: { ...backup, enabled: false } });
    await until(
      () => owned('cronjob,deployment'),
      (found) => found.length === 0,
    );
    expect(await owned('pvc')).to.deep.equal(backupClaim);
    await user.kubectl.run(['delete', 'service', 'orders-primary']);
    await user.kubectl.run([
      'patch',
      'svc',
      'orders-replica',
      '--type=merge',
      '--patch={"spec":{"selector":{"app":"other"}}}',
    ]);
    await until(
      () => owned('service'),
      (found) => found.includes('service/orders-primary'),
    );
    await until(
      () => user.field('service/orders-replica', 'spec.selector'),
      (selector) => !selector.includes('other') || selector.includes('"db.example.com/role":"replica"'),
    );
    await user.untilSettled();
    await expectData();
  });

  it('is not deleted while it is protected, nor is its namespace', async () => {
    await user.change({ deletionPolicy: 'Protect' });
    await until(
      () => user.field('namespace/lively', 'metadata.labels'),
      (labels) => labels.includes('protected'),
    );
    const refused = await user.kubectl.run(['delete', 'namespace', 'lively', '--wait=false']).catch(String);
    expect(refused).to.contain('holds a Database with deletionPolicy Protect');
    await user.kubectl.run(['delete', 'db', 'orders', '--wait=false']);
    expect(await user.untilCondition('Stalled', /^True/)).to.contain('deletionPolicy is Protect');
    await expectData();
  });

  it('leaves volumes and Secrets when it may go, and nothing else', async () => {
    const before = await owned('pvc,secret');
    await user.change({ deletionPolicy: 'Retain' });
    await untilGone();
    expect(await owned('pvc,secret')).to.deep.equal(before);
    expect(await owned('sts,pod,svc,cm,sa,role,rolebinding,pdb,networkpolicy,cronjob,deployment')).to.deep.equal([]);
  });

  it('is held under the same name until it says that the volumes are its own, and then has its data', async () => {
    const spec = { replicas: 2, storage: { size: '1200Mi' }, deletionPolicy: 'Delete' };
    await user.apply(spec);
    expect(await user.untilCondition('Stalled', /^True/)).to.match(
      /^True VolumesOfAnotherDatabase: data-orders-0, data-orders-1/,
    );
    expect(await user.pods()).to.deep.equal([]);
    await user.apply({ ...spec, bootstrap: { adopt: true } });
    await user.untilSettled();
    await expectData();
  });

  it('goes with all it has once that is confirmed, and not before', async () => {
    await user.kubectl.run(['delete', 'db', 'orders', '--wait=false']);
    expect(await user.untilCondition('Stalled', /^True/)).to.contain('confirm-delete');
    await expectData();
    await user.annotate('confirm-delete=orders');
    await untilGone();
    const kinds = 'sts,pod,svc,cm,sa,role,rolebinding,pdb,networkpolicy,cronjob,deployment,secret';
    await until(
      () => owned(`${kinds},pvc`),
      (found) => found.length === 0,
    );
  });

  it('can be let go without the controller, as its page says, and keeps its data', async () => {
    await user.apply({ replicas: 1 });
    await user.untilSettled();
    await user.asApplication('CREATE TABLE kept (what text); INSERT INTO kept VALUES ($$kept$$)');
    await controller.kill();
    await user.kubectl.run(['delete', 'db', 'orders', '--wait=false']);
    await user.kubectl.run(['scale', 'statefulset', 'orders', '--replicas=0']);
    await until(
      () => user.pods(),
      (pods) => pods.length === 0,
      DONE_MS,
    );
    await user.kubectl.run(['delete', 'statefulset', 'orders', '--cascade=orphan']);
    await user.kubectl.run(['patch', 'db', 'orders', '--type=merge', '--patch={"metadata":{"finalizers":[]}}']);
    await untilGone();
    controller = await installed.startController();
    await user.apply({ replicas: 1, bootstrap: { adopt: true } });
    await user.untilSettled();
    await expectData();
  });
});
