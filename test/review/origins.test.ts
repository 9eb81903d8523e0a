import { dump } from 'js-yaml';
import { expect } from 'chai';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { fileFinding } from '../../review/located-finding.ts';
import { builtObjects, parseSource, placeInSource } from '../../review/origins.ts';

const ORIGIN = 'config.kubernetes.io/origin';
const TRANSFORMATIONS = 'alpha.config.kubernetes.io/transformations';

const object = (annotations: object, name: unknown = 'orders'): string =>
  dump({ kind: 'Database', metadata: { name, namespace: 'shop', annotations }, spec: { storage: { size: '5Gi' } } });

const by = (kind: string, configuredIn: string): object => ({ configuredIn, configuredBy: { kind } });

const NOTES: Readonly<Record<string, { text: string; notes: object | undefined }>> = {
  'no notes': { text: object({}), notes: {} },
  'a file': { text: object({ [ORIGIN]: 'path: ../base/a.yaml\n' }), notes: { path: '../base/a.yaml' } },
  'a file of a repository': {
    text: object({ [ORIGIN]: 'path: a.yaml\nrepo: https://example.com/x\nref: v1\n' }),
    notes: { path: 'a.yaml', repository: 'https://example.com/x' },
  },
  'a generator': {
    text: object({ [ORIGIN]: 'configuredIn: ../base/kustomization.yaml\n' }),
    notes: { path: '../base/kustomization.yaml' },
  },
  'changes, of which the last patch counts': {
    text: object({
      [TRANSFORMATIONS]: dump([
        by('PatchTransformer', 'base/kustomization.yaml'),
        by('PatchTransformer', 'prod/kustomization.yaml'),
        by('NamespaceTransformer', 'top/kustomization.yaml'),
      ]),
    }),
    notes: { changedIn: 'prod/kustomization.yaml' },
  },
  'changes without a patch, of which the last counts': {
    text: object({ [TRANSFORMATIONS]: dump([by('NamespaceTransformer', 'top/kustomization.yaml')]) }),
    notes: { changedIn: 'top/kustomization.yaml' },
  },
  'notes that are no YAML': { text: object({ [ORIGIN]: '[', [TRANSFORMATIONS]: '{' }), notes: {} },
  'notes of other types': { text: object({ [ORIGIN]: '- path', [TRANSFORMATIONS]: 'a: 1' }), notes: {} },
  'a name that is none': { text: object({}, 7), notes: undefined },
  'a text that is no YAML': { text: 'kind: [', notes: undefined },
};

describe('The notes of kustomize on an object', () => {
  for (const [what, { text, notes }] of Object.entries(NOTES)) {
    it(`are read: ${what}`, () => {
      const found = builtObjects(text, 'default').get('Database/shop/orders');
      expect(found && { ...found, value: undefined }).to.deep.equal(notes && { ...notes, value: undefined });
    });
  }

  it('are found in a List, under the namespace that is assumed', () => {
    const item = { kind: 'Database', metadata: { name: 'orders' } };
    const objects = builtObjects(dump({ apiVersion: 'v1', kind: 'List', items: [item] }), 'assumed');
    expect([...objects.keys()]).to.deep.equal(['Database/assumed/orders']);
  });
});

const SOURCE = `kind: ConfigMap
metadata: {name: orders}
---
kind: Database
metadata:
  name: orders
spec:
  storage:
    size: 20Gi
`;

function finding(steps: LocatedFinding['steps'], name = 'orders'): LocatedFinding {
  const about = fileFinding('build', { rule: 'a-rule', problem: 'must be', remedy: 'do' });
  return { ...about, kind: 'Database', namespace: 'shop', name, steps };
}

const SIZE = ['spec', 'storage', 'size'];
const built = (size: string, name = 'orders'): { value: unknown } => ({
  value: { kind: 'Database', metadata: { name, namespace: 'shop' }, spec: { storage: { size } } },
});

describe('The place of a finding in the source of an object', () => {
  const place = (about: LocatedFinding, object: { value: unknown }, text = SOURCE): object | undefined => {
    const parsed = parseSource(text);
    return parsed && placeInSource(about, object, parsed);
  };

  it('is the line of the value that was built from it', () => {
    expect(place(finding(SIZE), built('20Gi'))).to.deep.equal({ line: 9, column: 11, isChanged: false });
  });
  it('says when the value was changed on the way', () => {
    expect(place(finding(SIZE), built('5Gi'))).to.deep.equal({ line: 9, column: 11, isChanged: true });
  });
  it('is the nearest field above one that neither has', () => {
    const at = place(finding(['spec', 'replicas']), built('20Gi'));
    expect(at).to.deep.equal({ line: 7, column: 1, isChanged: false });
  });
  it('is found under another name, when it is the only object of its kind', () => {
    expect(place(finding(SIZE, 'prod-orders'), built('20Gi', 'prod-orders'))).to.include({ line: 9 });
  });
  it('is nowhere among several of other names, in a file without the kind, and in one that is no YAML', () => {
    const two = `${SOURCE}---\n${SOURCE.replaceAll('orders', 'users')}`;
    expect(place(finding(SIZE, 'prod-orders'), built('20Gi'), two)).to.equal(undefined);
    expect(place(finding(SIZE), built('20Gi'), 'kind: ConfigMap\n')).to.equal(undefined);
    expect(place(finding(SIZE), built('20Gi'), 'kind: [')).to.equal(undefined);
  });
});
