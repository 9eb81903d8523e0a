import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Files } from './run.ts';
import { RUNS_MS, ballast, folderWith } from './run.ts';
import { database, databaseYaml } from './samples.ts';

const GOOD = databaseYaml();
const LEVELS = 10_000;

/** A file without these bytes holds nothing of Ballast's, and refuses nothing. */
const OURS = '# db.example.com\n';

function bomb(): string {
  const lines = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]\n`);
  return `a0: &a0 x\n${lines.join('')}`;
}

function utf16(text: string, bigEndian: boolean): Uint8Array {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

interface Refusal {
  readonly text: string | Uint8Array;
  readonly at: string;
  readonly rule: string;
  readonly says: RegExp;
}

const REFUSED: Readonly<Record<string, Refusal>> = {
  'with a bracket that is not closed': {
    text: databaseYaml('parameters: {a: [1'),
    at: '8:1',
    rule: 'yaml-syntax',
    says: /quote or bracket .* is not closed/,
  },
  'with two colons in a line': {
    text: databaseYaml('priorityClassName: a: b'),
    at: '7:23',
    rule: 'yaml-syntax',
    says: /does not fit .* quote a value/,
  },
  'that is a template of Helm': {
    text: '{{- if .Values.db }}\nkind: Database\n{{- end }}\n',
    at: '1:3',
    rule: 'yaml-syntax',
    says: /leave templates out with --exclude/,
  },
  'with a merge conflict that YAML reads as one long word': {
    text: `<<<<<<< HEAD\n${database('orders')}=======\n${database('users')}>>>>>>> topic\n`,
    at: '1:1',
    rule: 'yaml-syntax',
    says: /a merge conflict begins here; resolve it/,
  },
  'with the marks of a merge conflict': {
    text: databaseYaml().replace('spec:', '<<<<<<< HEAD\nspec:'),
    at: '4:1',
    rule: 'yaml-syntax',
    says: /a merge conflict begins here; resolve it/,
  },
  'with a tag of another program': {
    text: databaseYaml('priorityClassName: !Ref x'),
    at: '7:22',
    rule: 'yaml-syntax',
    says: /tag \(!name\)/,
  },
  'with a backslash that escapes nothing': {
    text: databaseYaml('priorityClassName: "C:\\dir"'),
    at: '7:26',
    rule: 'yaml-syntax',
    says: /single quotes/,
  },
  'indented with tabs': {
    text: GOOD.replace('  version', '\tversion'),
    at: '5:1',
    rule: 'yaml-syntax',
    says: /tabs; indent with spaces/,
  },
  'with a key twice': {
    text: databaseYaml('version: 16'),
    at: '7:3',
    rule: 'yaml-duplicate-key',
    says: /"version"/,
  },
  'with an alias bomb': { text: `${bomb()}${OURS}`, at: '1:1', rule: 'yaml-alias-limit', says: /1000000 values/ },
  'with an alias that leads back to itself': {
    text: databaseYaml('parameters: &p {a: *p}'),
    at: '1:1',
    rule: 'yaml-alias-limit',
    says: /100 levels/,
  },
  'with ten thousand brackets': {
    text: databaseYaml(`parameters: ${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`),
    at: '7:113',
    rule: 'yaml-nesting-depth',
    says: /100 levels deep/,
  },
  'with ten thousand nested lists': {
    text: `${'- '.repeat(LEVELS)}x\n${OURS}`,
    at: '1:201',
    rule: 'yaml-nesting-depth',
    says: /100 levels deep/,
  },
  'with a key named __proto__': {
    text: GOOD.replace('shop}', 'shop, __proto__: 1}'),
    at: '3:54',
    rule: 'yaml-forbidden-key',
    says: /__proto__/,
  },
  'in Latin-1': {
    text: Buffer.from(`${GOOD}# caf\xe9\n`, 'latin1'),
    at: '7:6',
    rule: 'file-encoding',
    says: /must be UTF-8/,
  },
  'in UTF-16, little end first': { text: utf16(GOOD, false), at: '1:1', rule: 'file-encoding', says: /not UTF-16/ },
  'in UTF-16, big end first': { text: utf16(GOOD, true), at: '1:1', rule: 'file-encoding', says: /not UTF-16/ },
  'with a NUL byte': {
    text: GOOD.replace('orders', 'ord\0ers'),
    at: '3:21',
    rule: 'yaml-syntax',
    says: /control characters/,
  },
  'of 50 MB': {
    text: Buffer.alloc(50_000_000, `#${' '.repeat(500)}${OURS}`),
    at: '1:1',
    rule: 'file-too-large',
    says: /16 MiB, not 48 MiB/,
  },
  'that has a List in a List with a mistake': {
    text: `kind: List\nitems:\n- kind: List\n  items:\n  - ${GOOD.replaceAll('\n', '\n    ').trimEnd()}\n      replcas: 1\n`,
    at: '11:7',
    rule: 'schema-unknown-field',
    says: /did you mean "replicas"/,
  },
  'with null for a spec': {
    text: 'apiVersion: db.example.com/v1alpha1\nkind: Database\nmetadata: {name: a}\nspec: null\n',
    at: '4:7',
    rule: 'schema-type',
    says: /must be an object/,
  },
  'with generateName alone': {
    text: GOOD.replace('name:', 'generateName:'),
    at: '3:1',
    rule: 'name-valid',
    says: /must be set/,
  },
};

