import fc from 'fast-check';
import { expect } from 'chai';
import { choose, decide } from '../../../../controller/databases/concerns/decide.ts';
import type { Step } from '../../../../controller/databases/decision.ts';
import type { MemberPod, Observation } from '../../../../controller/databases/observation.ts';
import { anything } from '../../arbitrary.ts';
import { NOW, UID } from '../../observations.ts';

const RUNS = 20_000;
const DATA = ['PersistentVolumeClaim', 'Secret'];

interface Choosing {
  readonly seen: Observation;
  readonly step: Step;
}

/** Something that must hold of every step that is about this. */
interface Invariant {
  readonly never: string;
  readonly about: (choosing: Choosing) => boolean;
  readonly holds: (choosing: Choosing) => void;
}

const is =
  (...kinds: readonly Step['do'][]) =>
  ({ step }: Choosing): boolean =>
    kinds.includes(step.do);

function confirmed({ own }: Observation): boolean {
  const { deletionPolicy } = own.database.spec;
  return deletionPolicy === 'Delete' && own.annotations['db.example.com/confirm-delete'] === 'orders';
}

/** Whether nothing holds the deletion. */
function goes(seen: Observation): boolean {
  const { deletionPolicy } = seen.own.database.spec;
  return seen.own.deletionRequestedAt !== undefined && (deletionPolicy === 'Retain' || confirmed(seen));
}

/** Whether the Database says that it takes over what an earlier one of its name left. */
function takesOver({ own }: Pick<Observation, 'own'>): boolean {
  const { adopt, recover } = own.database.spec.bootstrap ?? {};
  return adopt === true || recover === true;
}

/** Whether the first member's claim holds data of another Database. */
function holdsForeign({ own, claims }: Observation): boolean {
  return !takesOver({ own }) && claims[0]?.owner === 'uid-of-another';
}

const ready = ({ ready: is, deleting }: MemberPod): boolean => is && !deleting;

