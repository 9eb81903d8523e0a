import { expect } from 'chai';
import { HIBERNATE, SWITCHOVER } from '../../database/vocabulary.ts';
import type { Step } from '../../controller/databases/decision.ts';
import type { Plain } from '../../lab/world/objects.ts';
import type { Mode, Stage } from '../../lab/world/stage.ts';
import { NAME, NAMESPACE, remove, write } from '../../lab/world/stage.ts';
import { openStage } from './convergence/converge.ts';
import { prepared } from './scenarios/rehearsal.ts';

/** A step in a few words. */
function wordsOf(step: Step): string {
  switch (step.do) {
    case 'delete-pod':
      return `recreate ${step.pod}`;
    case 'restart-server':
      return `restart ${step.pod} as ${step.role}`;
    case 'switchover':
      return `switch over from ${step.from} to ${step.to ?? 'any'}`;
    case 'configure': {
      const { synchronous_node_count: count, member_slots_ttl: ttl } = step.config;
      if (count !== undefined) return `configure ${JSON.stringify(count)} synchronous`;
      return ttl === undefined ? 'configure' : 'configure no slots of absent members';
    }
    case 'apply':
      return `apply ${step.kind} ${step.name}${step.replicas === undefined ? '' : ` with ${step.replicas}`}`;
    case 'delete':
    case 'orphan':
      return `${step.do} ${step.object.kind} ${step.object.name}`;
    case 'grow-claim':
      return `grow ${step.claim} to ${step.storage}`;
    case 'mark-claim':
      return `mark ${step.claim}${step.systemIdentifier === undefined ? '' : ' with its cluster'}`;
    case 'create-secret':
      return `create ${step.secret}`;
    default:
      return step.do;
  }
}

interface Sequence {
  readonly name: string;
  readonly mode?: Mode;
  /** Spec before the change, beside three members unless it says another number. */
  readonly before?: Plain;
  /** The member that leads before the change, where it is not the first. */
  readonly leader?: string;
  /** Fields of the spec that become others. */
  readonly spec?: Plain;
  readonly annotations?: Plain;
  /** Whether the Database is deleted. */
  readonly isDeleted?: true;
  readonly steps: readonly string[];
}

const STORAGE = { size: '10Gi', storageClassName: 'standard' };
const SECOND_TEMPLATE = { resources: { requests: { memory: '2Gi' } } };
/** After a primary took over, its passwords are looked at again. */
const LOOK = 'ensure-application-role';
const NEW: readonly string[] = [
  'add-finalizer',
  ...['apply ServiceAccount ballast-member-orders', 'apply Role orders-members', 'apply RoleBinding orders-members'],
  ...['apply Role orders-controller', 'apply RoleBinding orders-controller'],
  ...['read-credentials', 'guard-namespace'],
  // The authority that signs the certificate is made first.
  ...['create superuser', 'create replication', 'create app', 'create tls', 'create tls'],
  'apply ConfigMap orders-settings',
  ...['apply Service orders-primary', 'apply Service orders-replica', 'apply Service orders-pods'],
  ...['apply NetworkPolicy orders-network', 'apply PodDisruptionBudget orders'],
  ...[0, 1, 2].map((ordinal) => `apply PersistentVolumeClaim data-orders-${ordinal}`),
  'apply StatefulSet orders with 3',
  ...[0, 1, 2].map((ordinal) => `mark data-orders-${ordinal} with its cluster`),
  ...[LOOK, LOOK],
];

