import { expect } from 'chai';
import type { Files } from './run.ts';
import { ROOT, RUNS_MS, ballast, folderWith } from './run.ts';
import { database } from './samples.ts';
import { kept } from '../policies/kept.ts';

const wrong = (name: string): string => database(name, { replicas: 12 });
const withoutNamespace = (name: string): string => wrong(name).replace(',"namespace":"shop"', '');

interface Reading {
  readonly files: Files;
  readonly args: readonly string[];
  readonly input?: string;
  /** `file namespace/name` of each finding. */
  readonly found: readonly string[];
}

const READINGS: Readonly<Record<string, Reading>> = {
  'the standard input': { files: {}, args: ['-'], input: wrong('a'), found: ['<stdin> shop/a'] },
  'the standard input and a folder': {
    files: { 'in/b.yaml': wrong('b') },
    args: ['-', 'in'],
    input: wrong('a'),
    found: ['<stdin> shop/a', 'in/b.yaml shop/b'],
  },
  'several paths': {
    files: { 'in/b.yaml': wrong('b'), 'more/c.yml': wrong('c'), 'more/d.yaml': wrong('d') },
    args: ['more/c.yml', 'in'],
    found: ['in/b.yaml shop/b', 'more/c.yml shop/c'],
  },
  'a file that two paths hold, once': {
    files: { 'in/sub/b.yaml': wrong('b') },
    args: ['in', 'in/sub', 'in/sub/b.yaml'],
    found: ['in/sub/b.yaml shop/b'],
  },
  'files that end in yaml, yml and json, and no others': {
    files: { 'in/a.yaml': wrong('a'), 'in/b.yml': wrong('b'), 'in/c.json': wrong('c'), 'in/d.txt': wrong('d') },
    args: ['in'],
    found: ['in/a.yaml shop/a', 'in/b.yml shop/b', 'in/c.json shop/c'],
  },
  'a file of any name when it is named': { files: { 'd.txt': wrong('d') }, args: ['d.txt'], found: ['d.txt shop/d'] },
  'no hidden folders and no node_modules': {
    files: { 'in/.hidden/a.yaml': wrong('a'), 'in/node_modules/b.yaml': wrong('b'), 'in/.c.yaml': wrong('c') },
    args: ['in'],
    found: [],
  },
  'no folder that --exclude names': {
    files: { 'in/charts/deep/a.yaml': wrong('a'), 'in/b.yaml': wrong('b') },
    args: ['in', '--exclude', 'charts'],
    found: ['in/b.yaml shop/b'],
  },
  'no file that a pattern of --exclude fits, each time it is given': {
    files: { 'in/x/a.yaml': wrong('a'), 'in/b.tmpl.yaml': wrong('b'), 'in/c.yaml': wrong('c') },
    args: ['in', '--exclude', '**/*.tmpl.yaml', '--exclude', 'x/**'],
    found: ['in/c.yaml shop/c'],
  },
  'an object without a namespace into default': {
    files: { 'in/a.yaml': withoutNamespace('a') },
    args: ['in'],
    found: ['in/a.yaml default/a'],
  },
  'an object without a namespace into that of --namespace, and others not': {
    files: { 'in/a.yaml': withoutNamespace('a'), 'in/b.yaml': wrong('b') },
    args: ['in', '--namespace', 'billing'],
    found: ['in/a.yaml billing/a', 'in/b.yaml shop/b'],
  },
};

describe('validate reads', function () {
  this.timeout(RUNS_MS);

  for (const [name, { files, args, input, found }] of Object.entries(READINGS)) {
    it(name, async () => {
      const { stdout } = await ballast(folderWith(files), ['validate', ...args, '--format', 'json'], input);
      const rows = JSON.parse(stdout) as { file: string; namespace: string; name: string }[];
      expect(rows.map((row) => `${row.file} ${row.namespace}/${row.name}`)).to.deep.equal(found);
    });
  }
});

const SETTINGS: Readonly<Record<string, { text: string; says: string }>> = {
  'a misspelt field': { text: 'imags: {}\n', says: '1:1: error: imags: must not be set: there is no such field' },
  'a value of the wrong type': { text: 'monitoring: maybe\n', says: '1:13: error: monitoring: Invalid value: "maybe"' },
  'no YAML': { text: 'a: [\n', says: '2:1: error: must be valid YAML' },
  'a list': { text: '[1]\n', says: '1:1: error: Invalid value: "a list": must be an object' },
  'a second document': {
    text: 'monitoring: true\n---\nmonitoring: false\n',
    says: '3:1: error: must not have a second',
  },
  'a key named __proto__': { text: '__proto__: {x: 1}\n', says: '1:1: error: __proto__: must not have a key' },
};

describe('Settings', function () {
  this.timeout(RUNS_MS);

  for (const [name, { text, says }] of Object.entries(SETTINGS)) {
    it(`with ${name} are refused, found in the tree or named`, async () => {
      const folder = folderWith({ 'in/ballast.yaml': text, 'in/a.yaml': database('a') });
      for (const path of ['in', 'in/ballast.yaml']) {
        const { code, stdout } = await ballast(folder, ['validate', path]);
        expect({ code, stdout: stdout.slice(0, 16 + says.length) }).to.deep.equal({
          code: 1,
          stdout: `in/ballast.yaml:${says}`,
        });
      }
    });
  }
});

describe('The example repository', function () {
  this.timeout(RUNS_MS);

  it('has no error, and no warning but that something cannot be done yet', async () => {
    const { code, stdout } = await ballast(ROOT, ['validate', 'examples/gitops', '--format', 'json']);
    expect({ code, found: kept(JSON.parse(stdout) as { rule: string }[]) }).to.deep.equal({ code: 0, found: [] });
  });
});
