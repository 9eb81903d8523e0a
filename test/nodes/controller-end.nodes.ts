import { expect } from 'chai';
import { until } from '../cluster/controller.ts';
import { askForBackup, untilFirstSucceeded } from './backups.ts';
import { untilTrusted } from './client.ts';
import { expectKept, writeKept } from './kept.ts';
import { untilMembers } from './members.ts';
import { story } from './story.ts';

const DONE_MS = 300_000;
/** What stays: it tells which backups there are, which outlive the Database. */
const LIST = ['configmap/orders-backups'];
const BACKUP = { schedule: '0 3 1 1 *', destination: { pvc: { size: '1Gi' } } };

describe('a Database that goes, and is made again', function () {
  this.timeout('8m');
  const { user, controller } = story({
    namespace: 'leaving',
    begin: async () => {
      await user.apply({ replicas: 3, backup: BACKUP });
      await user.untilSettled();
      await untilFirstSucceeded(user);
      await writeKept(user);
      // The volume of the third is left.
      await user.apply({ replicas: 2, backup: BACKUP });
      await user.untilSettled();
    },
  });

  /** Pods but those of Jobs, which stay for their logs as long as the DatabaseBackup that asked for them. */
  const running = (): Promise<string[]> =>
    user.lines('get', 'pods', '--selector=db.example.com/database=orders,!job-name', '--output=name');

  const untilPhase = (wanted: string): Promise<string> =>
    until(
      () => user.field('dbbackup/last', 'status.phase'),
      (phase) => phase === wanted,
      DONE_MS,
    );

  it('is not deleted while it is protected, nor is its namespace', async () => {
    await user.change({ deletionPolicy: 'Protect' });
    await until(
      () => user.field('namespace/leaving', 'metadata.labels'),
      (labels) => labels.includes('"db.example.com/protected":"true"'),
    );
    const refused = await user.kubectl.run(['delete', 'namespace', 'leaving', '--wait=false']).catch(String);
    expect(refused).to.contain('holds a Database with deletionPolicy Protect');
    await user.kubectl.run(['delete', 'db', 'orders', '--wait=false']);
    expect(await user.untilCondition('Stalled', /^True/)).to.contain('deletionPolicy is Protect');
    await expectKept(user);
  });

  it('leaves volumes and Secrets when it may go, and nothing else', async () => {
    const before = await user.owned('pvc,secret');
    expect(before.filter((name) => name.startsWith('persistentvolumeclaim/data-'))).to.have.length(3);
    await user.change({ deletionPolicy: 'Retain' });
    await user.untilGone();
    const namespace = await user.kubectl.run(['delete', 'namespace', 'leaving', '--wait=false']).catch(String);
    expect(namespace).to.contain('kubectl annotate namespace leaving db.example.com/confirm-delete=leaving');
    const claim = await user.kubectl.run(['delete', 'pvc', 'data-orders-0', '--wait=false']).catch(String);
    expect(claim).to.contain('data-orders-0 holds data of the Database orders, which no tool deletes unasked');
    expect(await user.owned('pvc,secret')).to.deep.equal(before);
    expect(await user.owned('sts,svc,cm,sa,role,rolebinding,pdb,networkpolicy,cronjob,deployment')).to.deep.equal(LIST);
    expect(await user.pods()).to.deep.equal([]);
    // That of the repository follows its Deployment.
    await until(running, (found) => found.length === 0);
  });

  it('is held under the same name until it says that the volumes are its own, and then has its data', async () => {
    const spec = { replicas: 2, deletionPolicy: 'Delete', backup: BACKUP };
    await user.apply(spec);
    expect(await user.untilCondition('Stalled', /^True/)).to.match(
      /^True VolumesOfAnotherDatabase: data-orders-0, data-orders-1/,
    );
    expect(await user.pods()).to.deep.equal([]);
    await user.apply({ ...spec, bootstrap: { adopt: true } });
    await user.untilSettled();
    await expectKept(user);
  });

  it('goes with all it has once that is confirmed, and not before', async () => {
    await user.kubectl.run(['delete', 'db', 'orders', '--wait=false']);
    expect(await user.untilCondition('Stalled', /^True/)).to.contain('confirm-delete');
    await expectKept(user);
    // The pod of its run would hold the volume of the backups.
    await askForBackup(user, 'last');
    await untilPhase('Running');
    await user.annotate('confirm-delete=orders');
    await user.untilGone();
    await untilPhase('Failed');
    const kinds = 'sts,svc,cm,sa,role,rolebinding,pdb,networkpolicy,cronjob,deployment,secret';
    await until(
      () => user.owned(`${kinds},pvc`),
      (found) => found.join() === LIST.join(),
    );
    await until(running, (found) => found.length === 0);
  });

  it('can be let go without the controller, as its page says, and keeps its data', async () => {
    await user.apply({ replicas: 1 });
    await user.untilSettled();
    await untilTrusted(user, await user.secret('tls', 'ca.crt'));
    await writeKept(user);
    await controller.kill();
    await user.kubectl.run(['delete', 'db', 'orders', '--wait=false']);
    await user.kubectl.run(['scale', 'statefulset', 'orders', '--replicas=0']);
    await untilMembers(user, 0, DONE_MS);
    await user.kubectl.run(['delete', 'statefulset', 'orders', '--cascade=orphan']);
    await user.kubectl.run(['patch', 'db', 'orders', '--type=merge', '--patch={"metadata":{"finalizers":[]}}']);
    await user.untilGone();
    await controller.start();
    await user.apply({ replicas: 1, bootstrap: { adopt: true } });
    await user.untilSettled();
    await expectKept(user);
  });
});