const SEQUENCES: readonly Sequence[] = [
  {
    name: 'A new template: standbys, highest first, then a switchover, then the former primary',
    spec: SECOND_TEMPLATE,
    steps: [
      'recreate orders-2',
      'recreate orders-1',
      'switch over from orders-0 to orders-1',
      LOOK,
      'recreate orders-0',
    ],
  },
  {
    name: 'A new template of one member',
    before: { replicas: 1 },
    spec: SECOND_TEMPLATE,
    steps: ['recreate orders-0', LOOK],
  },
  {
    name: 'A raised setting: standbys restart, then a switchover; the former primary starts with it',
    spec: { parameters: { max_connections: '200' } },
    steps: [
      'configure',
      'restart orders-2 as replica',
      'restart orders-1 as replica',
      'switch over from orders-0 to orders-1',
      LOOK,
    ],
  },
  {
    name: 'A lowered setting: the primary restarts first, where it leads; then the standbys can follow',
    before: { parameters: { max_connections: '300' } },
    spec: { parameters: { max_connections: '200' } },
    steps: ['configure', 'restart orders-0 as primary', 'restart orders-2 as replica', 'restart orders-1 as replica'],
  },
  {
    name: 'A switchover to a certain standby',
    annotations: { [SWITCHOVER]: 'orders-2' },
    steps: ['switch over from orders-0 to orders-2', LOOK],
  },
  {
    name: 'A switchover to any standby',
    annotations: { [SWITCHOVER]: 'any' },
    steps: ['switch over from orders-0 to orders-1', LOOK],
  },
  {
    name: 'Fewer members: their slots go with them',
    before: { replicas: 4 },
    spec: { replicas: 3 },
    steps: ['configure no slots of absent members', 'configure'],
  },
  {
    name: 'Fewer members in direct mode, with a primary that leaves: it switches over before they go',
    mode: 'direct',
    before: { replicas: 5 },
    leader: 'orders-4',
    spec: { replicas: 3 },
    steps: [
      'switch over from orders-4 to orders-0',
      'apply StatefulSet orders with 3',
      LOOK,
      'configure no slots of absent members',
      'configure',
    ],
  },
  {
    name: 'Larger volumes in direct mode',
    mode: 'direct',
    spec: { storage: { ...STORAGE, size: '20Gi' } },
    steps: [
      'apply ConfigMap orders-settings',
      ...[0, 1, 2].map((ordinal) => `apply PersistentVolumeClaim data-orders-${ordinal}`),
      // WAL may take half of the volume.
      'configure',
    ],
  },
  {
    name: 'Sleep in direct mode',
    mode: 'direct',
    annotations: { [HIBERNATE]: 'true' },
    steps: ['apply StatefulSet orders with 0'],
  },
  {
    name: 'A deletion that keeps the data',
    isDeleted: true,
    steps: [
      'scale',
      'orphan StatefulSet orders',
      'delete Role orders-controller',
      'delete ConfigMap orders-settings',
      ...['pods', 'primary', 'replica'].map((service) => `delete Service orders-${service}`),
      'delete ServiceAccount ballast-member-orders',
      'delete Role orders-members',
      ...['delete RoleBinding orders-controller', 'delete RoleBinding orders-members'],
      ...['delete PodDisruptionBudget orders', 'delete NetworkPolicy orders-network'],
      ...['config', 'leader', 'sync'].map((part) => `delete ConfigMap orders-${part}`),
      'remove-finalizer',
    ],
  },
];

/** The steps that a change of a Database leads to, where nothing else happens. */
async function stepsOf({
  mode = 'gitops',
  before,
  leader,
  spec = {},
  annotations,
  isDeleted,
}: Sequence): Promise<string[]> {
  const former = { replicas: 3, storage: STORAGE, ...before };
  const stage = await openStage(mode, await prepared({ before: former }, mode));
  try {
    await settle(stage);
    if (leader !== undefined) stage.scene.cluster.lead(NAMESPACE, NAME, leader);
    await stage.scene.quiet();
    return await stepsAfter(stage, () => {
      if (isDeleted) remove(stage);
      else write(stage, { ...former, ...spec }, annotations);
    });
  } finally {
    stage.argo.stop();
    stage.scene.close();
  }
}

async function settle({ scene }: Stage): Promise<void> {
  scene.start();
  await scene.settle();
}

async function stepsAfter({ scene }: Stage, change: () => void): Promise<string[]> {
  const { length: before } = scene.steps;
  change();
  await scene.quiet(60);
  return scene.steps.slice(before).map(wordsOf);
}

describe('What is done, in order', () => {
  it('A new Database in direct mode', async () => {
    const stage = await openStage('direct', await prepared({}, 'direct'));
    await settle(stage);
    const steps = await stepsAfter(stage, () => {
      write(stage, { replicas: 3, storage: STORAGE });
    });
    stage.scene.close();
    expect(steps).to.deep.equal(NEW);
  });

  for (const sequence of SEQUENCES) {
    it(sequence.name, async () => {
      expect(await stepsOf(sequence)).to.deep.equal(sequence.steps);
    });
  }
});
