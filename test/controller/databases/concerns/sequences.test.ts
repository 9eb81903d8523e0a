import { expect } from 'chai';
import type { Step } from '../../../../controller/databases/decision.ts';
import { ask, settled } from './simulation/scenario.ts';
import type { World } from './simulation/world.ts';

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
    case 'mark-claim':
      return `mark ${step.claim}${step.systemIdentifier === undefined ? '' : ' with its cluster'}`;
    case 'create-secret':
      return `create ${step.secret}`;
    default:
      return step.do;
  }
}

/** Makes a member primary, as if it had always been. */
function leads(world: World, ordinal: number): void {
  const [before, pod] = [world.pods[0]!, world.pods[ordinal]!];
  Object.assign(world.leader!, { member: pod.name, process: `${pod.uid}/${pod.restarts}` });
  Object.assign(pod, { role: 'primary', label: 'primary', streaming: false });
  Object.assign(before, { role: 'replica', label: 'replica', streaming: true });
  world.sync = world.pods.filter((one) => one !== pod).map(({ name }) => name);
  world.leader!.slots = world.sync.map((name) => name.replaceAll('-', '_'));
  world.lastLeader = pod.name;
}

interface Sequence {
  readonly name: string;
  readonly direct?: boolean;
  readonly replicas?: number;
  readonly max_connections?: string;
  readonly change: (world: World) => void;
  readonly steps: readonly string[];
}

const SECRETS = ['create superuser', 'create replication', 'create app', 'create tls'];
const MARKS = ['mark data-orders-0', 'mark data-orders-1', 'mark data-orders-2'];

const SEQUENCES: readonly Sequence[] = [
  {
    name: 'A new template: standbys, highest first, then a switchover, then the former primary',
    change: (world) => {
      world.template = 'second';
    },
    steps: ['recreate orders-2', 'recreate orders-1', 'switch over from orders-0 to orders-1', 'recreate orders-0'],
  },
  {
    name: 'A new template of one member',
    replicas: 1,
    change: (world) => {
      world.template = 'second';
    },
    steps: ['recreate orders-0'],
  },
  {
    name: 'A raised setting: standbys restart, then a switchover; the former primary starts with it',
    change: (world) => {
      ask(world, { parameters: { max_connections: '200' } });
    },
    steps: [
      'configure',
      'restart orders-2 as replica',
      'restart orders-1 as replica',
      'switch over from orders-0 to orders-1',
    ],
  },
  {
    name: 'A lowered setting: the primary restarts first, where it leads; then the standbys can follow',
    max_connections: '300',
    change: (world) => {
      ask(world, { parameters: { max_connections: '200' } });
    },
    steps: ['configure', 'restart orders-0 as primary', 'restart orders-2 as replica', 'restart orders-1 as replica'],
  },
  {
    name: 'A switchover to a certain standby',
    change: (world) => {
      ask(world, {}, { 'db.example.com/switchover': 'orders-2' });
    },
    steps: ['switch over from orders-0 to orders-2'],
  },
  {
    name: 'A switchover to any standby',
    change: (world) => {
      ask(world, {}, { 'db.example.com/switchover': 'any' });
    },
    steps: ['switch over from orders-0 to orders-1'],
  },
  {
    name: 'Fewer members: their slots go with them',
    change: (world) => {
      ask(world, { replicas: 3 });
    },
    replicas: 4,
    steps: ['configure no slots of absent members', 'configure'],
  },
  {
    name: 'Fewer members in direct mode, with a primary that leaves: it switches over before they go',
    direct: true,
    replicas: 5,
    change: (world) => {
      leads(world, 4);
      ask(world, { replicas: 3 });
    },
    steps: [
      'switch over from orders-4 to orders-0',
      'apply StatefulSet orders with 3',
      'configure no slots of absent members',
      'configure',
    ],
  },
  {
    name: 'Larger volumes in direct mode',
    direct: true,
    change: (world) => {
      ask(world, { storage: { size: '20Gi' } });
    },
    steps: [0, 1, 2].map((ordinal) => `apply PersistentVolumeClaim data-orders-${ordinal}`),
  },
  {
    name: 'Sleep in direct mode',
    direct: true,
    change: (world) => {
      ask(world, {}, { 'db.example.com/hibernate': 'true' });
    },
    steps: ['apply StatefulSet orders with 0'],
  },
  {
    name: 'A deletion that keeps the data',
    change: (world) => {
      world.own.deletedAt = world.now;
      world.own.version += 1000;
    },
    steps: [
      'scale',
      'orphan StatefulSet orders',
      'delete Role orders-controller',
      'delete ConfigMap orders-leader',
      'delete ConfigMap orders-config',
      'remove-finalizer',
    ],
  },
];

describe('What is done, in order', () => {
  it('A new Database in direct mode', () => {
    const { steps } = settled({ direct: true });
    const rbac = ['apply Role orders-controller', 'apply RoleBinding orders-controller'];
    const claims = [0, 1, 2].map((ordinal) => `apply PersistentVolumeClaim data-orders-${ordinal}`);
    expect(steps.map(wordsOf)).to.deep.equal([
      'add-finalizer',
      ...rbac,
      'read-credentials',
      ...SECRETS,
      'apply ConfigMap orders-settings',
      'apply Service orders-primary',
      ...claims.flatMap((claim, index) => [claim, MARKS[index]!]),
      'apply StatefulSet orders with 3',
      ...MARKS.map((mark) => `${mark} with its cluster`),
      'ensure-application-role',
    ]);
  });

  for (const { name, direct = false, replicas = 3, max_connections, change, steps } of SEQUENCES) {
    it(name, () => {
      const parameters = max_connections === undefined ? {} : { parameters: { max_connections } };
      const simulation = settled({ direct, spec: { replicas, ...parameters } });
      const before = simulation.steps.length;
      change(simulation.world);
      simulation.settle();
      expect(simulation.steps.slice(before).map(wordsOf)).to.deep.equal(steps);
    });
  }
});
