import { expect } from 'chai';
import { HIBERNATE, SWITCHOVER } from '../../database/vocabulary.ts';
import { part } from '../../lab/world/objects.ts';
import type { Scene } from '../../lab/world/scene.ts';
import { KEY, statusOf, write } from '../../lab/world/stage.ts';
import type { Change } from './convergence/converge.ts';
import { calm, itComesUp, itConverges } from './convergence/converge.ts';
import { conditionIn, databaseIn, expectDone, podsOf } from './convergence/outcome.ts';

/** What makes the members' pods others. */
const SECOND_TEMPLATE = { resources: { requests: { memory: '2Gi' } } };
const THIRD_TEMPLATE = { resources: { requests: { memory: '3Gi' } } };
/** No pod starts that asks for such a node. */
const BROKEN_TEMPLATE = { nodeSelector: { disk: 'none' } };
const BACKUP = { enabled: true, schedule: '0 2 * * *', destination: 's3://backups/orders' };

function breakTemplate({ cluster }: Scene): void {
  cluster.canStart = (pod) => part(pod, 'spec', 'nodeSelector')['disk'] === undefined;
}

function forbidGrowth({ fake }: Scene): void {
  fake.change('StorageClass', 'standard', (old) => ({ ...old, allowVolumeExpansion: false }));
}

const CHANGES: readonly Change[] = [
  { name: 'stays as it is when nothing is asked for' },
  { name: 'grows from one member to five', before: { replicas: 1 }, spec: { replicas: 5 } },
  { name: 'shrinks from five members to two', before: { replicas: 5 }, shrinks: true, spec: { replicas: 2 } },
  { name: 'shrinks to one member', shrinks: true, spec: { replicas: 1 } },
  { name: 'rolls a new template', spec: SECOND_TEMPLATE },
  { name: 'rolls a new template of a single member', before: { replicas: 1 }, spec: SECOND_TEMPLATE },
  {
    name: 'takes back a template that breaks its members',
    arrange: breakTemplate,
    spec: BROKEN_TEMPLATE,
    expects: async (stage) => {
      const { scene } = stage;
      expect(conditionIn(scene, 'Ready')).to.equal('False');
      write(stage, { ...databaseIn(scene).spec, nodeSelector: undefined, ...THIRD_TEMPLATE });
      await calm(stage);
      expectDone(scene);
    },
  },
  { name: 'raises a setting that takes a restart', spec: { parameters: { max_connections: '200' } } },
  {
    name: 'raises a setting of a single member',
    before: { replicas: 1 },
    spec: { parameters: { max_connections: '200' } },
  },
  {
    name: 'lowers a setting in which standbys follow their primary',
    before: { parameters: { max_connections: '300' } },
    spec: { parameters: { max_connections: '50' } },
  },
  {
    name: 'lowers one setting and raises another, and rolls a template, all at once',
    before: { parameters: { max_connections: '300' } },
    spec: { ...SECOND_TEMPLATE, parameters: { max_connections: '50', max_files_per_process: '4000' } },
  },
  { name: 'grows its volumes', spec: { storage: { size: '30Gi', storageClassName: 'standard' } } },
  {
    name: 'says that volumes of this class cannot grow, and goes on with all else',
    arrange: forbidGrowth,
    spec: { ...SECOND_TEMPLATE, storage: { size: '30Gi', storageClassName: 'standard' } },
    expects: ({ scene }) => {
      expect(conditionIn(scene, 'Stalled')).to.equal('StorageCannotGrow');
      expect(conditionIn(scene, 'Ready')).to.equal('Serving');
      const { updateRevision } = part(scene.fake.get('StatefulSet', KEY), 'status');
      const memory = podsOf(scene).map(({ metadata }) => metadata.labels?.['controller-revision-hash']);
      expect(memory).to.deep.equal([updateRevision, updateRevision, updateRevision]);
      expect(JSON.stringify(scene.fake.all('StatefulSet'))).to.contain('"memory":"2Gi"');
    },
  },
  {
    name: 'grows, shrinks and rolls all at once',
    before: { replicas: 4 },
    shrinks: true,
    spec: {
      ...SECOND_TEMPLATE,
      replicas: 2,
      storage: { size: '30Gi', storageClassName: 'standard' },
      parameters: { max_connections: '150' },
    },
  },
  {
    name: 'switches over to the member that was asked for, synchronous or not, and only once',
    annotations: { [SWITCHOVER]: 'orders-2' },
    expects: ({ scene }) => {
      expectDone(scene);
      const { switchover } = part(statusOf(scene), 'handled') as { switchover?: { request: string } };
      expect(switchover).to.have.keys('request', 'result');
      expect(switchover?.request).to.equal('orders-2');
    },
  },
  {
    name: 'falls asleep and keeps its volumes',
    annotations: { [HIBERNATE]: 'true' },
    expects: ({ scene }) => {
      expect(podsOf(scene)).to.deep.equal([]);
      expect(scene.fake.all('PersistentVolumeClaim')).to.have.length(3);
      expect(statusOf(scene)).to.include({ phase: 'Pending', ready: '0/0' });
      expect(conditionIn(scene, 'Hibernated')).to.equal('Asleep');
    },
  },
  {
    name: 'stops its backups in the cluster when they are turned off',
    before: { backup: BACKUP },
    spec: { backup: { ...BACKUP, enabled: false } },
    expects: ({ scene }) => {
      expectDone(scene);
      expect(scene.fake.all('CronJob')).to.deep.equal([]);
    },
  },
];

describe('A simulated cluster', () => {
  itComesUp({ name: 'comes up, whatever happens in which order' });
  for (const change of CHANGES) itConverges(change);
});
