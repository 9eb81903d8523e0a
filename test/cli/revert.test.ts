import { expect } from 'chai';
import fc from 'fast-check';
import type { TreeChange } from '../../cli/diff/changes.ts';
import { isComplete } from '../complete.ts';
import type { Written } from '../generator/databases.ts';
import { written } from '../generator/databases.ts';
import { change, git, repositoryWith } from './git-repository.ts';
import { ballast, eachOf } from './run.ts';

const NAMES = ['a', 'b', 'c'] as const;

type Tree = Readonly<Record<string, string | undefined>>;

const fileOf = (name: string, { spec }: Written): string =>
  JSON.stringify({
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name, namespace: 'shop' },
    spec,
  });

/** A tree, and another in which each Database is absent, anything else, or the same but for one field of its spec. */
function treesOf(samples: readonly (readonly [Written, Written, number])[]): readonly [Tree, Tree] {
  const pairs = NAMES.map((name, index) => {
    const [was, other, choice] = samples[index]!;
    const fields = Object.keys(other.spec);
    const field = fields[choice % fields.length] ?? 'version';
    const spec = { ...was.spec, [field]: other.spec[field] };
    const now = [fileOf(name, was), fileOf(name, { ...was, spec }), fileOf(name, { ...was, spec }), undefined][
      choice % 4
    ];
    const before = choice % 7 === 0 ? undefined : fileOf(name, was);
    return [`dbs/${name}.yaml`, before, now] as const;
  });
  const tree = (side: 1 | 2): Tree => Object.fromEntries(pairs.map((pair) => [pair[0], pair[side]]));
  return [tree(1), tree(2)];
}

interface Outcome {
  readonly refused: readonly string[];
  readonly marked: readonly string[];
}

/** Merges a change and reverts it; undefined when the change itself is refused. */
async function revert([before, after]: readonly [Tree, Tree]): Promise<Outcome | undefined> {
  const present = Object.fromEntries(Object.entries(before).flatMap(([name, text]) => (text ? [[name, text]] : [])));
  const folder = repositoryWith({ 'dbs/.keep': '', ...present });
  const gone = (tree: Tree, other: Tree): Tree =>
    Object.fromEntries(Object.entries(tree).filter(([name, text]) => text !== undefined || other[name] !== undefined));
  change(folder, gone(after, before));
  const shown = await ballast(folder, ['diff', 'dbs', '--against', 'HEAD', '--format', 'json']);
  if (shown.code !== 0) return undefined;
  const { objects } = JSON.parse(shown.stdout) as TreeChange;
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'the change');
  change(folder, gone(before, after));
  const { stdout } = await ballast(folder, ['validate', 'dbs', '--against', 'HEAD', '--format', 'json']);
  const findings = JSON.parse(stdout) as { name: string; severity: string }[];
  const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();
  return {
    refused: unique(findings.flatMap(({ name, severity }) => (severity === 'error' ? [name] : []))),
    marked: unique(
      objects.flatMap(({ name, effects }) =>
        effects.some(({ text }) => text.startsWith('a revert is refused')) ? [name] : [],
      ),
    ),
  };
}

describe('A merged change', () => {
  it('is undone by a revert, but for what diff said is one way', async function () {
    this.timeout(isComplete ? 1_800_000 : 180_000);
    const databases = written.filter(({ spec }) => spec['engine'] !== 'mongodb');
    const sample = fc.tuple(databases, databases, fc.nat(27));
    const runs = fc.sample(fc.tuple(sample, sample, sample), { numRuns: isComplete ? 300 : 24, seed: 11 });
    const outcomes = (await eachOf(runs.map(treesOf), revert)).filter((outcome) => outcome !== undefined);
    expect(outcomes.length).to.be.greaterThan(runs.length / 4);
    expect(outcomes.some(({ refused }) => refused.length > 0)).to.equal(true);
    for (const { refused, marked } of outcomes) expect(marked).to.deep.equal(refused);
  });
});
