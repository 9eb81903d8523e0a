import { expect } from 'chai';
import { USER_ANNOTATIONS } from '../../database/vocabulary.ts';
import type { Answer } from '../../lab/gitops/lua.ts';
import { runLua } from '../../lab/gitops/lua.ts';
import { actionsOf, script } from '../../scripts/argocd/files.ts';
import { findArgoLua } from '../../lab/programs/argo-programs.ts';
import { orSkip } from '../or-skip.ts';

const NOW = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const ANY_NOW = /^any@\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** The annotation that each action writes. */
const WRITES: Readonly<Record<string, readonly [annotation: string, value: RegExp]>> = {
  backup: ['db.example.com/backup', NOW],
  hibernate: ['db.example.com/hibernate', /^true$/],
  restart: ['db.example.com/restart', NOW],
  resume: ['db.example.com/hibernate', /^false$/],
  'rotate-credentials': ['db.example.com/rotate-credentials', NOW],
  'rotate-system-credentials': ['db.example.com/rotate-system-credentials', NOW],
  switchover: ['db.example.com/switchover', ANY_NOW],
};

const BACKUP = { destination: 's3://acme-backups/orders' };
const AWAKE = ['hibernate', 'restart', 'rotate-credentials', 'rotate-system-credentials'];

const discovered: readonly { name: string; spec: object; annotations?: object; offers: readonly string[] }[] = [
  { name: 'one member without backups', spec: {}, offers: AWAKE },
  {
    name: 'three members with backups',
    spec: { replicas: 3, backup: BACKUP },
    offers: [...AWAKE, 'backup', 'switchover'],
  },
  { name: 'a size with two members', spec: { size: 'medium' }, offers: [...AWAKE, 'switchover'] },
  { name: 'a size with one member', spec: { size: 'small' }, offers: AWAKE },
  { name: 'backups that are off', spec: { backup: { ...BACKUP, enabled: false } }, offers: AWAKE },
  {
    name: 'a Database that hibernates',
    spec: { replicas: 3, backup: BACKUP },
    annotations: { 'db.example.com/hibernate': 'true' },
    offers: ['resume'],
  },
  {
    name: 'a Database that hibernated once',
    spec: {},
    annotations: { 'db.example.com/hibernate': 'false' },
    offers: AWAKE,
  },
];

describe('Actions in Argo CD', () => {
  let program: string;

  before(async function () {
    program = await orSkip(this, findArgoLua);
  });

  function answer(run: 'discovery' | 'action', path: string, object: object): Answer {
    const [first] = runLua(program, [{ run, script: script('Database', `actions/${path}`), object }]);
    if (!first) throw new Error('no answer');
    return first;
  }

  const database = (spec: object, annotations?: object): object => ({
    ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'Database' },
    metadata: { name: 'orders', namespace: 'shop', ...(annotations && { annotations }) },
    spec,
  });

  for (const { name, spec, annotations, offers } of discovered) {
    it(`are those that can be run now: ${name}`, () => {
      const { actions = {}, error } = answer('discovery', 'discovery.lua', database(spec, annotations));
      expect(error).to.equal(undefined);
      expect(Object.keys(actions)).to.have.members(Object.keys(WRITES));
      expect(Object.keys(actions).filter((action) => actions[action])).to.have.members([...offers]);
    });
  }

  it('are all described, and no others', () => {
    expect(actionsOf('Database')).to.deep.equal(Object.keys(WRITES));
  });

  for (const [action, [annotation, value]] of Object.entries(WRITES)) {
    it(`${action} writes an annotation that the rules take, and leaves all else`, () => {
      for (const before of [undefined, { team: 'a' }]) {
        const changed = answer('action', `${action}/action.lua`, database({ replicas: 3 }, before));
        const written = changed.object?.metadata.annotations?.[annotation] ?? '';
        expect(written).to.match(value);
        const known = USER_ANNOTATIONS.find(({ key }) => key === annotation);
        expect(written).to.match(known?.form ?? /./);
        expect(changed.object).to.deep.equal(database({ replicas: 3 }, { ...before, [annotation]: written }));
      }
    });
  }
});