const TAKEN: Readonly<Record<string, { text: string; warns?: string }>> = {
  'with a byte-order mark': { text: `\ufeff${GOOD}`, warns: 'file-byte-order-mark' },
  'with Windows line ends': { text: GOOD.replaceAll('\n', '\r\n'), warns: 'file-line-ends' },
  'with empty documents': { text: `---\n---\n${GOOD}---\n...\n---\n# nothing\n` },
  'with several documents': { text: `${GOOD}---\n${GOOD.replace('orders', 'customers')}` },
  'of kind List': {
    text: `apiVersion: v1\nkind: List\nitems:\n- ${GOOD.replaceAll('\n', '\n  ').trimEnd()}\n- null\n`,
  },
  'of kind DatabaseList': { text: `kind: DatabaseList\nitems:\n- ${GOOD.replaceAll('\n', '\n  ').trimEnd()}\n` },
  'with a merge key': { text: databaseYaml('parameters: {<<: {work_mem: 8MB}}') },
};

/** Renders the only file of a folder, and sees to what must hold for any input at all. */
async function render(files: Files): Promise<{ code: number | null; told: string[]; rendered: boolean }> {
  const folder = folderWith(files);
  const { code, stdout, stderr } = await ballast(folder, ['generate', 'in', '--out', 'out']);
  expect(stdout).to.equal('');
  expect(stderr).not.to.match(/ {4}at |bug in Ballast/);
  const told = stderr.split('\n').filter((line) => line.startsWith('in/'));
  return { code, told, rendered: existsSync(join(folder, 'out')) };
}

describe('A file', function () {
  this.timeout(RUNS_MS);

  for (const [name, { text, at, rule, says }] of Object.entries(REFUSED)) {
    it(`${name} is refused by ${rule}, with its place, and nothing is written`, async () => {
      const { code, told, rendered } = await render({ 'in/a.yaml': text });
      expect(told).to.have.length(1);
      expect(told[0])
        .to.match(new RegExp(`^in/a.yaml:${at}: error: .* \\(${rule}\\)$`))
        .and.match(says);
      expect({ code, rendered }).to.deep.equal({ code: 1, rendered: false });
    });
  }

  for (const [name, { text, warns }] of Object.entries(TAKEN)) {
    it(`${name} is taken${warns === undefined ? '' : `, with the warning ${warns}`}`, async () => {
      const { code, told, rendered } = await render({ 'in/a.yaml': text });
      expect(told.map((line) => /warning: .*\((.*)\)$/.exec(line)?.[1])).to.deep.equal(warns ? [warns] : []);
      expect({ code, rendered }).to.deep.equal({ code: 0, rendered: true });
    });
  }
});
