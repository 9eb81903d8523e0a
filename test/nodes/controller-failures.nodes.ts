import { expect } from 'chai';
import { until } from '../cluster/controller.ts';
import type { MemberPod } from '../../lab/failover/pods.ts';
import { killNode, processesIn, startNode } from '../../lab/cluster/faults.ts';
import { nodeNamed } from '../../lab/cluster/layout.ts';
import { isNewSince, untilReplaced } from './members.ts';
import { story } from './story.ts';
import { cluster } from './suite.ts';

const CHANGED_MS = 120_000;
const ROLLED_MS = 300_000;

describe('a Database whose primary fails', function () {
  this.timeout('8m');
  const { user, controller, whileWriting } = story({
    namespace: 'shaken',
    begin: async () => {
      await user.apply({ podAntiAffinity: 'required' });
      await user.untilSettled();
    },
  });

  async function failovers(): Promise<number> {
    const shown = /database_failover_total\{namespace="shaken",name="orders"\} (\d+)/.exec(await controller.metrics());
    return Number(shown?.[1] ?? 0);
  }

  async function primaryPod(): Promise<MemberPod> {
    const { primary } = await user.status();
    const pod = (await user.pods()).find(({ name }) => name === primary);
    if (!pod) throw new Error(`there is no pod ${String(primary)}`);
    return pod;
  }

  /** Waits until another is called primary, by the status and by no pod but its own; gives its name. */
  async function untilAnotherLeads(was: MemberPod): Promise<string> {
    const { primary } = await until(
      () => user.status(),
      (status) => status.primary !== undefined && status.primary !== was.name,
      CHANGED_MS,
    );
    await until(
      () => user.pods(),
      (pods) => pods.filter(({ role }) => role === 'primary').every(({ name }) => name === primary),
      CHANGED_MS,
    );
    return String(primary);
  }

  /** Does something to the primary while the application writes, and waits until another leads and all is well again. */
  async function takeOver(what: string, work: (was: MemberPod) => Promise<void>): Promise<MemberPod> {
    await user.untilInStep();
    const [was, counted] = [await primaryPod(), await failovers()];
    const now = await whileWriting(what, async (writer) => {
      await work(was);
      const leader = await untilAnotherLeads(was);
      const before = writer.acknowledged;
      await until(
        () => Promise.resolve(writer.acknowledged),
        (count) => count > before,
      );
      return leader;
    });
    expect(await failovers()).to.equal(counted + 1);
    expect(await user.events()).to.include(`PrimaryChanged: ${now} is primary instead of ${was.name}`);
    return was;
  }

  function killAllIn(container: string): void {
    for (const { pid } of processesIn(cluster, container)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It went with the one before.
      }
    }
  }

  it('has another as soon as its container is killed, because the kubelet proves the death', async () => {
    await takeOver('container killed', ({ container }) => {
      killAllIn(container!);
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

  it('switches over to any standby that is asked for, once', async () => {
    await takeOver('switchover to any', () => user.annotate('switchover=any'));
    const { handled } = await user.untilSettled();
    expect(handled?.switchover?.result).to.match(/^orders-\d took over from orders-\d$/);
  });

  it('switches over to the standby that is named', async () => {
    const { name } = (await user.pods()).find(({ role }) => role !== 'primary')!;
    await takeOver('switchover by name', () => user.annotate(`switchover=${name}`));
    expect((await user.untilSettled()).primary).to.equal(name);
  });

  it('says why a request can never be fulfilled', async () => {
    await user.annotate('switchover=orders-7');
    const { handled } = await until(
      () => user.status(),
      (status) => status.handled?.switchover?.request === 'orders-7',
    );
    expect(handled?.switchover?.result).to.equal('there is no such member');
  });

  it('has another when its node is lost, and none is called primary beside it', async () => {
    const was = await takeOver('node killed', ({ node }) => killNode(cluster, nodeNamed(cluster, node!)));
    expect(await user.condition('Ready')).to.match(/^False/);
    await startNode(cluster, nodeNamed(cluster, was.node!));
    await user.untilSettled();
  });

  it('is rolled to the end although the controller is killed in the midst of it @long', async () => {
    const before = await user.pods();
    await whileWriting('controller killed in a rollout', async () => {
      await user.change({ resources: { limits: { memory: '640Mi' } } });
      await until(
        () => user.pods(),
        (pods) => pods.some(isNewSince(before)),
        ROLLED_MS,
      );
      await controller.kill();
      await controller.start();
      await untilReplaced(user, before, 3);
      await user.untilSettled();
    });
  });
});
