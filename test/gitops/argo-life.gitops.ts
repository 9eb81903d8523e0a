import { join } from 'node:path';
import { expect } from 'chai';
import type { Database } from '../../database/object.ts';
import { startArgo, stopArgo } from '../../lab/gitops/argocd.ts';
import { Repository } from '../../lab/gitops/repository.ts';
import { SETTINGS } from '../nodes/installation.ts';
import { writeKept } from '../nodes/kept.ts';
import { story } from '../nodes/story.ts';
import { cluster } from '../nodes/suite.ts';
import type { ApplicationState } from './application.ts';
import { Application } from './application.ts';
import { Team } from './team.ts';
import { Webhook } from './webhook.ts';

const NAMESPACE = 'argo-life';
/** From a push to Synced and Healthy. */
const DONE_MS = 300_000;
const ENDS: (() => Promise<void>)[] = [];

describe('a Database in a repository that Argo CD syncs', function () {
  this.timeout('15m');
  let team: Team;
  let application: Application;
  const { user, whileWriting } = story({
    namespace: NAMESPACE,
    begin: async () => {
      const webhook = new Webhook(cluster);
      ENDS.push(() => webhook.end());
      await webhook.start();
      ENDS.push(() => stopArgo(cluster));
      await startArgo(cluster);
      const repository = await Repository.make(join(cluster.control.folder, 'git', NAMESPACE));
      team = new Team(repository, SETTINGS);
      const { bare } = repository;
      application = new Application(cluster.kubectl, { name: NAMESPACE, repository: bare, namespace: NAMESPACE });
      ENDS.push(() => application.delete({ isCascading: false }, 60_000));
    },
  });

  after(async function () {
    this.timeout('2m');
    for (const end of ENDS.reverse()) await end();
  });

  let spec: Record<string, unknown> = { replicas: 2, backup: { destination: 'pvc://' } };

  function written(changes: object): Database {
    spec = { ...spec, ...changes };
    const { metadata, ...rest } = user.manifest(spec);
    return { ...rest, metadata: { name: metadata.name ?? '', namespace: metadata.namespace ?? '' } };
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
    ['gets a third member', { replicas: 3 }],
    ['grows', { storage: { size: '1200Mi' } }],
    ['loses a member', { replicas: 2 }],
  ] as const) {
    it(`${what} by a push`, async () => {
      await user.untilInStep();
      await whileWriting(what, () => merge(what, changes));
    });
  }
});
