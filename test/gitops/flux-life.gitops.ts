import { join } from 'node:path';
import { expect } from 'chai';
import type { Database } from '../../database/object.ts';
import { startFlux, stopFlux } from '../../lab/gitops/flux.ts';
import { Repository } from '../../lab/gitops/repository.ts';
import { isComplete } from '../complete.ts';
import { POSTGRESQL, SETTINGS } from '../nodes/installation.ts';
import { expectKept, writeKept } from '../nodes/kept.ts';
import { story } from '../nodes/story.ts';
import { cluster } from '../nodes/suite.ts';
import { FluxKustomization } from './flux-kustomization.ts';
import { standstill } from './standstill.ts';
import { Team } from './team.ts';
import { Webhook } from './webhook.ts';

const NAMESPACE = 'flux-life';
/** From a push to Ready. */
const DONE_MS = 300_000;
/** How long nothing may happen at the end. */
const STEADY_MS = isComplete ? 600_000 : 30_000;

describe('a Database in a repository that Flux applies @long', function () {
  this.timeout('15m');
  let team: Team;
  let kustomization: FluxKustomization;
  const { user, whileWriting } = story({
    namespace: NAMESPACE,
    begin: async (_, onEnd) => {
      const webhook = new Webhook(cluster);
      onEnd(() => webhook.end());
      await webhook.start();
      const served = join(cluster.control.folder, 'git');
      onEnd(() => stopFlux(cluster));
      await startFlux(cluster, served);
      team = new Team(await Repository.make(join(served, NAMESPACE)), SETTINGS);
      kustomization = new FluxKustomization(cluster.kubectl, {
        name: NAMESPACE,
        repository: `${NAMESPACE}/databases.git`,
      });
      onEnd(() => kustomization.delete(60_000));
    },
  });

  let spec: Record<string, unknown> = { replicas: 2 };

  const written = (changes: object): Database => user.written((spec = { ...spec, ...changes }));

  /** Pushes a change, waits until Flux calls it Ready, and prints how long that took. */
  async function merge(what: string, changes: object): Promise<void> {
    team.write(written(changes));
    const commit = await team.push(what);
    const began = performance.now();
    await kustomization.refresh();
    await kustomization.untilDone(commit, DONE_MS);
    process.stdout.write(`        ${what}: Ready after ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  }

  it('is Ready for Flux once it takes writes, and not before', async () => {
    team.write(written({}));
    const commit = await team.push('Orders');
    await kustomization.apply();
    await kustomization.untilDone(commit, DONE_MS);
    await writeKept(user);
    expect(await user.condition('Ready')).to.match(/^True/);
  });

  it('gets other parameters and a third member by a push', async () => {
    await user.untilInStep();
    await whileWriting('other parameters', () =>
      merge('Parameters', { replicas: 3, parameters: { work_mem: '8MB', max_connections: '120' } }),
    );
    expect((await user.status()).ready).to.equal('3/3');
  });

  it('grows by a push, although Flux leaves claims alone, and a volume that was grown by hand breaks nothing', async () => {
    const size = '{"spec":{"resources":{"requests":{"storage":"1300Mi"}}}}';
    await user.kubectl.run(['patch', 'pvc', 'data-orders-1', `--patch=${size}`]);
    await merge('Larger', { storage: { size: '1200Mi' } });
    await user.untilCondition('StorageReady', /^True/);
    const path = '--output=jsonpath={range .items[*]}{.spec.resources.requests.storage}{"\\n"}{end}';
    expect(await user.lines('get', 'pvc', '--sort-by=.metadata.name', path)).to.deep.equal([
      '1200Mi',
      '1300Mi',
      '1200Mi',
    ]);
  });

  it('is refused at the apply with all that is wrong, and nothing is pruned', async () => {
    const before = await user.owned('sts,svc,cm,pvc,secret');
    team.write(written({ version: '14', storage: { size: '1Gi' } }));
    const commit = await team.push('Overruled');
    await kustomization.refresh();
    const { message } = await kustomization.until(
      'refused',
      ({ ready, attempted }) => ready === 'False' && attempted === commit,
      DONE_MS,
    );
    process.stdout.write(`        ${message}\n`);
    expect(message).to.contain('storage-no-shrink').and.to.contain('version-no-downgrade');
    expect(await user.owned('sts,svc,cm,pvc,secret')).to.deep.equal(before);
    await merge('Revert', { version: POSTGRESQL.version, storage: { size: '1200Mi' } });
    await expectKept(user);
  });

  it('stands still when nothing is pushed', async () => {
    const {
      seconds,
      flips,
      written: writes,
    } = await standstill(
      { kubectl: cluster.kubectl, namespace: NAMESPACE },
      async () => {
        const { ready, reason } = await kustomization.state();
        return `${ready} ${reason}`;
      },
      STEADY_MS,
    );
    process.stdout.write(`        ${seconds} s: ${flips.length} flips, ${writes.length} writes\n`);
    // Each reconciliation is Progressing for a moment.
    expect(flips.filter((flip) => flip.includes('False'))).to.deep.equal([]);
    expect(writes).to.deep.equal([]);
  });
});
