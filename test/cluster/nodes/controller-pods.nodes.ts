import { expect } from 'chai';
import { SYSTEM, until } from '../controller.ts';
import { Kubectl } from '../../failover/kubectl.ts';
import { BASE, makeControllerImage } from './controller-image.ts';
import { DatabaseUser } from './database-user.ts';
import { processesIn } from './faults.ts';
import { bringImages } from './images.ts';
import type { Installation } from './installation.ts';
import { SETTINGS, installationOrSkip } from './installation.ts';

const SELECTOR = '--selector=app.kubernetes.io/component=controller';
const TAKEN_OVER_MS = 90_000;

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
}

describe('the controller in its own pods', function () {
  this.timeout('6m');
  let installed: Installation;
  let system: Kubectl;
  let user: DatabaseUser;

  before(async function () {
    installed = await installationOrSkip(this, [BASE]);
    const { cluster } = installed;
    const image = await makeControllerImage();
    await bringImages([image], cluster.nodes);
    system = new Kubectl(cluster.kubectl, SYSTEM);
    const settings = {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ballast-settings' } },
      data: { 'ballast.yaml': JSON.stringify(SETTINGS) },
    };
    await system.run(['apply', '--server-side', '--filename=-'], { input: JSON.stringify(settings) });
    await system.run(['set', 'image', 'deployment/ballast-controller', `controller=${image}`]);
    await system.run(['scale', 'deployment/ballast-controller', '--replicas=2']);
    user = new DatabaseUser(cluster, 'housed', 'orders');
    await user.begin();
  });

  after(async () => {
    await system.run(['scale', 'deployment/ballast-controller', '--replicas=0']);
    await user.end();
  });

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
    for (const { pid, command } of processesIn(installed.cluster, was!.metadata.uid)) {
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
