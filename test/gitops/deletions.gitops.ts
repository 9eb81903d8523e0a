import { join } from 'node:path';
import { expect } from 'chai';
import { isComplete } from '../complete.ts';
import { Repository } from '../../lab/gitops/repository.ts';
import { SETTINGS } from '../nodes/installation.ts';
import { story } from '../nodes/story.ts';
import { cluster } from '../nodes/suite.ts';
import { until } from '../cluster/controller.ts';
import type { Act } from './deletions/acts.ts';
import { ACTS, NAMESPACE_FILE, OTHER_FILE } from './deletions/acts.ts';
import { argoTool } from './deletions/argo.ts';
import type { Name } from './deletions/databases.ts';
import { GuardedDatabases, NAMES } from './deletions/databases.ts';
import { fluxTool } from './deletions/flux.ts';
import { helmTool } from './deletions/helm.ts';
import { kubectlTool } from './deletions/kubectl.ts';
import type { Outcome, Outcomes } from './deletions/matrix.ts';
import { cellOf, document, documented } from './deletions/matrix.ts';
import { refusalsIn } from './deletions/refusals.ts';
import type { Scene, Tool } from './deletions/tool.ts';
import { Team } from './team.ts';
import { Webhook } from './webhook.ts';

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
  const note = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'note', namespace } };
  repository.write(OTHER_FILE, JSON.stringify(note));
}

/** What one tool is made to do with three Databases, and what is left of them. */
function matrixOf(key: string, tool: Tool): void {
  describe(`data under ${tool.name} @long`, function () {
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

    const outcomes = new Map<string, { up?: Outcome; away?: Outcome }>();

    /** Plays an act, and sees what is left. */
    async function outcomeOf(act: Act): Promise<Outcome> {
      const answer = await act.play(tool, scene);
      const said = typeof answer === 'string' ? { refusals: refusalsIn(answer) } : { refusals: [], ...answer };
      return { ...said, gone: await databases.untilStill() };
    }

    for (const [column, answers] of (['up', 'away'] as const).entries()) {
      for (const act of ACTS) {
        it(`is kept: ${act.name}, the webhook ${answers}`, async () => {
          if (answers === 'away') await webhook.stop();
          const outcome = await outcomeOf(act);
          const cell = cellOf(outcome);
          process.stdout.write(`        ${cell}\n`);
          expect(await databases.kept()).to.deep.equal(baseline);
          // Nobody has confirmed anything: these two never go themselves.
          expect([outcome.gone.orders, outcome.gone.drafts].join()).not.to.contain('Database');
          outcomes.set(act.name, { ...outcomes.get(act.name), [answers]: outcome });
          if (answers === 'away') await webhook.start();
          if (outcome.no === undefined) await restore();
          const expected = documented(tool.name, act.name)?.[column];
          if (!isComplete && expected !== undefined) expect(cell).to.equal(expected);
        });
      }

      it(`is all there after that, the webhook ${answers}`, () => databases.expectRows());
    }

    it('is told of in the documentation', function () {
      const isWhole = (one: { up?: Outcome; away?: Outcome } = {}): boolean => Boolean(one.up && one.away);
      if (!isComplete || !ACTS.every(({ name }) => isWhole(outcomes.get(name)))) return this.skip();
      document(tool.name, outcomes as Outcomes);
    });

    /** Takes a Database out of Git. */
    async function remove(name: Name): Promise<string> {
      const { repository } = scene.team;
      repository.remove(`databases/${namespace}/database-${name}.yaml`);
      repository.remove(`rendered/${namespace}/${name}.yaml`);
      await repository.push(`No ${name}`);
      return tool.sync('usual');
    }

    /** Volumes and Secrets of a Database. */
    const left = (name: Name): Promise<string[]> => databases.user(name).owned('pvc,secret');

    it('goes once that is confirmed in Git', async () => {
      const others = [await left('orders'), await left('carts')];
      const storage = { size: '1100Mi' };
      scene.team.write(databases.written('drafts', { storage }, { 'db.example.com/confirm-delete': 'drafts' }));
      await scene.team.push('Confirmed');
      await tool.sync('usual');
      await databases.user('drafts').untilSettled();
      await remove('drafts');
      await databases.user('drafts').untilGone();
      await until(
        () => left('drafts'),
        (names) => names.length === 0,
      );
      expect([await left('orders'), await left('carts')]).to.deep.equal(others);
    });

    it('stays with Retain, until a person confirms it on the very claim', async () => {
      const { kubectl } = databases.user('carts');
      const secrets = (await left('carts')).filter((one) => one.startsWith('secret/'));
      await remove('carts');
      await databases.user('carts').untilGone();
      expect(await left('carts')).to.deep.equal(['persistentvolumeclaim/data-carts-0', ...secrets]);
      const refused = await kubectl.run(['delete', 'pvc', 'data-carts-0']).catch(String);
      expect(refusalsIn(refused)).to.deep.equal(['data']);
      await kubectl.run(['annotate', 'pvc', 'data-carts-0', 'db.example.com/confirm-delete=data-carts-0']);
      await kubectl.run(['delete', 'pvc', 'data-carts-0', '--timeout=30s']);
      expect(await left('carts')).to.deep.equal(secrets);
    });

    it('keeps its namespace also where nothing is protected, until a person confirms that', async () => {
      const { kubectl } = databases.user('orders');
      const spec = { storage: { size: '1100Mi' }, deletionPolicy: 'Retain' };
      scene.team.write(databases.written('orders', spec));
      await scene.team.push('No longer protected');
      await tool.sync('usual');
      await until(
        () => databases.user('orders').field(`namespace/${namespace}`, 'metadata.labels'),
        (labels) => labels.includes('"db.example.com/protected":"data"'),
      );
      const act = ACTS.find(({ name }) => name === 'delete namespace');
      const said = await act?.play(tool, scene);
      expect(refusalsIn(typeof said === 'string' ? said : '')).to.deep.equal(['namespace with data']);
      expect(await left('orders')).not.to.deep.equal([]);
      await kubectl.run(['annotate', 'namespace', namespace, `db.example.com/confirm-delete=${namespace}`]);
      await kubectl.run(['delete', 'namespace', namespace, '--wait=false']);
    });
  });
}

for (const [key, make] of Object.entries(TOOLS)) {
  matrixOf(key, make());
}
