import { expect } from 'chai';
import fc from 'fast-check';
import type { Manifest } from '../../generator/metadata.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import { oracleOrSkip } from '../oracle/oracle.ts';
import type { Oracle } from '../oracle/oracle.ts';
import { databases, settings } from './databases.ts';
import { goldenCases } from './golden-cases.ts';
import { schemaProblems } from './kinds.ts';

/** Kinds of the Prometheus operator and of Ballast, which the API server itself does not know. */
const CUSTOM = new Set(['Database', 'ServiceMonitor', 'PrometheusRule']);

/**
 * Additions of the API server that a manifest cannot contain: the status of a claim in a template, which Argo CD's own
 * normalization removes.
 */
const ADDED = { StatefulSet: [/^spec\.volumeClaimTemplates\.0\.status/], '*': [/^status(\.|$)/] } as const;

const generated = fc.sample(fc.tuple(databases, settings), { numRuns: 80, seed: 20261120 });

/** All golden cases, and a fixed sample of generated Databases. */
function corpus(): { name: string; manifests: () => Manifest[] }[] {
  return [
    ...goldenCases().map(({ name, read }) => ({
      name,
      manifests: (): Manifest[] => {
        const { database, settings: own } = read();
        return render(familyOf(database), own);
      },
    })),
    {
      name: `${generated.length} generated Databases`,
      manifests: () => generated.flatMap(([database, own]) => render(familyOf(database), own)),
    },
  ];
}

/** The leaves of a value by path; an empty map or list is a leaf too. */
function leaves(value: unknown, path = ''): [path: string, leaf: unknown][] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (below.length === 0) return [[path, value]];
  return below.flatMap(([name, child]) => leaves(child, path === '' ? name : `${path}.${name}`));
}

function isAdded(kind: string, path: string): boolean {
  const patterns: readonly RegExp[] = [...ADDED['*'], ...(kind === 'StatefulSet' ? ADDED.StatefulSet : [])];
  return patterns.some((pattern) => pattern.test(path));
}

/** What differs between an object as rendered and as the API server keeps it, one sentence a field. */
function drift(rendered: Manifest, kept: Readonly<Record<string, unknown>>): string[] {
  const [ours, theirs] = [new Map(leaves(rendered)), new Map(leaves(kept))];
  const paths = [...new Set([...ours.keys(), ...theirs.keys()])];
  return paths
    .filter((path) => !isAdded(rendered.kind, path))
    .filter((path) => JSON.stringify(ours.get(path)) !== JSON.stringify(theirs.get(path)))
    .map(
      (path) =>
        `${rendered.kind} ${path}: ${JSON.stringify(ours.get(path))} becomes ${JSON.stringify(theirs.get(path))}`,
    );
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

/** The oracle allocates no addresses: a headless Service gets its list of none from us, as the API server gives it. */
function asAllocated(object: Manifest): Manifest {
  const spec = object['spec'] as { readonly clusterIP?: string } | undefined;
  return spec?.clusterIP === 'None' ? { ...object, spec: { ...spec, clusterIPs: ['None'] } } : object;
}

describe('The schemas that are tested with', () => {
  it('tell of a field that they do not know', () => {
    const monitor = { metadata: { name: 'a' }, spec: { endpoints: [{ ports: 'http' }], selector: {} } };
    const object = { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', ...monitor };
    expect(schemaProblems(object)).to.deep.equal(['ServiceMonitor spec.endpoints.0.ports: unknown field']);
  });
});

describe('Every rendered object', () => {
  for (const { name, manifests } of corpus()) {
    it(`is valid by the schemas that Kubernetes and the Prometheus operator publish: ${name}`, () => {
      const objects = manifests().filter(({ kind }) => kind !== 'Database');
      expect(objects.length).to.be.above(9);
      expect(unique(objects.flatMap(schemaProblems))).to.deep.equal([]);
    });
  }
});

describe('The API server', () => {
  let oracle: Oracle | undefined;

  before(async function () {
    oracle = await oracleOrSkip(this);
  });

  after(() => oracle?.stop());

  for (const { name, manifests } of corpus()) {
    it(`takes every rendered object as it is, and adds nothing: ${name}`, async () => {
      const objects = manifests()
        .filter(({ kind }) => !CUSTOM.has(kind))
        .map(asAllocated);
      const answers = await Promise.all(objects.map((object) => oracle!.ask({ ask: 'object', object })));
      const refused = answers.flatMap(({ errors = [], error }, index) => [
        ...errors.map(({ field, message }) => `${objects[index]?.kind} ${field}: ${message}`),
        ...(error === undefined ? [] : [error]),
      ]);
      expect(unique(refused)).to.deep.equal([]);
      expect(unique(answers.flatMap(({ warnings = [] }) => warnings))).to.deep.equal([]);
      const differences = objects.flatMap((object, index) => drift(object, answers[index]?.defaulted ?? {}));
      expect(unique(differences)).to.deep.equal([]);
    });
  }
});
