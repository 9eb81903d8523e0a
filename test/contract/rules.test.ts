import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { formatPath, pathOf } from '../../database/finding.ts';
import type { Finding, Path } from '../../database/finding.ts';
import { KINDS, kindNamed } from '../../database/schema/kinds.ts';
import type { Schema } from '../../database/schema/schema.ts';
import { evaluate, evaluateTree } from '../../policies/evaluate.ts';
import { ALL_RULES } from '../../policies/rules/index.ts';
import { READING_RULES } from '../../policies/reading-rules.ts';
import type { KindName } from '../../policies/rule.ts';
import { OBJECT_RULES, TREE_RULES } from '../../policies/rules/index.ts';
import { summarize } from '../../policies/summary.ts';
import { CONTEXT, casesOf, changeOf, seen, treeObjects } from './objects.ts';
import { kindNotYet } from '../../policies/rules/kind-not-yet.ts';

const ROOT = join(import.meta.dirname, '../..');
const METADATA = new Set(['name', 'namespace', 'labels', 'annotations', 'generateName']);

/** Whether a schema has a field at the path; entries of maps and lists stand for any. */
function hasField(schema: Schema | undefined, [part, ...rest]: Path): boolean {
  if (part === undefined) return schema !== undefined;
  if (typeof part === 'number') return hasField(schema?.items, rest);
  const named = schema?.properties?.[part];
  return hasField(named ?? schema?.additionalProperties, rest);
}

function kindHas(kind: KindName, [top, ...rest]: Path): boolean {
  if (top === 'spec') return hasField(kindNamed(kind)?.spec, rest);
  if (top === 'kind') return rest.length === 0;
  return top === 'metadata' && METADATA.has(String(rest[0]));
}

function below(path: Path, above: Path): boolean {
  return above.every((part, index) => path[index] === part);
}

function described({ severity, path, problem }: Finding): string {
  return `${severity} at ${formatPath(path)}: ${problem}`;
}

/** What one rule finds in each of its examples. */
function foundIn(rule: (typeof OBJECT_RULES)[number], list: 'allowed' | 'denied') {
  return casesOf(rule, rule[list]).map((one) => ({
    ...one,
    name: `${one.kind} ${JSON.stringify(one.example)}`,
    all: evaluate(changeOf(rule, one), CONTEXT),
    own: evaluate(changeOf(rule, one), CONTEXT).filter(({ rule: id }) => id === rule.id),
  }));
}

function foundInTree(example: readonly object[]): { name: string; finding: Finding }[] {
  const summaries = treeObjects(example).map((object) => summarize(seen(object)));
  return evaluateTree(summaries).map(({ of, finding }) => ({ name: of.name, finding }));
}

describe('All rules', () => {
  const ids = ALL_RULES.map(({ id }) => id);

  it('have ids of their own', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).to.deep.equal([]);
  });

  it('stand each in a file of that name, and every file is listed', () => {
    const files = readdirSync(join(ROOT, 'policies/rules')).filter((file) => file !== 'index.ts');
    const listed = [...OBJECT_RULES, ...TREE_RULES].map(({ id }) => `${id}.ts`);
    expect(files.sort()).to.deep.equal(listed.sort());
  });

  it('have a page each, and there is no other page', () => {
    const pages = readdirSync(join(ROOT, 'docs/rules')).filter((file) => file !== 'README.md');
    expect(pages.sort()).to.deep.equal(ids.map((id) => `${id}.md`).sort());
  });

  for (const { id, why, remedy, severity } of ALL_RULES) {
    it(`${id} says why, and what to do`, () => {
      expect(id).to.match(/^[a-z]+(-[a-z]+)*$/);
      expect(why).to.match(/^[A-Z].*[.]$/s);
      expect(remedy).to.match(/^\S.*[^.\s]$/s);
      expect(['error', 'warning']).to.include(severity);
    });
  }
});

