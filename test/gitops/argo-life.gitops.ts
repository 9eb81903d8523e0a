import { join } from 'node:path';
import { expect } from 'chai';
import type { Database } from '../../database/object.ts';
import { filledSettings } from '../../database/settings.ts';
import { Repository } from '../../lab/gitops/repository.ts';
import { isComplete } from '../complete.ts';
import { POSTGRESQL, SETTINGS } from '../nodes/installation.ts';
import { expectKept, writeKept } from '../nodes/kept.ts';
import { until } from '../cluster/controller.ts';
import { memberImages, untilReplaced } from '../nodes/members.ts';
import { REBUILT, nameRebuilt } from '../nodes/rebuilt.ts';
import { story } from '../nodes/story.ts';
import { cluster } from '../nodes/suite.ts';
import type { ApplicationState } from './application.ts';
import { startWithArgo } from './argo.ts';
import { Application, OWNED } from './application.ts';
import { standstill } from './standstill.ts';
import { Team } from './team.ts';

const NAMESPACE = 'argo-life';
/** From a push to Synced and Healthy. */
const DONE_MS = 300_000;
/** How long nothing may happen at the end. */
const STEADY_MS = isComplete ? 600_000 : 30_000;

describe('a Database in a repository that Argo CD syncs', function () {
  this.timeout('15m');
  let team: Team;
  let application: Application;
  const { user, whileWriting } = story({
    namespace: NAMESPACE,
    begin: async (_, onEnd) => {
      await startWithArgo(onEnd);
      const repository = await Repository.make(join(cluster.control.folder, 'git', NAMESPACE));
      team = new Team(repository, SETTINGS);
      const { bare } = repository;
      application = new Application(cluster.kubectl, { name: NAMESPACE, repository: bare, namespace: NAMESPACE });
      onEnd(() => application.delete({ isCascading: false }, 60_000));
    },
  });

  /** The storage that Git asked for before a change that was refused. */
  let accepted: unknown;
  let spec: Record<string, unknown> = {
    replicas: 2,
    storage: { size: '1100Mi' },
    backup: { destination: 'pvc://' },
  };

  const written = (changes: object): Database => user.written((spec = { ...spec, ...changes }));

  /** What each volume asks for, in the order of the members that it belongs to. */
  async function sizes(): Promise<string[]> {
    const path = '--output=jsonpath={range .items[*]}{.spec.resources.requests.storage}{"\\n"}{end}';
    return user.lines(
      'get',
      'pvc',
      '--selector=app.kubernetes.io/component=database',
      '--sort-by=.metadata.name',
      path,
    );
  }

  /** Pushes a change, waits until it is Synced and Healthy and the Database settled, and prints how long each took. */
  async function merge(what: string, changes: object): Promise<ApplicationState> {
    team.write(written(changes));
    const check = await team.check();
    expect(check.code, check.stdout).to.equal(0);
    const commit = await team.push(what);
    const began = performance.now();
    const seconds = (): string => ((performance.now() - began) / 1000).toFixed(1);
    await application.refresh();
    const state = await application.untilDone(commit, DONE_MS);
    const synced = seconds();
    await user.untilSettled();
    process.stdout.write(`        ${what}: Synced and Healthy after ${synced} s, settled after ${seconds()} s\n`);
    return state;
  }

  it('is made by a push', async () => {
    team.write(written({}));
    await team.push('Orders');
    await application.apply();
    await application.until(
      'Synced and Healthy',
      ({ sync, health }) => sync === 'Synced' && health === 'Healthy',
      DONE_MS,
    );
    await user.untilSettled();
    await writeKept(user);
  });

  for (const [what, changes] of [
    ['gets other parameters', { parameters: { work_mem: '8MB', max_connections: '120' } }],
    ['gets a third member @long', { replicas: 3 }],
    ['grows @long', { storage: { size: '1200Mi' } }],
    ['loses a member @long', { replicas: 2 }],
  ] as const) {
    it(`by a push ${what}`, async () => {
      await user.untilInStep();
      await whileWriting(what, () => merge(what, changes));
    });
  }

  it('by a push gets another image of its version @long', async () => {
    await nameRebuilt();
    await user.untilInStep();
    const before = await user.pods();
    team.settings(filledSettings({ images: { postgresql: { [POSTGRESQL.version]: REBUILT } } }));
    await whileWriting('another image', async () => {
      await merge('another image', {});
      await untilReplaced(user, before, 2);
    });
    expect(await memberImages(user)).to.deep.equal(new Set([REBUILT]));
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
    await whileWriting('shrinking', () => merge('One member', { replicas: 1 }));
    expect((await user.pods()).map(({ name }) => name)).to.deep.equal(['orders-0']);
  });

  it('is refused before the merge and at the sync, with all that is wrong, and nothing is pruned', async () => {
    const before = await user.owned(OWNED);
    accepted = spec['storage'];
    team.write(written({ storage: { size: '1Gi' } }));
    const check = await team.check();
    expect(check.code).to.equal(1);
    expect(check.stdout).to.contain('storage-no-shrink').and.to.contain('backup-volume-no-shrink');
    // Somebody overrules the check, and pushes what was rendered without it.
    const commit = await team.push('Overruled');
    await application.refresh();
    const { results } = await application.until(
      'refused',
      ({ operation, results: said }) => operation.revision === commit && said.some((one) => one.includes('SyncFailed')),
      DONE_MS,
    );
    const [refused = ''] = results.filter((one) => one.startsWith('Database orders: SyncFailed'));
    process.stdout.write(`        ${refused}\n`);
    expect(refused).to.contain('storage-no-shrink').and.to.contain('backup-volume-no-shrink');
    expect(await user.owned(OWNED)).to.deep.equal(before);
    await expectKept(user);
  });

  it('is as before after a revert', async () => {
    await merge('Revert', { storage: accepted });
    await expectKept(user);
  });

  it('loses the schedule of its backups when they are disabled @long', async () => {
    expect(await user.owned('cronjob')).to.deep.equal(['cronjob.batch/orders-backup']);
    await merge('No backups', { backup: { enabled: false, destination: 'pvc://' } });
    expect(await user.owned('cronjob')).to.deep.equal([]);
  });

  it('is synced although somebody has grown a volume by hand, and grows it further by a push @long', async () => {
    const size = '{"spec":{"resources":{"requests":{"storage":"1300Mi"}}}}';
    await user.kubectl.run(['patch', 'pvc', 'data-orders-0', `--patch=${size}`]);
    await merge('More work_mem', { parameters: { work_mem: '16MB', max_connections: '120' } });
    expect(await sizes()).to.deep.equal(['1300Mi', '1200Mi', '1200Mi']);
    await merge('Larger', { storage: { size: '1400Mi' } });
    expect(await sizes()).to.deep.equal(['1400Mi', '1200Mi', '1200Mi']);
  });

  for (const syncOptions of [[], ['ServerSideApply=true']] as const) {
    for (const serverSideDiff of [false, true]) {
      const how = [...syncOptions, ...(serverSideDiff ? ['ServerSideDiff=true'] : [])].join(', ');
      const name = how === '' ? 'as Argo CD comes' : `${how} @long`;
      it(`stands still when nothing is pushed, ${name}`, async () => {
        const annotations = serverSideDiff ? { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' } : {};
        await application.apply({ syncOptions, annotations });
        await merge(`Under ${how}`, {});
        const { seconds, flips, written } = await standstill(
          { kubectl: cluster.kubectl, namespace: NAMESPACE },
          async () => {
            const { sync, health } = await application.state();
            return `${sync} ${health}`;
          },
          STEADY_MS,
        );
        process.stdout.write(`        ${seconds} s: ${flips.length} flips, ${written.length} writes\n`);
        expect({ flips, written }).to.deep.equal({ flips: [], written: [] });
      });
    }
  }
});
