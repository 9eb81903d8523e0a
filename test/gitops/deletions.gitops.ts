import { join } from 'node:path';
import { expect } from 'chai';
import { Repository } from '../../lab/gitops/repository.ts';
import { SETTINGS } from '../nodes/installation.ts';
import { story } from '../nodes/story.ts';
import { cluster } from '../nodes/suite.ts';
import { until } from '../cluster/controller.ts';
import { ACTS, NAMESPACE_FILE, OTHER_FILE } from './deletions/acts.ts';
import { argoTool } from './deletions/argo.ts';
import { GuardedDatabases, NAMES } from './deletions/databases.ts';
import { fluxTool } from './deletions/flux.ts';
import { helmTool } from './deletions/helm.ts';
import { kubectlTool } from './deletions/kubectl.ts';
import type { Outcome, Webhook as Answers } from './deletions/matrix.ts';
import { OUTCOMES } from './deletions/matrix.ts';
import { refusalsIn } from './deletions/refusals.ts';
import type { Scene, Tool } from './deletions/tool.ts';
import { Team } from './team.ts';
import { Webhook } from './webhook.ts';

const LABEL = 'app.kubernetes.io/managed-by';
const TOOLS: Readonly<Record<string, () => Tool>> = {
  kubectl: kubectlTool,
  helm: helmTool,
  argo: argoTool,
  flux: fluxTool,
};

/** Files of a repository that are no Database's. */
function writeOthers({ team: { repository }, namespace }: Scene): void {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const file = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
  repository.write(NAMESPACE_FILE, JSON.stringify(file));
  const metadata = { name: 'note', namespace, labels: { [LABEL]: 'ballast' } };
  repository.write(OTHER_FILE, JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata }));
}

/** What one tool is made to do with three Databases, and what is left of them. */
function matrixOf(key: string, tool: Tool): void {
  describe(`data under ${tool.name}`, function () {
    this.timeout('10m');
    const namespace = `data-${key}`;
    const webhook = new Webhook(cluster);
    const databases = new GuardedDatabases(cluster, namespace);
    let scene: Scene;
    let baseline: Readonly<Record<string, string>> = {};

    after(async () => {
      await tool.end();
      await webhook.end();
    });
    story({
      namespace,
      begin: async () => {
        await webhook.start();
        const repository = await Repository.make(join(cluster.control.folder, 'git', namespace));
        scene = { cluster, namespace, team: new Team(repository, SETTINGS) };
        writeOthers(scene);
        await tool.begin(scene);
      },
    });
    /** Pushes the Databases with a size, and waits until they have it. */
    async function push(what: string, size: string): Promise<void> {
      for (const name of NAMES) scene.team.write(databases.written(name, { storage: { size } }));
      await scene.team.push(what);
      const said = await tool.sync('usual');
      await databases.untilSettled().catch((error: unknown) => {
        throw new Error(said, { cause: error });
      });
    }

    /** Brings all back from Git. */
    async function restore(): Promise<void> {
      const { repository } = scene.team;
      await repository.git('checkout', '--no-overlay', 'good', '--', '.');
      await repository.push('As it was');
      const said = await tool.sync('usual');
      await until(
        () => databases.untilStill(),
        (gone) => Object.values(gone).every((one) => one === ''),
      ).catch((error: unknown) => {
        throw new Error(said, { cause: error });
      });
      await databases.untilSettled();
    }

    before(async () => {
      await push('Databases', '1Gi');
      await scene.team.repository.git('tag', 'first');
      await databases.writeRows();
      await push('Larger', '1100Mi');
      await scene.team.repository.git('tag', 'good');
      baseline = await databases.kept();
    });

    for (const answers of ['up', 'away'] as const) {
      for (const { name: act, play } of ACTS) {
        it(`is kept: ${act}, the webhook ${answers}`, async () => {
          if (answers === 'away') await webhook.stop();
          const said = await play(tool, scene);
          const text = typeof said === 'string' ? said : '';
          const gone = await databases.untilStill();
          const refusals = refusalsIn(text);
          process.stdout.write(`        ${refusals.join(', ')} | ${JSON.stringify(gone)}\n`);
          OUTCOMES.push({ tool: tool.name, act, webhook: answers, refusals, gone, ...(typeof said !== 'string' && said) });
          expect(await databases.kept()).to.deep.equal(baseline);
          if (answers === 'away') await webhook.start();
          if (typeof said === 'string') await restore();
        });
      }

      it(`is all there after that, the webhook ${answers}`, () => databases.expectRows());
    }
  });
}

for (const [key, make] of Object.entries(TOOLS)) {
  matrixOf(key, make());
}
