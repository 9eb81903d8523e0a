import { expect } from 'chai';
import fc from 'fast-check';
import { YAML11_SCHEMA, load } from 'js-yaml';
import { parse } from 'yaml';
import type { Json } from '../../database/json.ts';
import { emitYaml } from '../../generator/emit.ts';
import { oracleOrSkip } from '../oracle/oracle.ts';
import type { Oracle } from '../oracle/oracle.ts';

/** Strings that some parser reads as another type without quotes. */
const TRAPS = [
  ...[
    '',
    ' ',
    ' a',
    'a ',
    'a\n',
    '\na',
    ' a\nb',
    'a\n b\n',
    'a \nb',
    'a\nb ',
    'a\n\n\nb\n',
    'a\n\n',
    '\n',
    'a\tb',
    '\t',
  ],
  ...[
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    'N',
    'true',
    'False',
    'null',
    'NULL',
    '~',
    'NaN',
    '.nan',
    '.inf',
    '-.Inf',
    'Infinity',
  ],
  ...['0', '007', '0o7', '0x1', '0b1', '1e3', '1E3', '+1', '-1', '1_000', '1.', '.5', '12:30:45', '190:20:30', '1e999'],
  ...[
    '2001-01-01',
    '2001-12-14t21:59:43.10-05:00',
    '=',
    '<<',
    '-',
    '- a',
    '?',
    '? a',
    ':',
    'a:',
    'a: b',
    ': a',
    'a :b',
  ],
  ...[
    '#',
    'a #b',
    'a#b',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%',
    '@',
    '`',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '---',
    '...',
    '\\',
  ],
  ...['\u0000', '\u0007', '\u007f', '\u0085', '\u00a0', '\u2028', '\u2029', '\ufeff', '\ufffe', '🐘', 'a\r\nb', '\r'],
  ...['__proto__', 'constructor', 'a'.repeat(300), 'a '.repeat(300), `a\n${'b'.repeat(300)}`, '$(A)', '{{ .a }}'],
];

const text = fc.oneof(
  fc.constantFrom(...TRAPS),
  fc.string({ unit: 'binary' }),
  fc
    .tuple(fc.constantFrom(...TRAPS), fc.constantFrom('', '\n', ' '), fc.constantFrom(...TRAPS))
    .map((parts) => parts.join('')),
);
// YAML ends the key of a line at 1024 characters.
const key = text.map((name) => name.slice(0, 200)).filter((name) => name.isWellFormed());
const number = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })).map(
  // JSON has no negative zero.
  (some) => some + 0,
);

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
/** Documents as manifests are: a map at the top. */
const documents = fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: true });

type Document = Readonly<Record<string, Json>>;

const PARSERS: Readonly<Record<string, (yaml: string) => unknown>> = {
  'YAML 1.2, js-yaml': (yaml) => load(yaml),
  'YAML 1.1, js-yaml': (yaml) => load(yaml, { schema: YAML11_SCHEMA }),
  'YAML 1.2, yaml': (yaml) => parse(yaml) as unknown,
  'YAML 1.1, yaml': (yaml) => parse(yaml, { version: '1.1' }) as unknown,
};

describe('Emitted YAML', () => {
  for (const [name, read] of Object.entries(PARSERS)) {
    it(`is read as the value that was written: ${name}`, () => {
      const back = (document: Document): void => {
        expect(read(emitYaml(document))).to.deep.equal(document);
      };
      for (const trap of TRAPS)
        back({ [trap.slice(0, 200)]: trap, list: [trap, [trap], { [trap.slice(0, 200)]: trap }] });
      fc.assert(fc.property(documents, back), { numRuns: 1000 });
    });
  }

  it('has no line that ends with a blank', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(emitYaml(document)).to.not.match(/[ \t\r]$/m);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the order of keys, and leaves out what is undefined', () => {
    expect(emitYaml({ b: 1, a: undefined, c: { z: [], b: {}, a: null } })).to.equal(
      'b: 1\nc:\n  z: []\n  b: {}\n  a: null\n',
    );
  });

  it('is the same for the same value', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(emitYaml(structuredClone(document))).to.equal(emitYaml(document));
      }),
    );
  });

  it('writes lines as a block that people can read', () => {
    expect(emitYaml({ data: { conf: '# a\n\nb = 1\n  c\n', last: 'a\nb' } })).to.equal(
      'data:\n  conf: |\n    # a\n\n    b = 1\n      c\n  last: |-\n    a\n    b\n',
    );
  });
});

describe('kubectl', () => {
  let oracle: Oracle | undefined;

  before(async function () {
    oracle = await oracleOrSkip(this);
  });

  after(() => oracle?.stop());

  it('reads emitted YAML as the value that was written', async () => {
    const back = async (document: Document): Promise<void> => {
      const { json, error } = await oracle!.ask({ ask: 'yaml', value: emitYaml(document) });
      expect(error).to.equal(undefined);
      // Not by JSON.parse: V8's gives back a wrong key now and then when keys hold escapes (nodejs/node#63785).
      expect(load(json ?? '')).to.deep.equal(document);
    };
    for (const trap of TRAPS) await back({ [trap.slice(0, 200)]: trap, list: [trap, [trap]] });
    await fc.assert(fc.asyncProperty(documents, back), { numRuns: 1000 });
  });
});
