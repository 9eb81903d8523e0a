import { expect } from 'chai';
import type { Database } from '../../database/object.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import { waveOf } from '../generator/manifests.ts';
import { until } from '../cluster/controller.ts';
import type { Kubectl } from '../../lab/api-server/kubectl.ts';
import { SETTINGS } from './installation.ts';
import { untilReplaced } from './members.ts';
import { story } from './story.ts';

const ARGO = ['--server-side', '--force-conflicts', '--field-manager=argocd-controller', '--filename=-'];
const DONE_MS = 300_000;
/** Exit code of `kubectl diff` when there is a difference. */
const DIFFERS = 1;

describe('a Database that Git applies', function () {
  this.timeout('8m');
  let admin: Kubectl;
  const { user, whileWriting } = story({
    namespace: 'gitops',
    begin: (installed) => {
      admin = installed.admin;
    },
  });

  function written(spec: object = {}): Database {
    const { metadata, ...rest } = user.manifest({ replicas: 2, ...spec });
    return { ...rest, metadata: { name: metadata.name ?? '', namespace: metadata.namespace ?? '' } };
  }

  const list = (items: readonly Manifest[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

  /** Whether Argo CD goes on to the next wave: the controller has seen the Database, and lets the workload change. */
  async function mayGoOn(): Promise<boolean> {
    const { observedGeneration, generation, conditions = [] } = await user.status();
    const held = conditions.some(({ type, status }) => type === 'WorkloadMayChange' && status === 'False');
    return observedGeneration === generation && !held;
  }

  /** What Argo CD does: wave by wave, and none before the Database lets it. */
  async function sync(database: Database): Promise<void> {
    const manifests = render(familyOf(database), SETTINGS);
    const waves = [...new Set(manifests.map(waveOf))].sort((a, b) => a - b);
    for (const wave of waves) {
      const input = list(manifests.filter((manifest) => waveOf(manifest) === wave));
      await user.kubectl.run(['apply', ...ARGO], { input });
      await until(mayGoOn, Boolean, DONE_MS);
    }
  }

  /** Whether what Git says differs from what there is. */
  async function differs(database: Database): Promise<string> {
    const args = ['--namespace', user.namespace, 'diff', ...ARGO];
    const { code, stdout, stderr } = await admin.run(args, list(render(familyOf(database), SETTINGS)));
    return code === 0 ? '' : code === DIFFERS ? stdout : stderr;
  }

  it('is ready when it was synced, and shows no difference then', async () => {
    await sync(written());
    const { ready } = await user.untilSettled();
    expect(ready).to.equal('2/2');
    expect(await differs(written())).to.equal('');
    expect(await user.asApplication('SELECT 1')).to.equal('1');
  });

  it('is rolled, and its volumes grow, after a sync of both', async () => {
    const before = await user.pods();
    const changed = written({ storage: { size: '1200Mi' }, resources: { limits: { memory: '640Mi' } } });
    await user.untilInStep();
    await whileWriting('sync', async () => {
      await sync(changed);
      await untilReplaced(user, before, 2);
      await user.untilCondition('StorageReady', /^True/);
      await user.untilSettled();
    });
    expect(await differs(changed)).to.equal('');
  });

  it('keeps a sync waiting that takes its primary away, until that has switched over', async () => {
    await user.untilInStep();
    await user.annotate('switchover=orders-1');
    await until(
      () => user.status(),
      ({ primary }) => primary === 'orders-1',
      DONE_MS,
    );
    await user.untilInStep();
    await whileWriting('shrinking', async () => {
      await sync(written({ replicas: 1, storage: { size: '1200Mi' }, resources: { limits: { memory: '640Mi' } } }));
      expect((await user.untilSettled()).primary).to.equal('orders-0');
    });
    expect((await user.pods()).map(({ name }) => name)).to.deep.equal(['orders-0']);
  });

  it('leaves its volumes and Secrets when it is deleted', async () => {
    const kept = (): Promise<string[]> => user.lines('get', 'pvc,secret', '--output=name');
    const before = await kept();
    await user.kubectl.run(['delete', 'db', 'orders', '--timeout=120s'], { limitMs: 130_000 });
    expect(await kept()).to.deep.equal(before);
    expect(await user.pods()).to.deep.equal([]);
  });
});
