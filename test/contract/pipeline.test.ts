import { expect } from 'chai';
import { READING_RULES } from '../../policies/reading-rules.ts';
import type { ObjectRule, ReadingRule } from '../../policies/rule.ts';
import { OBJECT_RULES, TREE_RULES } from '../../policies/rules/index.ts';
import { CONTEXT, casesOf, treeObjects, written, yamlOf } from './objects.ts';
import type { Case } from './objects.ts';
import type { Entry } from '../../review/entry.ts';
import { byIdentity } from '../../review/entry.ts';
import type { Facts } from '../../review/facts.ts';
import type { FileReview } from '../../review/file-review.ts';
import { reviewSource } from '../../review/file-review.ts';
import { judgeBy } from '../../review/judge-by-facts.ts';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { removalFindings } from '../../review/removals.ts';
import { treeFindings } from '../../review/tree.ts';
import { kept } from '../policies/kept.ts';
import { factsOf } from '../review/cluster-facts.ts';
import { OPTIONS, sourceOf } from '../review/sources.ts';

function read(text: string, before?: ReadonlyMap<string, Entry>, facts?: Facts): FileReview {
  const options = { ...OPTIONS, now: CONTEXT.now, ...(facts && { facts }) };
  return reviewSource(sourceOf('orders.yaml', text), options, before && { theirs: before });
}

const entriesIn = (text: string): Map<string, Entry> => byIdentity(read(text).entries);

/** What the cluster says of an object that has a status. */
function factsIn(object: Record<string, unknown>): Facts | undefined {
  return object['status'] === undefined ? undefined : factsOf([object]);
}

/** The findings of the command line about an example: in a file, between two revisions of it, or when it is removed. */
function findingsOf({ on }: ObjectRule, { kind, example }: Case): readonly LocatedFinding[] {
  const text = yamlOf(written(kind, example));
  if (on === 'delete') {
    const judge = judgeBy(factsIn(written(kind, example)), CONTEXT);
    const nothing = { objects: [], unclear: new Set<string>(), judge };
    const before = { revision: 'main', entries: { theirs: entriesIn(text) }, hasOtherFiles: false, textOf: () => text };
    return removalFindings(before, nothing);
  }
  const was = example.was && written(kind, example.was);
  return read(text, was && entriesIn(yamlOf(was)), was && factsIn(was)).findings;
}

/** The texts of a file that a rule of reading is about; the limits on files need more than a text. */
function readingFindings(text: string): readonly string[] {
  return kept(read(text).findings).map(({ rule }) => rule);
}

function lineOf(text: string, { line, column }: LocatedFinding): string | undefined {
  return text.split('\n')[line - 1]?.slice(column - 1);
}

describe('Every denied example, read from a file', () => {
  for (const rule of OBJECT_RULES) {
    for (const one of casesOf(rule, rule.denied)) {
      it(`is refused or warned of: ${rule.id}, ${one.kind} ${JSON.stringify(one.example)}`, () => {
        const found = findingsOf(rule, one);
        const told = found.filter((finding) => finding.rule === rule.id || finding.rule.startsWith('schema-'));
        expect(told, JSON.stringify(found)).to.not.be.empty;
        for (const finding of told) {
          expect(finding.severity).to.equal(finding.rule === rule.id ? rule.severity : 'error');
          expect(lineOf(yamlOf(written(one.kind, one.example)), finding)).to.match(/\S/);
        }
      });
    }
  }

  for (const rule of TREE_RULES) {
    for (const example of rule.denied) {
      it(`is refused or warned of: ${rule.id}, ${JSON.stringify(example)}`, () => {
        const text = yamlOf(...treeObjects(example));
        const { objects, findings } = read(text);
        expect(findings.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
        const found = treeFindings(objects, () => text).filter(({ rule: id }) => id === rule.id);
        expect(found.map(({ severity }) => severity)).to.deep.equal([rule.severity]);
        expect(lineOf(text, found[0]!)).to.match(/^\S/);
      });
    }
  }

  for (const rule of READING_RULES) {
    for (const text of rule.denied) {
      it(`is refused or warned of: ${rule.id}, ${JSON.stringify(text).slice(0, 100)}`, () => {
        const found = read(text).findings.filter(({ rule: id }) => id === rule.id);
        expect(found).to.have.lengthOf(1);
        expect(found[0]?.severity).to.equal(rule.severity);
      });
    }
  }
});

describe('Every allowed example, read from a file', () => {
  for (const rule of OBJECT_RULES) {
    for (const one of casesOf(rule, rule.allowed)) {
      it(`has no error: ${rule.id}, ${one.kind} ${JSON.stringify(one.example)}`, () => {
        expect(findingsOf(rule, one).filter(({ severity }) => severity === 'error')).to.deep.equal([]);
      });
    }
  }

  const readable = (rule: ReadingRule): [string, string][] => rule.allowed.map((text) => [rule.id, text]);
  for (const [id, text] of READING_RULES.flatMap(readable)) {
    it(`has nothing: ${id}, ${JSON.stringify(text).slice(0, 160)}`, () => {
      expect(readingFindings(text)).to.deep.equal([]);
    });
  }
});
