import { expect } from 'chai';
import { SYSTEM, until } from '../cluster/controller.ts';
import { Kubectl } from '../../lab/failover/kubectl.ts';
import { BASE, makeControllerImage } from './controller-image.ts';
import { processesIn } from '../../lab/cluster/faults.ts';
import { bringImages } from '../../lab/cluster/images.ts';
import { SETTINGS } from './installation.ts';
import { story } from './story.ts';
import { cluster } from './suite.ts';

const SELECTOR = '--selector=app.kubernetes.io/component=controller';
const TAKEN_OVER_MS = 90_000;

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
}

/** Lets its Deployment run, with the image of this checkout and the settings of the tests; gives what ends that. */
async function startInPods(system: Kubectl): Promise<() => Promise<void>> {
  const scale = async (replicas: number): Promise<void> => {
    await system.run(['scale', 'deployment/ballast-controller', `--replicas=${replicas}`]);
  };
  const image = await makeControllerImage();
  await bringImages([image], cluster.nodes);
  const settings = {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ballast-settings' } },
    data: { 'ballast.yaml': JSON.stringify(SETTINGS) },
  };
  await system.run(['apply', '--server-side', '--filename=-'], { input: JSON.stringify(settings) });
  await system.run(['set', 'image', 'deployment/ballast-controller', `controller=${image}`]);
  await scale(2);
  return () => scale(0);
}

describe('the controller in its own pods', function () {
  this.timeout('6m');
  const system = new Kubectl(cluster.kubectl, SYSTEM);
  const { user } = story({ namespace: 'housed', images: [BASE], startController: () => startInPods(system) });

  /** The pod that acts, by the name of its host in the Lease. */
  async function holder(): Promise<Pod | undefined> {
    const path = '--output=jsonpath={.spec.holderIdentity}';
    const identity = await system.run(['get', 'lease', 'ballast-controller', path]);
    const { items } = JSON.parse(await system.run(['get', 'pods', SELECTOR, '--output=json'])) as { items: Pod[] };
    return items.find(({ metadata }) => identity.startsWith(`${metadata.name}_`));
  }

  it('is ready in two replicas, and makes a Database', async () => {
    const wait = ['rollout', 'status', 'deployment/ballast-controller', '--timeout=120s'];
    await system.run(wait, { limitMs: 130_000 });
    await user.apply({ replicas: 1 });
    expect((await user.untilSettled()).ready).to.equal('1/1');
    expect(await user.asApplication('SELECT 1')).to.equal('1');
  });

  it('goes on in the other replica when the one that acts is killed', async () => {
    const was = await until(holder, (pod) => pod !== undefined);
    for (const { pid, command } of processesIn(cluster, was!.metadata.uid)) {
      if (command.includes('ballast.mjs')) process.kill(pid, 'SIGKILL');
    }
    await user.change({ parameters: { work_mem: '8MB' } });
    await until(
      () => user.onPrimary('SHOW work_mem'),
      (value) => value === '8MB',
      TAKEN_OVER_MS,
    );
    await user.untilSettled();
  });
});
