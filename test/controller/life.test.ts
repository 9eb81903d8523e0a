import { expect } from 'chai';
import { familyOf } from '../../database/family.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { CONFIRM_DELETE, HIBERNATE, OWNER, SYSTEM_IDENTIFIER } from '../../database/vocabulary.ts';
import { render } from '../../generator/render.ts';
import { filledDatabase } from '../../lab/filled-database.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { ALL_KINDS } from '../../lab/world/fake-api/kinds.ts';
import { annotate, part } from '../../lab/world/objects.ts';
import type { Scene } from '../../lab/world/scene.ts';
import type { Stage } from '../../lab/world/stage.ts';
import { KEY, NAME, NAMESPACE, remove, statusOf, write } from '../../lab/world/stage.ts';
import { calm, itComesUp, itConverges, openStage } from './convergence/converge.ts';
import { conditionIn, expectDone } from './convergence/outcome.ts';
import { prepared } from './scenarios/rehearsal.ts';

const EARLIER = { owner: 'uid-of-another', systemIdentifier: '42' } as const;

function confirm({ scene }: Stage): void {
  annotate(scene.fake, 'Database', KEY, { annotations: { [CONFIRM_DELETE]: NAME } });
}

/** The volumes of three members that an earlier Database left, with its data. */
function leaveVolumes({ fake, cluster }: Scene): void {
  const earlier = filledDatabase(
    { name: NAME, namespace: NAMESPACE },
    { version: '17', replicas: 3, storage: { size: '16Gi', storageClassName: 'standard' } },
  );
  // Manifests are objects of the API server's.
  const manifests = render(familyOf(earlier), NO_SETTINGS) as unknown as KubernetesObject[];
  for (const claim of manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim')) {
    const annotations = { [OWNER]: EARLIER.owner, [SYSTEM_IDENTIFIER]: EARLIER.systemIdentifier };
    const { metadata } = fake.put({ ...claim, metadata: { ...claim.metadata, annotations } });
    cluster.patroni.leaveData(metadata.uid ?? '', EARLIER.systemIdentifier);
  }
}

const isGone = ({ fake }: Scene): boolean => fake.get('Database', KEY) === undefined;
/** What stays in the namespace, or does not belong to the Database. */
const APART: ReadonlySet<string> = new Set([
  'PersistentVolumeClaim',
  'Secret',
  'Event',
  'Lease',
  'Namespace',
  'StorageClass',
]);

/** Asserts that nothing of the Database is left that holds no data, and as many claims and Secrets as expected. */
function expectEnded({ fake }: Scene, kept: { readonly claims: number; readonly secrets: number }): void {
  const left = ALL_KINDS.flatMap(({ kind }) => (APART.has(kind) ? [] : fake.all(kind)));
  expect(left).to.deep.equal([]);
  const claims = fake.all('PersistentVolumeClaim');
  expect({ claims: claims.length, secrets: fake.all('Secret').length }).to.deep.equal(kept);
  for (const { metadata } of claims) {
    const { [OWNER]: owner, [SYSTEM_IDENTIFIER]: system } = metadata.annotations ?? {};
    expect([owner, system]).to.not.include(undefined);
  }
}

