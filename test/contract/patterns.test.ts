import { expect } from 'chai';
import { allSchemaPatterns, patternsIn, schemaPatterns } from '../../scripts/find-patterns.ts';
import { judgePattern } from '../../scripts/judge-pattern.ts';

/** Patterns that take more time than the text is long, each from something that was found or nearly written. */
const SLOW: Readonly<Record<string, RegExp>> = {
  'two repetitions of the same characters': /^[-+]?0[0-7_]*[1-7][0-7_]*$/,
  'a repetition at the end of an unanchored pattern': /\/+$/,
  'a repetition that begins anew at each character': /([0-9]*)(?:\.([0-9]*))?(ns|us|ms|s|m|h)/g,
  'a beginning that may be found at each word': /unknown .*tag/,
  'blanks before and after what may be absent': /^\s*([0-9]+)\s*(B|kB)?\s*$/,
  'a repetition in a repetition': /^(a+)+$/,
};

const FAST: Readonly<Record<string, RegExp>> = {
  'digits before another digit, each in one way': /^[-+]?0[0_]*[1-7][0-7_]*$/,
  'a part that begins where the last one ended': /([0-9]*)(?:\.([0-9]*))?(ns|us|ms|s|m|h)/gy,
  'a name': /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
};

/** Lines of a program, with their findings: a pattern, or the place of an unreadable one. */
const LINES: Readonly<Record<string, readonly [line: string, found: string]>> = {
  'a literal': ['const a = /a+$/g;', '/a+$/g'],
  'a literal with a slash': ['x.replace(/[/]+\\/$/, "")', '/[/]+\\/$/'],
  'a literal in a template': ['const a = `${b.replace(/a+$/, "")}`;', '/a+$/'],
  'a pattern made of a text': ["const a = new RegExp('a+$');", 'unreadable'],
  'a pattern made of another': ['const a = RegExp(b.source);', 'unreadable'],
  'a text that is taken for a pattern': ["const a = b.match('a+$');", 'unreadable'],
  'a template that is taken for a pattern': ['const a = b.search(`${c}+$`);', 'unreadable'],
};

const judge = ({ source, flags }: RegExp): boolean => judgePattern({ source, flags }).linear;

describe('The checker of patterns', function () {
  this.timeout(60_000);

  for (const [name, pattern] of Object.entries(SLOW)) {
    it(`refuses ${name}: ${String(pattern)}`, () => expect(judge(pattern)).to.equal(false));
  }

  for (const [name, pattern] of Object.entries(FAST)) {
    it(`takes ${name}: ${String(pattern)}`, () => expect(judge(pattern)).to.equal(true));
  }

  for (const [name, [line, found]] of Object.entries(LINES)) {
    it(`finds ${name}`, () => {
      const { patterns, unreadable } = patternsIn('cli/some.ts', `// first line\n${line}\n`);
      const shown = [
        ...patterns.map(({ source, flags }) => `/${source}/${flags}`),
        ...unreadable.map(() => 'unreadable'),
      ];
      expect(shown).to.deep.equal([found]);
      expect([...patterns, ...unreadable].map(({ at }) => at)).to.deep.equal(['cli/some.ts:2']);
    });
  }

  it('finds patterns at any depth of a schema, and names of properties that are patterns', () => {
    const schema = { properties: { a: { items: { pattern: 'a+$' } } }, patternProperties: { '^b': {} } };
    const found = schemaPatterns('Kind', schema).map(({ at, source }) => `${at} ${source}`);
    expect(found).to.deep.equal(['Kind.properties.a.items.pattern a+$', 'Kind.patternProperties ^b']);
  });

  it('knows the patterns of the settings and of the formats', () => {
    const sources = allSchemaPatterns().map(({ at }) => at);
    expect(sources.some((at) => at.startsWith('SCHEMAS.Settings.properties.clusterDomain'))).to.equal(true);
    expect(sources).to.include('format date-time');
  });
});
