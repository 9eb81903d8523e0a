import { expect } from 'chai';
import { until } from '../controller.ts';
import type { SeenPod } from './database-user.ts';
import { DatabaseUser } from './database-user.ts';
import { killNode, processesIn, startNode } from './faults.ts';
import type { ControllerProcess, Installation } from './installation.ts';
import { installationOrSkip } from './installation.ts';
import { nodeNamed } from './layout.ts';
import { Writer } from './writer.ts';

const CHANGED_MS = 120_000;
const ROLLED_MS = 300_000;

describe('a Database whose primary fails', function () {
  this.timeout('8m');
  let installed: Installation;
  let controller: ControllerProcess;
  let user: DatabaseUser;

  before(async function () {
    installed = await installationOrSkip(this);
    user = new DatabaseUser(installed.cluster, 'shaken', 'orders');
    await user.begin();
    controller = await installed.startController();
    await user.apply({ podAntiAffinity: 'required' });
    await user.untilSettled();
  });

  after(async () => {
    await controller.stop();
    await user.end();
  });

  async function failovers(): Promise<number> {
    const shown = /database_failover_total\{namespace="shaken",name="orders"\} (\d+)/.exec(await controller.metrics());
    return Number(shown?.[1] ?? 0);
  }

  async function primaryPod(): Promise<SeenPod> {
    const { primary } = await user.status();
    const pod = (await user.pods()).find(({ name }) => name === primary);
    if (!pod) throw new Error(`there is no pod ${String(primary)}`);
    return pod;
  }

  /** Does something to the primary while the application writes, and waits until another leads and all is well again. */
  async function takeOver(what: string, work: (was: SeenPod) => Promise<void>): Promise<SeenPod> {
    await user.untilInStep();
    const [was, counted] = [await primaryPod(), await failovers()];
    const writer = await Writer.start(installed.cluster, user, what);
    await work(was);
    const now = await until(
      () => user.status(),
      ({ primary }) => primary !== undefined && primary !== was.name,
      CHANGED_MS,
    );
    await until(
      () => user.pods(),
      (pods) => pods.filter(({ role }) => role === 'primary').every(({ name }) => name === now.primary),
      CHANGED_MS,
    );
    const before = writer.acknowledged;
    await until(
      () => Promise.resolve(writer.acknowledged),
      (count) => count > before,
    );
    const { acknowledged, lost, gapSeconds } = await writer.stop();
    process.stdout.write(`        ${what}: ${acknowledged} writes, longest gap ${gapSeconds.toFixed(1)} s\n`);
    expect(lost).to.deep.equal([]);
    expect(await failovers()).to.equal(counted + 1);
    expect(await user.events()).to.include(`PrimaryChanged: ${String(now.primary)} is primary instead of ${was.name}`);
    return was;
  }

  function killAllIn(container: string): void {
    for (const { pid } of processesIn(installed.cluster, container)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It went with the one before.
      }
    }
  }

  it('has another as soon as its container is killed, because the kubelet proves the death', async () => {
    await takeOver('container killed', ({ container }) => {
      killAllIn(container);
      return Promise.resolve();
    });
    await user.untilSettled();
    expect((await user.events()).join('\n')).to.match(/LeaderFreed: took the lock from orders-\d: the kubelet reports/);
  });

  it('has another when its pod is deleted by force', async () => {
    await takeOver('pod deleted by force', async ({ name }) => {
      await user.kubectl.run(['delete', 'pod', name, '--force', '--grace-period=0']);
    });
    await user.untilSettled();
  });

  it('hands over to any standby that is wished for, once', async () => {
    await takeOver('switchover to any', () => user.annotate('switchover=any'));
    const { handled } = await user.untilSettled();
    expect(handled?.switchover?.result).to.match(/^orders-\d took over from orders-\d$/);
  });

  it('hands over to the standby that is named', async () => {
    const { name } = (await user.pods()).find(({ role }) => role !== 'primary')!;
    await takeOver('switchover by name', () => user.annotate(`switchover=${name}`));
    expect((await user.untilSettled()).primary).to.equal(name);
  });

  it('says of a wish that nobody can fulfil why', async () => {
    await user.annotate('switchover=orders-7');
    const { handled } = await until(
      () => user.status(),
      (status) => status.handled?.switchover?.request === 'orders-7',
    );
    expect(handled?.switchover?.result).to.equal('there is no such member');
  });

  it('has another when its node is lost, and none is called primary beside it', async () => {
    const was = await takeOver('node killed', ({ node }) =>
      killNode(installed.cluster, nodeNamed(installed.cluster, node)),
    );
    expect(await user.condition('Ready')).to.match(/^False/);
    await startNode(installed.cluster, nodeNamed(installed.cluster, was.node));
    await user.untilSettled();
  });

  it('is rolled to the end although the controller is killed in the midst of it', async () => {
    const before = await user.pods();
    const isNew = ({ uid }: SeenPod): boolean => !before.some((one) => one.uid === uid);
    const writer = await Writer.start(installed.cluster, user, 'controller killed');
    await user.change({ resources: { limits: { memory: '640Mi' } } });
    await until(
      () => user.pods(),
      (pods) => pods.some(isNew),
      ROLLED_MS,
    );
    await controller.kill();
    controller = await installed.startController();
    await until(
      () => user.pods(),
      (pods) => pods.length === 3 && pods.every(isNew),
      ROLLED_MS,
    );
    await user.untilSettled();
    const { acknowledged, lost, gapSeconds } = await writer.stop();
    process.stdout.write(`        rollout: ${acknowledged} writes, longest gap ${gapSeconds.toFixed(1)} s\n`);
    expect(lost).to.deep.equal([]);
  });
});