const INVARIANTS: readonly Invariant[] = [
  {
    never: 'deletes a claim or a Secret, but on a confirmed deletion, and of this Database',
    about: ({ step }) => step.do === 'delete' && DATA.includes(step.object.kind),
    holds: ({ seen, step }) => {
      expect(confirmed(seen) && seen.own.deletionRequestedAt !== undefined).to.equal(true);
      if (step.do !== 'delete' || step.object.kind !== 'PersistentVolumeClaim') return;
      const claim = seen.claims.find(({ name }) => name === step.object.name);
      expect(claim?.owner ?? (step.object.name === 'orders-backup' ? UID : undefined)).to.equal(UID);
    },
  },
  {
    never: 'deletes what bears no name of ours',
    about: is('delete'),
    holds: ({ step }) => {
      expect(step.do === 'delete' && step.object.name).to.not.contain('by-hand');
    },
  },
  {
    never: 'deletes what Ballast did not make for this Database',
    about: is('delete'),
    holds: ({ seen, step }) => {
      if (step.do !== 'delete' || DATA.includes(step.object.kind)) return;
      const { kind, name, uid } = step.object;
      const mark = seen.children.find((one) => one.uid === uid)?.mark;
      expect(mark, `${kind} ${name}`).to.not.equal(undefined);
      expect(mark === 'uid-of-another' && !takesOver(seen)).to.equal(false);
      expect(`${kind} ${name}`).to.not.equal('Deployment orders');
    },
  },
  {
    never: 'applies an object whose name is taken',
    about: is('apply'),
    holds: ({ seen, step }) => {
      if (step.do !== 'apply') return;
      const object = seen.rendered?.find(({ kind, name }) => kind === step.kind && name === step.name);
      expect(object?.takenBy).to.equal(undefined);
      expect(object?.uid).to.equal(step.uid);
    },
  },
  {
    never: 'makes a Secret or an object under names that are taken, while there is nothing of it',
    about: ({ seen }) => !seen.workload && (seen.rendered ?? []).some(({ takenBy }) => takenBy !== undefined),
    holds: ({ step }) => {
      expect(step.do).to.not.be.oneOf(['apply', 'create-secret']);
    },
  },
  {
    never: 'deletes without naming the very object that was seen',
    about: is('delete', 'orphan'),
    holds: ({ seen, step }) => {
      const { object } = step as Extract<Step, { do: 'delete' | 'orphan' }>;
      const known = new Map([...seen.children, ...(seen.workload ? [seen.workload] : [])].map((one) => [one.uid, one]));
      const { uid, resourceVersion } = known.get(object.uid) ?? seen.credentials!.present.get(object.name)!;
      expect(object).to.include({ uid, resourceVersion });
    },
  },
  {
    never: 'touches a pod without naming the very one that was seen',
    about: is('delete-pod', 'relabel'),
    holds: ({ seen, step }) => {
      const { pod: name, uid, resourceVersion } = step as Extract<Step, { do: 'delete-pod' | 'relabel' }>;
      expect(seen.pods.find((pod) => pod.name === name)).to.include({ uid, resourceVersion });
    },
  },
  {
    never: 'scales by itself, but to nothing and on the way down',
    about: is('scale'),
    holds: ({ seen, step }) => {
      expect(step).to.include({ replicas: 0, resourceVersion: seen.workload?.resourceVersion });
      expect(goes(seen)).to.equal(true);
    },
  },
  {
    never: 'frees a lock without proof of death',
    about: is('release-leader-lock'),
    holds: ({ seen, step }) => {
      const { leader, pods, patroni } = seen;
      expect(step).to.include({ member: leader?.member, resourceVersion: leader?.resourceVersion });
      expect(patroni?.config['pause']).to.equal(undefined);
      const { server, createdAt } = pods.find(({ name }) => name === leader?.member)!;
      const [ended, renewed] = [server!.finishedAt!.getTime(), leader!.renewedAt!.getTime()];
      expect(renewed).to.be.lessThan(server!.state === 'running' ? ended : ended + 1000);
      expect(createdAt.getTime()).to.be.at.most(leader!.acquiredAt!.getTime());
    },
  },
  {
    never: 'takes the label of a primary while the lock is free, or from its holder',
    about: is('relabel'),
    holds: ({ seen, step }) => {
      const holder = seen.pods.find(({ name }) => name === seen.leader?.member);
      expect(holder?.report?.role).to.equal('primary');
      expect(step.do === 'relabel' && step.pod).to.not.equal(holder?.name);
    },
  },
  {
    never: 'deletes the pod of a primary while a standby serves',
    about: ({ seen, step }) => step.do === 'delete-pod' && step.pod === seen.leader?.member,
    holds: ({ seen }) => {
      expect(seen.pods.filter((pod) => pod.name !== seen.leader?.member && ready(pod))).to.deep.equal([]);
    },
  },
  {
    never: 'restarts a primary in place for what a switchover would do',
    about: ({ step }) => step.do === 'restart-server' && step.role === 'primary',
    holds: ({ seen }) => {
      const primary = seen.pods.find(({ name }) => name === seen.leader?.member);
      const lowers = primary?.report?.waiting?.some(({ runs, wanted }) => Number(wanted) < Number(runs));
      expect(seen.pods.length === 1 || lowers).to.equal(true);
    },
  },
  {
    never: 'deletes a pod of the present template',
    about: is('delete-pod'),
    holds: ({ seen, step }) => {
      const pod = seen.pods.find(({ name }) => step.do === 'delete-pod' && name === step.pod);
      expect(pod?.revision).to.equal('old');
    },
  },
  {
    never: 'takes a second member away while one is missing',
    about: ({ seen, step }) => step.do === 'delete-pod' && seen.pods.some((pod) => pod.name === step.pod && pod.ready),
    holds: ({ seen }) => {
      expect(seen.pods.every(ready)).to.equal(true);
      expect(seen.pods).to.have.length(seen.workload?.replicas ?? 0);
    },
  },
  {
    never: 'switches over to one who may not lead',
    about: is('switchover'),
    holds: ({ seen, step }) => {
      const { from, to } = step as Extract<Step, { do: 'switchover' }>;
      const heir = seen.pods.find(({ name }) => name === to);
      expect(from).to.equal(seen.leader?.member);
      expect(heir && ready(heir) && heir.report?.follows).to.equal(true);
      if (seen.synchronous.length > 0) expect(seen.synchronous).to.include(to);
      expect(seen.patroni?.config['pause']).to.equal(undefined);
      expect([seen.switchover?.from, seen.switchover?.to]).to.deep.equal([undefined, undefined]);
    },
  },
  {
    never: 'touches what is rendered in GitOps mode, but on the way down',
    about: ({ seen, step }) => seen.rendered === undefined && is('apply', 'delete', 'orphan', 'scale')({ seen, step }),
    holds: ({ seen }) => {
      expect(goes(seen)).to.equal(true);
    },
  },
  {
    never: 'acts upon a spec that breaks rules',
    about: ({ seen }) => seen.problems.length > 0 && !goes(seen),
    holds: ({ step }) => {
      const allowed = [
        'release-leader-lock',
        'relabel',
        'guard-namespace',
        'add-finalizer',
        'mark-claim',
        'delete-pod',
      ];
      expect([...allowed, 'read-credentials', 'renew-certificate']).to.include(step.do);
    },
  },
  {
    never: 'starts anything on the volumes of another Database',
    about: ({ seen }) => holdsForeign(seen) && !goes(seen),
    holds: ({ step }) => {
      expect(['release-leader-lock', 'relabel', 'guard-namespace', 'add-finalizer']).to.include(step.do);
    },
  },
  {
    never: 'lets members go in direct mode while the primary is among them, or nobody leads',
    about: ({ seen, step }) =>
      step.do === 'apply' && step.kind === 'StatefulSet' && (step.replicas ?? 0) < (seen.workload?.replicas ?? 0),
    holds: ({ seen, step }) => {
      const replicas = (step.do === 'apply' ? step.replicas : 0) ?? 0;
      const young = seen.patroni === undefined || seen.own.database.spec.engine === 'mysql';
      if (replicas === 0 || young) return;
      const primary = seen.pods.find(({ name }) => name === seen.leader?.member);
      expect(primary?.ordinal).to.be.lessThan(replicas);
      expect(primary?.report?.role).to.equal('primary');
    },
  },
];