describe('The life of a simulated Database', () => {
  const endings = [
    { name: 'Retain, which keeps the data', policy: 'Retain', isConfirmed: false, kept: { claims: 3, secrets: 5 } },
    {
      name: 'Retain, which keeps the data, confirmed',
      policy: 'Retain',
      isConfirmed: true,
      kept: { claims: 3, secrets: 5 },
    },
    {
      name: 'Delete, which takes the data, confirmed',
      policy: 'Delete',
      isConfirmed: true,
      kept: { claims: 0, secrets: 0 },
    },
  ] as const;
  for (const { name, policy, isConfirmed, kept } of endings) {
    itConverges({
      name: `ends with deletionPolicy ${name}`,
      before: { deletionPolicy: policy },
      change: (stage) => {
        if (isConfirmed) confirm(stage);
        remove(stage);
      },
      expects: ({ scene }) => {
        expect(isGone(scene)).to.equal(true);
        expectEnded(scene, kept);
      },
    });
  }

  const holds = [
    { policy: 'Protect', reason: 'DeletionProtected' },
    { policy: 'Delete', reason: 'DeletionNotConfirmed' },
  ] as const;
  for (const { policy, reason } of holds) {
    itConverges({
      name: `goes on when its deletion is held with deletionPolicy ${policy}`,
      before: { deletionPolicy: policy },
      change: remove,
      expects: ({ scene }) => {
        expect(isGone(scene)).to.equal(false);
        expect(conditionIn(scene, 'Stalled')).to.equal(reason);
        expect(conditionIn(scene, 'Ready')).to.equal('Serving');
      },
    });
  }

  itConverges({
    name: 'ends when a deletion that was held is let through',
    before: { deletionPolicy: 'Protect' },
    begin: remove,
    change: ({ scene: { fake } }) => {
      fake.change('Database', KEY, (old) => ({ ...old, spec: { ...part(old, 'spec'), deletionPolicy: 'Retain' } }));
    },
    expects: ({ scene }) => {
      expect(isGone(scene)).to.equal(true);
      expect(scene.fake.all('PersistentVolumeClaim')).to.have.length(3);
    },
  });

  itConverges({
    name: 'wakes from its sleep',
    begin: (stage) => {
      write(stage, part(stage.scene.fake.get('Database', KEY), 'spec'), { [HIBERNATE]: 'true' });
    },
    annotations: { [HIBERNATE]: 'false' },
  });

  itComesUp({
    name: 'takes over the volumes of an earlier Database when it is told to',
    arrange: leaveVolumes,
    spec: { bootstrap: { adopt: true } },
    expects: ({ scene }) => {
      expectDone(scene);
      const { initialize } = scene.fake.get('ConfigMap', `${KEY}-config`)?.metadata.annotations ?? {};
      expect(initialize).to.equal(EARLIER.systemIdentifier);
    },
  });

  itComesUp({
    name: 'takes over the volumes of an earlier Database when it begins with what was left behind',
    arrange: leaveVolumes,
    spec: { bootstrap: { recover: true }, backup: { destination: 's3://acme/orders' } },
    expects: ({ scene }) => {
      const { initialize } = scene.fake.get('ConfigMap', `${KEY}-config`)?.metadata.annotations ?? {};
      expect(initialize).to.equal(EARLIER.systemIdentifier);
    },
  });

  itComesUp({
    name: 'starts nothing on the volumes of an earlier Database when it is not told to',
    arrange: leaveVolumes,
    expects: ({ scene }) => {
      const { fake } = scene;
      expect(conditionIn(scene, 'Stalled')).to.equal('VolumesOfAnotherDatabase');
      expect(statusOf(scene)['phase']).to.equal('Failed');
      expect(['StatefulSet', 'Pod', 'Secret'].flatMap((kind) => fake.all(kind))).to.deep.equal([]);
      const owners = fake.all('PersistentVolumeClaim').map(({ metadata }) => metadata.annotations?.[OWNER]);
      expect(owners).to.deep.equal(Array(3).fill(EARLIER.owner));
    },
  });

  itComesUp({
    name: 'leaves the volumes of an earlier Database alone when it is deleted with its data',
    arrange: leaveVolumes,
    begin: (stage) => {
      write(stage, { replicas: 3, deletionPolicy: 'Delete' });
    },
    change: (stage) => {
      confirm(stage);
      remove(stage);
    },
    expects: ({ scene }) => {
      expect(isGone(scene)).to.equal(true);
      expect(scene.fake.all('PersistentVolumeClaim')).to.have.length(3);
    },
  });

  it('reverts changes of others, in direct mode', async () => {
    const stage = await openStage('direct', await prepared({ before: { replicas: 3 } }, 'direct'));
    const { scene } = stage;
    scene.start();
    await scene.settle();
    const { fake } = scene;
    const service = part(fake.get('Service', `${KEY}-primary`), 'spec');
    fake.change('Service', `${KEY}-primary`, (old) => ({ ...old, spec: { ...part(old, 'spec'), selector: {} } }));
    fake.change('StatefulSet', KEY, (old) => ({ ...old, spec: { ...part(old, 'spec'), replicas: 1 } }));
    await calm(stage);
    scene.close();
    expectDone(scene);
    expect(part(fake.get('Service', `${KEY}-primary`), 'spec')).to.deep.equal(service);
  });
});
