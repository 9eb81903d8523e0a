import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT, RUNS_MS, ballast, eachOf, folderWith } from './run.ts';
import { database } from './samples.ts';

const FILES = { 'good/orders.yaml': database('orders'), 'bad/orders.yaml': database('orders', { replicas: 12 }) };

interface Usage {
  readonly args: string;
  readonly code: number;
  /** The whole of stderr where the code is 2, else of stdout the beginning. */
  readonly says: string;
}

const RUNS: Readonly<Record<string, Usage>> = {
  'validate of a good tree': { args: 'validate good', code: 0, says: '' },
  'validate of a bad tree': { args: 'validate bad', code: 1, says: 'bad/orders.yaml:1:' },
  'validate of nothing that is there': {
    args: 'validate nowhere',
    code: 2,
    says: 'nowhere: no such file or folder',
  },
  'validate without a path': {
    args: 'validate',
    code: 2,
    says: 'name files and folders to read, - for the standard input, or an overlay with --kustomize',
  },
  'validate in an unknown format': {
    args: 'validate good --format xml',
    code: 2,
    says: "option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, github, sarif, junit.",
  },
  'validate with a misspelt option': {
    args: 'validate good --formt json',
    code: 2,
    says: "unknown option '--formt' (Did you mean --format?)",
  },
  'validate with settings that are not there': {
    args: 'validate good --settings nowhere.yaml',
    code: 2,
    says: 'nowhere.yaml: no such file or folder',
  },
  'validate with a namespace that is none': {
    args: 'validate good --namespace ../x',
    code: 2,
    says: "option '-n, --namespace <name>' argument '../x' is invalid. It must be the name of a namespace.",
  },
  'generate of a good tree': { args: 'generate good', code: 0, says: '---\napiVersion: db.example.com/v1alpha1\n' },
  'generate of a bad tree': { args: 'generate bad', code: 1, says: '' },
  'diff without a revision': {
    args: 'diff good',
    code: 2,
    says: 'name what to compare with: --against REVISION, or --previous FILE',
  },
  'explain of a rule': { args: 'explain storage-no-shrink', code: 0, says: '# storage-no-shrink\n' },
  'explain of a misspelt rule': {
    args: 'explain storage-no-shrnk',
    code: 2,
    says: 'there is no rule and no field "storage-no-shrnk"; did you mean storage-no-shrink?',
  },
  'explain of a rule that is like none': {
    args: 'explain xyzzy',
    code: 2,
    says: 'there is no rule and no field "xyzzy"; ballast explain lists the rules, ballast explain spec the fields of a Database',
  },
  'explain of nothing': { args: 'explain', code: 0, says: 'version-supported' },
  'explain of a field': { args: 'explain spec.backup', code: 0, says: '# database.spec.backup\n' },
  'explain of a misspelt field': {
    args: 'explain spec.bakup',
    code: 2,
    says: 'there is no field "bakup" in database.spec; did you mean database.spec.backup?',
  },
  'explain of an annotation': { args: 'explain db.example.com/apply', code: 0, says: '# db.example.com/apply\n' },
  'schema of all kinds': {
    args: 'schema',
    code: 0,
    says: '{\n  "$schema": "http://json-schema.org/draft-07/schema#",',
  },
  'schema of a kind': { args: 'schema Database', code: 0, says: '{\n  "$schema": ' },
  'schema of a misspelt kind': {
    args: 'schema databse',
    code: 2,
    says: 'there is no schema "databse"; did you mean database?',
  },
  'schema of nothing that is there': {
    args: 'schema deployment',
    code: 2,
    says: 'there is no schema "deployment"; name one of ballast, database, databasebackup, databaserestore, databaseuser, settings',
  },
  'completion without a shell': { args: 'completion', code: 2, says: "missing required argument 'shell'" },
  crds: { args: 'crds', code: 0, says: '---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n' },
  'crds with an argument': {
    args: 'crds all',
    code: 2,
    says: "too many arguments for 'crds'. Expected 0 arguments but got 1: all.",
  },
  'an unknown command': { args: 'validat good', code: 2, says: "unknown command 'validat' (Did you mean validate?)" },
  'an unknown option': { args: '--bogus', code: 2, says: "unknown option '--bogus'" },
  '--version': { args: '--version', code: 0, says: '0.' },
  '--help': { args: '--help', code: 0, says: 'Usage: ballast [options] [command]' },
};

describe('The exit code', function () {
  this.timeout(RUNS_MS);
  const folder = folderWith(FILES);

  for (const [name, { args, code, says }] of Object.entries(RUNS)) {
    it(`of ${name} is ${code}`, async () => {
      const run = await ballast(folder, args.split(' '));
      if (code === 2) expect(run).to.deep.equal({ code, stdout: '', stderr: `ballast: ${says}\n` });
      else expect(run).to.have.property('code', code);
      if (code !== 2) expect(run.stdout.slice(0, says === '' ? undefined : says.length)).to.equal(says);
    });
  }

  it('of no command at all is 2, with the help', async () => {
    const { code, stderr } = await ballast(folder, []);
    expect({ code, help: stderr.startsWith('Usage: ballast') }).to.deep.equal({ code: 2, help: true });
  });
});

describe('The help', function () {
  this.timeout(RUNS_MS);
  const commands = readdirSync(join(ROOT, 'cli/commands')).map((file) => file.replace('.ts', ''));

  it('of each command has an example', async () => {
    const texts = await eachOf(commands, (command) => ballast(ROOT, [command, '--help']));
    for (const [index, { code, stdout }] of texts.entries()) {
      expect(code, commands[index]).to.equal(0);
      expect(stdout, commands[index]).to.match(new RegExp(`Examples?:\\n.*ballast ${commands[index] ?? ''} `));
    }
  });

  it('names the exit codes', async () => {
    expect((await ballast(ROOT, ['--help'])).stdout).to.contain('Exit codes: 0 fine, 1 something is refused, 2 ');
  });
});

describe('explain', function () {
  this.timeout(RUNS_MS);

  it('has a page for every rule, the one in docs/rules', async () => {
    const { stdout } = await ballast(ROOT, ['explain']);
    const listed = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    const pages = readdirSync(join(ROOT, 'docs/rules')).map((file) => file.replace('.md', ''));
    expect(listed.sort()).to.deep.equal(pages.filter((page) => page !== 'README').sort());
  });
});