describe('No decision, whatever is seen,', () => {
  const tried = new Map<string, number>();

  it('breaks an invariant', () => {
    const property = fc.property(anything, (seen) => {
      const step = choose(seen, NOW)?.step;
      if (!step) return;
      for (const { never, holds } of INVARIANTS.filter((one) => one.about({ seen, step }))) {
        tried.set(never, (tried.get(never) ?? 0) + 1);
        try {
          holds({ seen, step });
        } catch (error) {
          throw new Error(`a decision ${never}: ${JSON.stringify(step)}`, { cause: error });
        }
      }
    });
    fc.assert(property, { numRuns: RUNS });
  }).timeout(20_000);

  // An invariant that nothing puts to the test says nothing.
  for (const { never } of INVARIANTS) {
    it(never, () => {
      expect(tried.get(never) ?? 0, 'how often it was put to the test').to.be.greaterThan(4);
    });
  }

  /** A copy of what was seen; how its engine is controlled is code, and the same. */
  const copyOf = ({ control, ...seen }: Observation): Observation => ({ ...structuredClone(seen), control });

  it('differs when it is made again, or changes what it is made from', () => {
    const property = fc.property(anything, (seen) => {
      const before = copyOf(seen);
      const first = decide(seen, NOW);
      expect(seen).to.deep.equal(before);
      expect(decide(copyOf(seen), NOW)).to.deep.equal(first);
    });
    fc.assert(property, { numRuns: 300 });
  });
});
