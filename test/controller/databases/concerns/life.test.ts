import { HIBERNATE } from '../../../../database/vocabulary.ts';
import fc from 'fast-check';
import { expect } from 'chai';
import type { Database } from '../../../../database/object.ts';
import type { Happening } from './simulation/run.ts';
import { Simulation, happening } from './simulation/run.ts';
import { applyObject } from './simulation/kubernetes.ts';
import { ask, condition, expectDone, itComesUp, itConverges, settled } from './simulation/scenario.ts';
import type { World } from './simulation/world.ts';
import { bump, newUid } from './simulation/world.ts';

const CONFIRM = { 'db.example.com/confirm-delete': 'orders' };

function remove(world: World): void {
  Object.assign(world.own, { deletedAt: world.now, version: bump(world) });
}

/** Volumes that an earlier Database left, with its data. */
function leftVolumes(world: World): void {
  for (const ordinal of [0, 1, 2]) {
    const names = { name: `data-orders-${ordinal}`, ordinal, uid: newUid(world), version: bump(world) };
    const marks = { owner: 'uid-of-another', systemIdentifier: '42', data: '42' };
    world.claims.push({ ...names, ...marks, requested: 2n ** 34n, capacity: 2n ** 34n });
  }
}

const inform = (kept: boolean): string => (kept ? 'keeps' : 'takes');

describe('The life of a simulated Database', () => {
  const policies: readonly {
    policy: Database['spec']['deletionPolicy'];
    annotations?: Record<string, string>;
    keeps: boolean;
  }[] = [
    { policy: 'Retain', keeps: true },
    { policy: 'Retain', annotations: CONFIRM, keeps: true },
    { policy: 'Delete', annotations: CONFIRM, keeps: false },
  ];
  for (const { policy, annotations = {}, keeps } of policies) {
    itConverges({
      name: `ends with deletionPolicy ${policy}, which ${inform(keeps)} the data${annotations === CONFIRM ? ', confirmed' : ''}`,
      spec: { deletionPolicy: policy },
      change: (world) => {
        ask(world, {}, annotations);
        remove(world);
      },
      expects: ({ world }) => {
        expect(world.gone).to.equal(true);
        expect([world.workload, world.pods, world.objects]).to.deep.equal([undefined, [], []]);
        expect([world.leader, world.config]).to.deep.equal([undefined, undefined]);
        expect(world.claims).to.have.length(keeps ? 3 : 0);
        expect(Object.keys(world.secrets)).to.have.length(keeps ? 4 : 0);
        for (const { owner, systemIdentifier } of world.claims)
          expect([owner, systemIdentifier]).to.not.include(undefined);
      },
    });
  }

  const held: readonly { policy: Database['spec']['deletionPolicy']; reason: string }[] = [
    { policy: 'Protect', reason: 'DeletionProtected' },
    { policy: 'Delete', reason: 'DeletionNotConfirmed' },
  ];
  for (const { policy, reason } of held) {
    itConverges({
      name: `goes on when its deletion is held with deletionPolicy ${policy}`,
      spec: { deletionPolicy: policy },
      change: remove,
      expects: ({ world }) => {
        expect(world.gone).to.equal(false);
        expect(condition(world, 'Stalled')).to.equal(reason);
        expect(condition(world, 'Ready')).to.equal('Serving');
      },
    });
  }

  itConverges({
    name: 'ends when a deletion that was held is let through',
    spec: { deletionPolicy: 'Protect' },
    before: (world) => {
      world.own.annotations = {};
    },
    change: (world) => {
      remove(world);
      ask(world, { deletionPolicy: 'Retain' });
    },
    expects: ({ world }) => {
      expect(world.gone).to.equal(true);
      expect(world.claims).to.have.length(3);
    },
  });

  itConverges({
    name: 'wakes from its sleep',
    before: (world) => {
      const simulation = new Simulation(world);
      simulation.settle();
      ask(world, {}, { [HIBERNATE]: 'true' });
    },
    change: (world) => {
      ask(world, {}, { [HIBERNATE]: 'false' });
    },
  });

  itComesUp(
    'takes over the volumes of an earlier Database when it is told to',
    (world) => {
      leftVolumes(world);
      ask(world, { bootstrap: { adopt: true } });
    },
    (simulation) => {
      expectDone(simulation);
      expect(simulation.world.config?.systemIdentifier).to.equal('42');
    },
  );

  itComesUp('starts nothing on the volumes of an earlier Database when it is not told to', leftVolumes, ({ world }) => {
    expect(condition(world, 'Stalled')).to.equal('VolumesOfAnotherDatabase');
    expect(world.own.status?.phase).to.equal('Failed');
    expect([world.workload, world.pods, world.secrets]).to.deep.equal([undefined, [], {}]);
    expect(world.claims.map(({ owner }) => owner)).to.deep.equal(Array(3).fill('uid-of-another'));
  });

  it('leaves the volumes of an earlier Database alone when it is deleted with its data', () => {
    const many = fc.array(happening, { maxLength: 60 });
    const leaves = (direct: boolean, happenings: readonly Happening[]): void => {
      const { world } = settled({ direct, spec: { deletionPolicy: 'Delete' } }, leftVolumes);
      const simulation = new Simulation(world);
      ask(world, {}, CONFIRM);
      remove(world);
      for (const one of happenings) simulation.happen(one);
      simulation.settle();
      expect([world.gone, world.claims.length]).to.deep.equal([true, 3]);
    };
    fc.assert(fc.property(fc.boolean(), many, leaves), { numRuns: 20 });
  });

  it('puts right what somebody else changes, in direct mode', () => {
    const simulation = settled({ direct: true });
    const { world } = simulation;
    applyObject(world, { apiVersion: 'v1', kind: 'Service', name: 'orders-primary', content: 'changed by hand' });
    world.workload!.replicas = 1;
    world.workload!.version = bump(world);
    simulation.settle();
    expectDone(simulation);
    expect(world.objects.find(({ kind }) => kind === 'Service')?.content).to.equal('5432');
  });
});
