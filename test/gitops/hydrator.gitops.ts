import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { emitYaml } from '../../generator/emit.ts';
import type { Json } from '../../database/json.ts';
import { startPlugin } from '../../lab/gitops/argocd.ts';
import { Repository } from '../../lab/gitops/repository.ts';
import { ROOT, programsFolder } from '../cli/run.ts';
import { SETTINGS } from '../nodes/installation.ts';
import { expectKept, writeKept } from '../nodes/kept.ts';
import { story } from '../nodes/story.ts';
import { cluster } from '../nodes/suite.ts';
import { startWithArgo } from './argo.ts';
import { Application, OWNED } from './application.ts';

const NAMESPACE = 'hydrated';
const BRANCH = 'environments/production';
const DONE_MS = 300_000;
/** The hydrator cannot name a plugin: Argo CD finds this one by the file ballast.yaml, as docs/gitops.md says. */
const PLUGIN = readFileSync(join(ROOT, 'argocd/plugin/plugin.yaml'), 'utf8').replace(
  'spec:\n',
  'spec:\n  discover: {fileName: ballast.yaml}\n',
);

describe("a Database that Argo CD's hydrator renders @long", function () {
  this.timeout('15m');
  let repository: Repository;
  let application: Application;
  const { user } = story({
    namespace: NAMESPACE,
    begin: async (_, onEnd) => {
      await startWithArgo(onEnd, { hydrates: true });
      await startPlugin(cluster, { name: 'ballast', text: PLUGIN, programs: programsFolder() });
      repository = await Repository.make(join(cluster.control.folder, 'git', NAMESPACE));
      const hydrator = { drySource: { path: 'shop' }, syncSource: { targetBranch: BRANCH, path: 'shop' } };
      const where = { name: NAMESPACE, repository: repository.bare, namespace: NAMESPACE };
      application = new Application(cluster.kubectl, { ...where, hydrator });
      onEnd(() => application.delete({ isCascading: false }, 60_000));
    },
  });

  /** Pushes the Database as a person writes it, and nothing that is rendered. */
  async function push(what: string, spec: object): Promise<void> {
    repository.write('shop/ballast.yaml', JSON.stringify(SETTINGS));
    const written = user.written({ replicas: 1, ...spec }) as unknown as Record<string, Json>;
    repository.write('shop/orders.yaml', emitYaml(written));
    await repository.push(what);
  }

  /** Waits until Argo CD has rendered the last commit, and synced what came of it. */
  async function untilSynced(): Promise<void> {
    const dry = (await repository.git('rev-parse', 'HEAD')).trim();
    await application.hydrate();
    await application.until(
      'Synced and Healthy from its branch',
      ({ sync, health, hydration, dryRevision }) =>
        sync === 'Synced' && health === 'Healthy' && hydration === 'Hydrated' && dryRevision === dry,
      DONE_MS,
    );
    await user.untilSettled();
  }

  it('is made by a push of its source alone', async () => {
    await push('Orders', {});
    await application.apply();
    await untilSynced();
    await repository.git('fetch', '--quiet', 'origin', BRANCH);
    expect(await repository.git('show', 'FETCH_HEAD:shop/manifest.yaml')).to.contain('kind: StatefulSet');
    await writeKept(user);
  });

  it('gets another parameter by a push', async () => {
    await push('More memory', { parameters: { work_mem: '8MB' } });
    await untilSynced();
    expect(await user.onPrimary('SHOW work_mem')).to.equal('8MB');
  });

  it('is not rendered when it is wrong: the Application says why, and nothing goes', async () => {
    const before = await user.owned(OWNED);
    await push('Wrong', { replicas: 12 });
    await application.hydrate();
    const { hydration } = await application.until('refused', (state) => state.hydration.startsWith('Failed'), DONE_MS);
    process.stdout.write(`        ${hydration.replaceAll('\n', '\n        ')}\n`);
    expect(hydration).to.contain('orders.yaml').and.to.contain('spec.replicas');
    expect(await user.owned(OWNED)).to.deep.equal(before);
    await expectKept(user);
    await push('Right again', { parameters: { work_mem: '8MB' } });
    await untilSynced();
  });
});
