import { HEAD, filled, inSpec } from './shape.ts';
import type { Shapes } from './shape.ts';

const BOM = '\ufeff';

/** Texts that are hard on a reader of YAML, whatever they mean. */
export const YAML_SHAPES: Shapes = {
  'one line of letters': filled('a'),
  'one line of blanks': filled(' ', { before: 'a: b', after: '\nc: d\n' }),
  'one line of tabs': filled('\t', { before: 'a:', after: 'b\n' }),
  'lines that begin with a tab': filled('\tb: 1\n', { before: 'a:\n' }),
  'comments and nothing else': filled('# comment\n'),
  'a comment of one line': filled('#', { after: '\na: b\n' }),
  'comments between two fields': filled('# x\n', { before: HEAD, after: 'spec: {}\n' }),
  'blank lines': filled('\n', { before: HEAD, after: 'spec: {}\n' }),
  'blank lines of different depth': filled((at) => `${' '.repeat(at % 80)}\n`, { before: 'a: b', after: 'c: d\n' }),
  'Windows line ends': filled('a: b\r\n---\r\n'),
  'old Macintosh line ends': filled('# a\r', { after: HEAD }),
  'a byte-order mark on each line': filled(`${BOM}# a\n`, { after: HEAD }),
  'byte-order marks in one line': filled(BOM, { after: HEAD }),
  'empty documents': filled('---\n'),
  'documents that end': filled('a\n...\n'),
  'small documents': filled('a: 1\n---\n'),
  'documents with directives': filled('%YAML 1.1\n---\na\n...\n'),
  'directives of one document': filled((at) => `%TAG !t${at}! tag:x,2000:\n`, { after: '---\na: b\n' }),
  'unknown directives': filled('%X y z\n', { after: '---\na: b\n' }),
  'a list in flow style': filled('a,', { before: 'a: [', after: ']\n' }),
  'a list in flow style that is not closed': filled('a,', { before: 'a: [' }),
  'a map in flow style': filled((at) => `k${at}: a,`, { before: '{', after: '}\n' }),
  'pairs in a list': filled('a: b,', { before: 'a: [', after: ']\n' }),
  'a list in block style': filled('- a\n', { before: 'a:\n' }),
  'a map in block style': filled((at) => `k${at}: a\n`),
  'a map whose last key is its first': filled((at) => `k${at}: a\n`, { after: 'k0: b\n' }),
  'a map of falling numbers': filled((at) => `${4_000_000 - at}: a\n`),
  'a map of numbers far apart': filled((at) => `${at * 65_536}: a\n`),
  'keys that differ at their end': filled((at) => `${'k'.repeat(200)}${at}: a\n`),
  'explicit keys': filled((at) => `? k${at}\n: a\n`),
  'a key of one line': filled('k', { after: ': a\n' }),
  'a quoted key with escapes': filled('\\u0061', { before: '"', after: '": a\n' }),
  'lists as deep as they may be': filled(`${'['.repeat(95)}${']'.repeat(95)},`, { before: 'a: [', after: ']\n' }),
  'lists that are too deep': filled('[', { before: 'a: ' }),
  'maps that are too deep': filled('{a: ', { before: 'a: ' }),
  'lists in block style that are too deep': filled('- '),
  'stairs in block style': filled((at) => `${' '.repeat(at % 90)}k${at}:\n`),
  'quotes that are not closed': filled('a: b\n', { before: 'a: "' }),
  'a quoted text of many lines': filled('a\n\n ', { before: 'a: "', after: '"\n' }),
  'a quoted text of escapes': filled('\\n', { before: 'a: "', after: '"\n' }),
  'a quoted text of quotes': filled("''", { before: "a: '", after: "'\n" }),
  'a plain text of many lines': filled('b\n ', { before: 'a: ', after: '\n' }),
  'a block of text': filled('  line\n', { before: 'a: |\n' }),
  'a folded block of text': filled('  line\n   more\n\n', { before: 'a: >\n' }),
  'blocks of text': filled((at) => `k${at}: |-\n  a\n\n`),
  'a block of empty lines': filled('\n', { before: 'a: |+\n', after: 'b: c\n' }),
  anchors: filled((at) => `- &a${at} x\n`),
  'anchors before lists': filled((at) => `- &a${at} [x]\n`),
  'an anchor and a tag on lines of their own': filled(' !!str\n &a\n', { before: 'a:\n', after: ' b\n' }),
  'an anchor of one line': filled('a', { before: 'a: &', after: ' b\n' }),
  'aliases, more than there may be': filled('*a,', { before: 'a: &a 1\nb: [', after: ']\n' }),
  'an alias that nothing answers to': filled('a', { before: 'a: *', after: '\n' }),
  'merges, more than there may be': filled('- {<<: *a}\n', { before: 'a: &a {x: 1}\nb:\n' }),
  'a small bomb of aliases in each document': filled(
    `a: &a [${'x,'.repeat(10)}]\n${['b', 'c', 'd', 'e'].map((name, at) => `${name}: &${name} [${`*${'abcd'.charAt(at)},`.repeat(10)}]\n`).join('')}---\n`,
  ),
  'tags on every value': filled('- !!str a\n'),
  'a tag of one line': filled('unknown ', { before: 'a: !<', after: '> b\n' }),
  'a tag of one word': filled('unknown', { before: 'a: !', after: ' b\n' }),
  'a control character at the end': filled('a', { before: 'a: ', after: '\u0001\n' }),
  'text beyond the first plane': filled('😀', { before: 'a: ', after: '\n' }),
  'lines that are no YAML': filled('}\n', { before: 'a: b\n' }),
  'JSON on one line': (characters) =>
    JSON.stringify({ a: Array.from({ length: characters / 12 }, (_, at) => ({ k: at })) }),
  'JSON on many lines': (characters) =>
    JSON.stringify({ a: Array.from({ length: characters / 30 }, (_, at) => ({ k: at })) }, null, 2),
};

const NUMBERS: Readonly<Record<string, readonly [before: string, piece: string, after: string]>> = {
  'an unquoted 0, ones and a plus': ['0', '1', '+'],
  'an unquoted 0, ones and an eight': ['0', '1', '8'],
  'an octal number of one line': ['0', '1', ''],
  'a number of one line': ['', '1', ''],
  'a number of underscores': ['1', '_', '1'],
  'a number of zeros and underscores': ['0', '0_', '9'],
  'a fraction of one line': ['0.', '1', ''],
  'a fraction of points': ['0', '.1', ''],
  'a hexadecimal number of one line': ['0x', 'f', ''],
  'a binary number of one line': ['0b', '01', '2'],
  'a number with an exponent of one line': ['1e', '9', ''],
  'a sexagesimal number of one line': ['1', ':00', ''],
};

/** Unquoted numbers as the value of a field that any value may stand in. */
export const NUMBER_SHAPES: Shapes = Object.fromEntries(
  Object.entries(NUMBERS).map(([name, [before, piece, after]]) => [
    name,
    inSpec(piece, { before: `  parameters: {a: ${before}`, after: `${after}}` }),
  ]),
);
