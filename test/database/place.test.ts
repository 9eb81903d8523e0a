import { expect } from 'chai';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import type { Path } from '../../database/finding.ts';
import { Places } from '../../database/read/place.ts';
import { readYaml } from '../../database/read/yaml.ts';

/** The place of a path: `line:column`, and the rest of the line. */
const CASES: Readonly<Record<string, readonly [text: string, path: Path, at: string, here: string]>> = {
  'a value in block style': ['a:\n  b: x\n', ['a', 'b'], '2:6', 'x'],
  'a value in flow style': ['a: {c: 1, b: x}\n', ['a', 'b'], '1:14', 'x}'],
  'a value in quotes, at the quote': ['a: "x"\n', ['a'], '1:4', '"x"'],
  'a key in quotes': ['"a b": x\n', ['a b'], '1:8', 'x'],
  'a key with an escape': ['"a\\u0062": x\n', ['ab'], '1:12', 'x'],
  'an entry of a list': ['a:\n- x\n- y\n', ['a', 1], '3:3', 'y'],
  'a field of an entry': ['a:\n- b: x\n  c: y\n', ['a', 0, 'c'], '3:6', 'y'],
  'an object, at its key': ['a:\n  b:\n    c: x\n', ['a', 'b'], '2:3', 'b:'],
  'an empty value, at its key': ['a:\n  b:\n', ['a', 'b'], '2:3', 'b:'],
  'a text block, at its key': ['a:\n  b: |\n    x\n    y\n', ['a', 'b'], '2:3', 'b: |'],
  'an alias, at its key': ['a: &a {c: 1}\nb: *a\n', ['b', 'c'], '2:1', 'b: *a'],
  'what is absent, at its nearest ancestor': ['a:\n  b: {c: 1}\n', ['a', 'b', 'x', 'y'], '2:3', 'b: {c: 1}'],
  'a list that is asked for a name, at its key': ['a: [1]\n', ['a', 'b'], '1:1', 'a: [1]'],
  'the whole of a document': ['a: x\n', [], '1:1', 'a: x'],
  'a value after comments and blank lines': ['# one\n\na: # two\n\n  # three\n  b: x\n', ['a', 'b'], '6:6', 'x'],
  'a value after Windows line ends': ['a:\r\n  b: x\r\n', ['a', 'b'], '2:6', 'x\r'],
  'a value with an anchor': ['a: &anchor x\n', ['a'], '1:12', 'x'],
  'a value after a colon in a key': ['a:b: x\n', ['a:b'], '1:6', 'x'],
  'a list below an empty key, where it begins': ['a: b\n: [x]\n', [''], '2:3', '[x]'],
};

const ITEMS = ['a: 1\n---\n', 'a: 2\n---\n', '---\n', '# none\n---\na: 3\n'].join('');

/** Trees of odd keys; every leaf is replaced by a word of its own. */
const key = fc.constantFrom('a', 'b c', 'x/y', 'é', '😀', '0', '-', 'a:b', 'yes', "it's", '"q"', '#', 'toString');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant('leaf'),
    fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 4 }),
    fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
  ),
}));
const root = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 5 });

/** The tree with a word of its own at each leaf, and the path of each word. */
function named(value: unknown, words: Map<string, Path>, path: Path = []): unknown {
  if (Array.isArray(value)) return value.map((child: unknown, index) => named(child, words, [...path, index]));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, named(child, words, [...path, name])]),
    );
  }
  const word = `word${words.size}.`;
  words.set(word, path);
  return word;
}

const STYLES: Readonly<Record<string, (value: unknown) => string>> = {
  'block style': (value) => dump(value),
  'flow style': (value) => dump(value, { flowLevel: 0, lineWidth: 40 }),
  'block outside, flow inside': (value) => dump(value, { flowLevel: 2 }),
  JSON: (value) => `${JSON.stringify(value)}\n`,
  'JSON over many lines': (value) => `${JSON.stringify(value, null, 2)}\n`,
};

describe('A place in a text', () => {
  for (const [name, [text, path, at, here]] of Object.entries(CASES)) {
    it(`is right for ${name}`, () => {
      const { line, column, offset } = new Places(text).find(0, path);
      expect(`${line}:${column}`).to.equal(at);
      expect(text.slice(offset).split('\n')[0]).to.equal(here);
    });
  }

  it('is right in each of several documents', () => {
    const places = new Places(ITEMS);
    const lines = [0, 1, 4].map((document) => places.find(document, ['a']).line);
    expect(readYaml(ITEMS)).to.deep.include({ ok: true, values: [{ a: 1 }, { a: 2 }, null, null, { a: 3 }] });
    expect(lines).to.deep.equal([1, 3, 8]);
  });

  for (const [style, write] of Object.entries(STYLES)) {
    it(`is right for every value of any object in ${style}`, () => {
      const property = fc.property(root, fc.integer({ min: 0, max: 2 }), (value, before) => {
        const words = new Map<string, Path>();
        const text = `${'other: {a: [x]}\n---\n'.repeat(before)}${write(named(value, words))}`;
        fc.pre(readYaml(text).ok);
        const places = new Places(text);
        for (const [word, path] of words) {
          const { line, column, offset } = places.find(before, path);
          expect(text.slice(offset).replace(/^["']/, '').startsWith(word), `${word} in ${text}`).to.equal(true);
          expect(text.split('\n')[line - 1]?.slice(column - 1)).to.equal(text.slice(offset).split('\n')[0]);
        }
      });
      fc.assert(property, { numRuns: 200 });
    });
  }

  it('carries the source of an unquoted value, and of no other', () => {
    expect(new Places('a: 0644\n').find(0, ['a']).unquoted).to.equal('0644');
    expect(new Places('a: "0644"\n').find(0, ['a']).unquoted).to.equal(undefined);
    expect(new Places('a: [0644]\n').find(0, ['a']).unquoted).to.equal(undefined);
  });
});
