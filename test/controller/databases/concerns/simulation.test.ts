import { HIBERNATE, SWITCHOVER } from '../../../../database/vocabulary.ts';
import { expect } from 'chai';
import type { Scenario } from './simulation/scenario.ts';
import { ask, condition, expectDone, itComesUp, itConverges } from './simulation/scenario.ts';

const SCENARIOS: readonly Scenario[] = [
  { name: 'stays as it is when nothing is asked for', change: () => undefined },
  {
    name: 'grows from one member to five',
    spec: { replicas: 1 },
    change: (world) => {
      ask(world, { replicas: 5 });
    },
  },
  {
    name: 'shrinks from five members to two',
    spec: { replicas: 5 },
    shrinks: true,
    change: (world) => {
      ask(world, { replicas: 2 });
    },
  },
  {
    name: 'shrinks to one member',
    shrinks: true,
    change: (world) => {
      ask(world, { replicas: 1 });
    },
  },
  {
    name: 'rolls a new template',
    change: (world) => {
      world.template = 'second';
    },
  },
  {
    name: 'rolls a new template of a single member',
    spec: { replicas: 1 },
    change: (world) => {
      world.template = 'second';
    },
  },
  {
    name: 'takes back a template that breaks its members',
    before: (world) => {
      world.broken = ['broken'];
    },
    change: (world) => {
      world.template = 'broken';
    },
    expects: (simulation) => {
      expect(condition(simulation.world, 'Ready')).to.equal('False');
      simulation.world.template = 'third';
      simulation.settle();
      expectDone(simulation);
    },
  },
  {
    name: 'raises a setting that takes a restart',
    change: (world) => {
      ask(world, { parameters: { max_connections: '200' } });
    },
  },
  {
    name: 'raises a setting of a single member',
    spec: { replicas: 1 },
    change: (world) => {
      ask(world, { parameters: { max_connections: '200' } });
    },
  },
  {
    name: 'lowers a setting in which standbys follow their primary',
    spec: { parameters: { max_connections: '300' } },
    change: (world) => {
      ask(world, { parameters: { max_connections: '50' } });
    },
  },
  {
    name: 'lowers one setting and raises another, and rolls a template, all at once',
    spec: { parameters: { max_connections: '300' } },
    change: (world) => {
      world.template = 'second';
      ask(world, { parameters: { max_connections: '50', max_files_per_process: '4000' } });
    },
  },
  {
    name: 'grows its volumes',
    change: (world) => {
      ask(world, { storage: { size: '30Gi' } });
    },
  },
  {
    name: 'says that volumes of this class cannot grow, and goes on with all else',
    expandable: false,
    change: (world) => {
      world.template = 'second';
      ask(world, { storage: { size: '30Gi' } });
    },
    expects: ({ world }) => {
      expect(condition(world, 'Stalled')).to.equal('StorageCannotGrow');
      expect(condition(world, 'Ready')).to.equal('Serving');
      expect(world.pods.map(({ template }) => template)).to.deep.equal(['second', 'second', 'second']);
    },
  },
  {
    name: 'grows, shrinks and rolls all at once',
    spec: { replicas: 4 },
    shrinks: true,
    change: (world) => {
      world.template = 'second';
      ask(world, { replicas: 2, storage: { size: '30Gi' }, parameters: { max_connections: '150' } });
    },
  },
  {
    name: 'switches over to the member that was asked for, synchronous or not, and only once',
    change: (world) => {
      ask(world, {}, { [SWITCHOVER]: 'orders-2' });
    },
    expects: (simulation) => {
      expectDone(simulation);
      const { switchover } = simulation.world.own.status?.handled ?? {};
      expect(switchover).to.have.keys('request', 'result');
      expect(switchover?.request).to.equal('orders-2');
    },
  },
  {
    name: 'falls asleep and keeps its volumes',
    change: (world) => {
      ask(world, {}, { [HIBERNATE]: 'true' });
    },
    expects: ({ world }) => {
      expect(world.pods).to.deep.equal([]);
      expect(world.claims).to.have.length(3);
      expect(world.own.status).to.include({ phase: 'Pending', ready: '0/0' });
      expect(condition(world, 'Hibernated')).to.equal('Asleep');
    },
  },
  {
    name: 'stops its backups in the cluster when they are turned off',
    spec: { backup: { enabled: true, schedule: '0 2 * * *', timeZone: 'Etc/UTC', destination: 's3://backups/orders' } },
    change: (world) => {
      ask(world, {});
      delete world.own.spec.backup;
    },
    expects: (simulation) => {
      expectDone(simulation);
      expect(simulation.world.objects.map(({ kind }) => kind)).to.not.include('CronJob');
    },
  },
];

describe('A simulated cluster', () => {
  itComesUp('comes up, whatever happens in which order', () => undefined);
  for (const scenario of SCENARIOS) itConverges(scenario);
});