for (const rule of OBJECT_RULES) {
  describe(`The rule ${rule.id}`, () => {
    it('is about a field that its kinds have', () => {
      expect(rule.kinds).to.not.be.empty;
      const has = rule.kinds.map((kind) => kindHas(kind, pathOf(rule.path)));
      expect(has, rule.path).to.include(true);
    });

    it('has examples of both sorts', () => {
      // A kind without a controller has no valid example.
      if (rule !== kindNotYet) expect(rule.allowed).to.not.be.empty;
      expect(rule.denied).to.not.be.empty;
    });

    for (const { name, own } of foundIn(rule, 'allowed')) {
      it(`allows ${name}`, () => {
        expect(own.map(described)).to.deep.equal([]);
      });
    }

    for (const { kind, name, own } of foundIn(rule, 'denied')) {
      it(`denies ${name}`, () => {
        expect(own).to.not.be.empty;
        for (const finding of own) {
          const { path, problem, severity, remedy } = finding;
          const field = pathOf(rule.path);
          expect(severity).to.equal(rule.severity);
          expect(kindHas(kind, path), `${kind} has ${formatPath(path)}`).to.equal(true);
          if (kindHas(kind, field)) expect(below(path, field), described(finding)).to.equal(true);
          if (severity === 'error') expect(problem).to.match(/^must (not )?\S/);
          expect(problem).to.not.match(/[.;]$/);
          expect(remedy).to.match(/^\S.*[^.\s]$/s);
        }
      });
    }
  });
}

describe('Examples', () => {
  it('that are allowed pass every other rule too', () => {
    const wrong = OBJECT_RULES.flatMap((rule) => foundIn(rule, 'allowed')).flatMap(({ name, all }) =>
      all.filter(({ severity }) => severity === 'error').map((finding) => `${name}: ${described(finding)}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('that are denied break one rule, unless a change is forbidden for two reasons', () => {
    const together = new Set(
      OBJECT_RULES.flatMap((rule) =>
        foundIn(rule, 'denied').flatMap(({ all }) =>
          all
            .filter((other) => other.severity === 'error' && other.rule !== rule.id)
            .map((o) => `${rule.id}, ${o.rule}`),
        ),
      ),
    );
    expect([...together].sort()).to.deep.equal([
      'engine-immutable, version-change-alone',
      'version-change-alone, engine-immutable',
      'version-change-alone, storage-class-immutable',
      'version-change-alone, upgrade-not-yet',
    ]);
  });
});

for (const rule of TREE_RULES) {
  describe(`The rule ${rule.id}`, () => {
    for (const example of rule.allowed) {
      it(`allows ${JSON.stringify(example)}`, () => {
        const found = foundInTree(example).filter(({ finding }) => finding.rule === rule.id);
        expect(found.map(({ finding }) => described(finding))).to.deep.equal([]);
      });
    }

    for (const example of rule.denied) {
      it(`denies ${JSON.stringify(example)}`, () => {
        const found = foundInTree(example).filter(({ finding }) => finding.rule === rule.id);
        expect(found).to.have.lengthOf(1);
        for (const { finding } of found) {
          expect(finding.severity).to.equal(rule.severity);
          expect(KINDS.some(({ kind }) => kindHas(kind as KindName, finding.path))).to.equal(true);
          if (finding.severity === 'error') expect(finding.problem).to.match(/^must (not )?\S/);
        }
      });
    }
  });
}

describe('The rules of reading', () => {
  it('have examples, but for those about files that no text can show', () => {
    const without = READING_RULES.filter(({ denied }) => denied.length === 0).map(({ id }) => id);
    expect(without).to.deep.equal([
      'file-unreadable',
      'file-too-large',
      'file-outside-tree',
      'file-git-repository',
      'settings-place',
      'facts-time',
      'settings-immutable',
      'file-not-compared',
      'kustomize-build',
      'file-encoding',
      'name-taken-in-tree',
      'namespace-required',
    ]);
  });
});
