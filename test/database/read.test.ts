import { expect } from 'chai';
import type { YamlResult } from '../../database/read/yaml.ts';
import { readYaml } from '../../database/read/yaml.ts';
import { databaseText, findingsIn } from './texts.ts';

const RANGE =
  'spec.replicas: Invalid value: 0: must be between 1 and 9; choose a number from 1 to 9, best an odd one (replicas-range)';
const BAD = databaseText('replicas: 0');
const TOO_DEEP =
  'must not nest more than 100 levels deep; flatten it; no Kubernetes object is that deep (yaml-nesting-depth)';
const BOMB =
  '1:1 must not grow by more than 1000000 values and characters, or beyond 100 levels, once its aliases are written out; write the values out instead of nesting aliases (yaml-alias-limit)';

function bomb(levels: number): string {
  const line = (_: unknown, level: number): string => {
    const item = level === 0 ? 'x' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array<string>(10).fill(item).join(', ')}]\n`;
  };
  return Array.from({ length: levels }, line).join('');
}

/** Texts that are wrong as a whole, and the one thing that is said about each. */
const REFUSED: Readonly<Record<string, readonly [text: string, found: string]>> = {
  '10,000 brackets': [`a: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`, `1:103 ${TOO_DEEP}`],
  '10,000 braces of JSON': [`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, `1:492 ${TOO_DEEP}`],
  '10,000 dashes': [`${'- '.repeat(10_000)}a\n`, `1:201 ${TOO_DEEP}`],
  'aliases that stand for a million values': [bomb(6), BOMB],
  'an alias that leads back to itself': ['a: &a {b: *a}\n', BOMB],
  'many merges': [
    `a: &a {x: 1}\nb: {<<: [${'*a,'.repeat(300)}]}\n`,
    '2:611 must not use more than 200 aliases; write the values out (yaml-alias-limit)',
  ],
  'a key twice': [
    databaseText('replicas: 1', 'replicas: 3'),
    '8:3 must not have the same key twice: "replicas"; remove one of the two; only one of them would count (yaml-duplicate-key)',
  ],
  'a key twice, once in quotes': [
    databaseText('parameters: {"a": 1, a: 2}'),
    '7:24 must not have the same key twice: "a"; remove one of the two; only one of them would count (yaml-duplicate-key)',
  ],
  'a tab for indentation': [
    databaseText().replace('  storage', '\tstorage'),
    '6:1 must not be indented with tabs; indent with spaces (yaml-syntax)',
  ],
  'a tag of a program': [
    databaseText('priorityClassName: !!binary aGk='),
    '7:22 must not have a tag (!name) that Kubernetes does not know; remove the tag, or leave the file out with --exclude (yaml-syntax)',
  ],
  'a control character': [
    databaseText('parameters: {a: \u0007}'),
    '7:19 must not hold control characters; remove the character, or write it as an escape between double quotes (yaml-syntax)',
  ],
};

/** Texts and the values of their documents. */
const READ: Readonly<Record<string, readonly [text: string, values: readonly unknown[]]>> = {
  'nothing at all': ['', []],
  'a comment alone': ['# nothing\n', []],
  'empty documents': ['---\n---\na: 1\n', [null, { a: 1 }]],
  'a mapping and JSON in one text': ['a: 1\n---\n{"b": [2]}\n', [{ a: 1 }, { b: [2] }]],
  'Windows line ends': ['a: 1\r\nb: |\r\n  x\r\n  y\r\n', [{ a: 1, b: 'x\ny\n' }]],
  'aliases within the limits': ['a: &a [1]\nb: *a\n', [{ a: [1], b: [1] }]],
  'words and numbers as Go reads them': [
    '[yes, On, n, ~, 0o17, 017, 0x1F, 0b11, 1_000, 12:30, 2026-11-20, 1e3, .5, 0.10]',
    [[true, true, false, null, 15, 15, 31, 3, 1000, '12:30', '2026-11-20', 1000, 0.5, 0.1]],
  ],
};

describe('The reader', () => {
  for (const [name, [text, found]] of Object.entries(REFUSED)) {
    it(`refuses ${name}, soon and in one finding`, () => {
      const began = performance.now();
      expect(findingsIn(text)).to.deep.equal([found]);
      expect(performance.now() - began).to.be.lessThan(1000);
    });
  }

  for (const [name, [text, values]] of Object.entries(READ)) {
    it(`reads ${name}`, () => {
      expect(readYaml(text)).to.deep.include({ ok: true, values });
    });
  }

  it('finds an object in each of several documents, empty ones between them', () => {
    const found = findingsIn(`---\n---\n${BAD}---\n# none\n---\n${BAD}`);
    expect(found).to.deep.equal([`9:13 ${RANGE}`, `19:13 ${RANGE}`]);
  });

  it('finds objects in a list, and passes over what is not ours', () => {
    const item = BAD.trimEnd().replaceAll('\n', '\n  ');
    const text = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap}\n- ${item}\n- ${item}\n`;
    expect(findingsIn(text)).to.deep.equal([`11:15 ${RANGE}`, `18:15 ${RANGE}`]);
  });

  it('finds objects in a list inside a list', () => {
    const { values } = readYaml(BAD) as Extract<YamlResult, { ok: true }>;
    const item = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: values });
    const text = `{"apiVersion":"v1","kind":"List","items":[\n${item}]}`;
    expect(findingsIn(text)).to.deep.equal([`2:${item.indexOf('0}') + 1} ${RANGE}`]);
  });

  it('reads past a byte-order mark, and warns of it', () => {
    const mark = '1:1 has a byte-order mark; save the file as UTF-8 without one (file-byte-order-mark)';
    expect(findingsIn(`\ufeff${BAD}`)).to.deep.equal([mark, `7:13 ${RANGE}`]);
  });

  it('does not lose an object behind a byte-order mark in the middle', () => {
    expect(findingsIn(`${databaseText()}---\n\ufeff${BAD}`).join('\n')).to.match(/byte-order|replicas-range/);
  });

  it('reads past Windows line ends, and warns of them once', () => {
    const [first, ...others] = findingsIn(BAD.replaceAll('\n', '\r\n'));
    expect(first).to.match(/^1:36 has Windows line ends; .* \(file-line-ends\)$/);
    expect(others).to.deep.equal([`7:13 ${RANGE}`]);
  });

  it('says nothing about files that hold nothing of ours', () => {
    expect(findingsIn('\ufeffapiVersion: v1\r\nkind: ConfigMap\r\n')).to.deep.equal([]);
    expect(['', 'hello', '5', '[1, 2]', '---\n---\n'].flatMap(findingsIn)).to.deep.equal([]);
  });
});
