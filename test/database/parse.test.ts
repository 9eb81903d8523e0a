import { expect } from 'chai';
import type { Parsed } from '../../database/parse.ts';
import { parseObject } from '../../database/parse.ts';
import { formatPath } from '../../database/finding.ts';

const SPEC = { version: 16, storage: { size: '10Gi' } };
const ORDERS = { apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata: { name: 'orders' }, spec: SPEC };
const KINDS = 'Database, DatabaseBackup, DatabaseRestore, DatabaseUser';

/** Values that are none of our business, whatever they hold. */
const FOREIGN: Readonly<Record<string, unknown>> = {
  null: null,
  'a text': 'Database',
  'a list of nothing of ours': [{ apiVersion: 'v1', kind: 'ConfigMap' }],
  'a kind of nobody without apiVersion': { kind: 'Kustomization' },
  'an object of Kubernetes': { apiVersion: 'v1', kind: 'ConfigMap' },
  'a Database of another group': { ...ORDERS, apiVersion: 'db.example.org/v1alpha1' },
  'a Database of a group with a longer name': { ...ORDERS, apiVersion: 'elephant.db.example.com/v1alpha1' },
};

/** Values of our group that are no object of ours, and the one thing that is wrong with each. */
const WRONG: Readonly<Record<string, readonly [value: unknown, found: string]>> = {
  'another version': [
    { ...ORDERS, apiVersion: 'db.example.com/v1' },
    'apiVersion: must be db.example.com/v1alpha1; write apiVersion: db.example.com/v1alpha1 (schema-kind)',
  ],
  'no version': [
    { ...ORDERS, apiVersion: 'db.example.com' },
    'apiVersion: must be db.example.com/v1alpha1; write apiVersion: db.example.com/v1alpha1 (schema-kind)',
  ],
  'a misspelt group': [
    { ...ORDERS, apiVersion: 'db.exmaple.com/v1alpha1' },
    'apiVersion: must be db.example.com/v1alpha1; write apiVersion: db.example.com/v1alpha1 (schema-kind)',
  ],
  'no apiVersion': [
    { ...ORDERS, apiVersion: undefined },
    'apiVersion: must be db.example.com/v1alpha1; write apiVersion: db.example.com/v1alpha1 (schema-kind)',
  ],
  'a list of objects': [
    [ORDERS],
    ': must be an object, not a list of objects; write each object as a document of its own, with --- between them (schema-type)',
  ],
  'a field in the wrong place': [
    { ...ORDERS, spec: { ...SPEC, schedule: '@daily' } },
    'spec.schedule: must not be set: there is no such field; did you mean "spec.backup.schedule"? (schema-unknown-field)',
  ],
  'a misspelt kind': [
    { ...ORDERS, kind: 'Databse' },
    `kind: must be one of ${KINDS}; did you mean "Database"? (schema-kind)`,
  ],
  'a kind that is inherited by all': [
    { ...ORDERS, kind: 'constructor' },
    `kind: must be one of ${KINDS}; choose one of them (schema-kind)`,
  ],
  'no kind': [{ apiVersion: ORDERS.apiVersion }, `kind: must be one of ${KINDS}; choose one of them (schema-kind)`],
  'no metadata': [
    { ...ORDERS, metadata: undefined },
    'metadata: must be set; add metadata (name, namespace, labels and annotations of the object) (schema-required)',
  ],
  'a spec that is null': [{ ...ORDERS, spec: null }, 'spec: must be an object; write an object here (schema-type)'],
};

function findingsOf(parsed: Parsed): string[] {
  if (parsed.is !== 'wrong') return [];
  return parsed.findings.map(
    ({ path, problem, remedy, rule }) => `${formatPath(path)}: ${problem}; ${remedy} (${rule})`,
  );
}

describe('An object is parsed', () => {
  it('as ours, with its defaults', () => {
    const parsed = parseObject(ORDERS);
    const defaults = { engine: 'postgresql', podAntiAffinity: 'preferred', deletionPolicy: 'Retain' };
    expect(parsed).to.deep.equal({ is: 'ours', object: { ...ORDERS, spec: { ...SPEC, ...defaults } } });
  });

  it('without being changed itself', () => {
    const value = structuredClone(ORDERS);
    parseObject(value);
    expect(value).to.deep.equal(ORDERS);
  });

  for (const [name, value] of Object.entries(FOREIGN)) {
    it(`as foreign: ${name}`, () => {
      expect(parseObject(value)).to.deep.equal({ is: 'foreign' });
    });
  }

  for (const [name, [value, found]] of Object.entries(WRONG)) {
    it(`as wrong: ${name}`, () => {
      expect(findingsOf(parseObject(value))).to.deep.equal([found]);
    });
  }

  it('with what is sound of it, stand-ins for the rest', () => {
    const spec = { version: 16.3, storage: {}, replcas: 3, replicas: 12, size: 'smal' };
    const parsed = parseObject({ ...ORDERS, spec });
    const paths = parsed.is === 'wrong' ? parsed.findings.map(({ path }) => formatPath(path)).sort() : [];
    expect(paths).to.deep.equal(['spec.replcas', 'spec.size', 'spec.storage.size', 'spec.version']);
    expect(parsed).to.have.nested.property('sound.spec').that.include({ version: '18', replicas: 12 });
    expect(parsed).to.have.nested.property('sound.spec').that.does.not.have.any.keys('replcas', 'size');
    expect(parsed).to.have.nested.property('sound.spec.storage.size', '1Gi');
  });

  it('without anything sound, when its frame is broken', () => {
    expect(parseObject({ ...ORDERS, spec: [] })).to.not.have.property('sound');
  });

  it('with no field that comes out of a prototype', () => {
    const spec = JSON.parse('{"version": 16, "storage": {"size": "10Gi"}, "__proto__": {"replicas": 3}}') as object;
    const parsed = parseObject({ ...ORDERS, spec });
    const object = parsed.is === 'ours' ? parsed.object : parsed.is === 'wrong' ? parsed.sound : undefined;
    expect((object?.spec as { replicas?: number } | undefined)?.replicas).to.equal(undefined);
  });

  it('in a list of permissions only once for each database, as the API server has it', () => {
    const permission = { database: 'app', access: 'readOnly' };
    const spec = { databaseRef: { name: 'orders' }, permissions: [permission, { ...permission, access: 'owner' }] };
    const [found] = findingsOf(parseObject({ ...ORDERS, kind: 'DatabaseUser', spec }));
    expect(found).to.match(/^spec\.permissions\[1\]/);
  });

  it('with whole numbers that the API server can hold', () => {
    for (const value of [1e21, 2 ** 63]) {
      expect(parseObject({ ...ORDERS, spec: { ...SPEC, parameters: { a: value } } }).is).to.equal('wrong');
    }
  });
});
