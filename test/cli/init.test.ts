import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { load } from 'js-yaml';
import { initFiles } from '../../cli/init/files.ts';
import { FORGES } from '../../cli/init/workflows.ts';
import { git, repositoryWith } from './git-repository.ts';
import { ROOT, RUNS_MS, ballast, folderWith } from './run.ts';
import { database } from './samples.ts';

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => !file.startsWith('.git/'))
    .sort();

const ALWAYS = [
  '.ballast/ballast.schema.json',
  '.ballast/settings.schema.json',
  '.gitattributes',
  '.pre-commit-config.yaml',
  'ballast.yaml',
  'databases/shop/orders.yaml',
];

describe('ballast init', function () {
  this.timeout(RUNS_MS);

  const forges: Readonly<Record<string, string>> = {
    github: '.github/workflows/ballast.yaml',
    gitlab: '.gitlab-ci.yml',
  };
  for (const [forge, workflow] of Object.entries(forges)) {
    it(`writes a repository for ${forge}, and names each file`, async () => {
      const folder = folderWith();
      const { code, stdout } = await ballast(folder, ['init', '.', '--forge', forge]);
      const files = [...ALWAYS, workflow].sort();
      expect({ code, files: filesIn(folder) }).to.deep.equal({ code: 0, files });
      for (const file of files) expect(stdout).to.contain(`written: ${file}\n`);
    });
  }

  it('writes what is valid without a warning, and up to date after the commands that it names', async () => {
    const folder = repositoryWith({ 'README.md': 'ours' });
    const { stdout } = await ballast(folder, ['init']);
    const [, generate = '', commit = ''] = /Next:\n {2}ballast (.*)\n {2}git (.*)\n$/.exec(stdout) ?? [];
    const validated = await ballast(folder, ['validate', '.']);
    expect(validated.stderr).to.equal('1 object in 1 file: 0 errors, 0 warnings; settings of ballast.yaml\n');
    const generated = await ballast(folder, generate.split(' '));
    expect(generated).to.include({ code: 0 });
    const [add = '', message = ''] = commit.split(' && git ');
    git(folder, ...add.split(' '));
    git(folder, ...message.replaceAll('"', '').split(' ').slice(0, 2), 'Databases');
    const checked = await ballast(folder, [...generate.split(' '), '--check']);
    expect(checked).to.include({ code: 0, stdout: '' });
    expect(execFileSync('git', ['-C', folder, 'status', '--porcelain']).toString()).to.equal('');
  });

  it('changes nothing that is there', async () => {
    const files = { 'ballast.yaml': 'monitoring: true\n', 'databases/mine.yaml': database('mine') };
    const folder = folderWith(files);
    const { code, stdout } = await ballast(folder, ['init']);
    expect(code).to.equal(0);
    expect(readFileSync(join(folder, 'ballast.yaml'), 'utf8')).to.equal(files['ballast.yaml']);
    expect(filesIn(join(folder, 'databases'))).to.deep.equal(['mine.yaml']);
    expect(stdout).to.contain('kept: ballast.yaml\n');
    expect(stdout).to.contain('left out: databases/shop/orders.yaml, since there is a folder databases\n');
    expect(stdout).to.contain('No workflow was written: name the forge with --forge github or --forge gitlab.\n');
  });

  it('writes nothing through a link that is there', async () => {
    const folder = folderWith();
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'ballast.yaml'));
    const { code, stderr } = await ballast(folder, ['init']);
    expect({ code, stderr }).to.deep.equal({ code: 2, stderr: 'ballast: ballast.yaml: it exists already\n' });
    expect(filesIn(folder)).to.not.include('elsewhere');
  });

  const remotes: Readonly<Record<string, string>> = {
    'git@github.com:acme/databases.git': '.github/workflows/ballast.yaml',
    'https://user:secret@gitlab.acme.example/acme/databases': '.gitlab-ci.yml',
    'https://git.acme.example/github/databases': 'No workflow was written',
  };
  for (const [remote, expected] of Object.entries(remotes)) {
    it(`takes the forge from the remote ${remote}`, async () => {
      const folder = repositoryWith({ 'README.md': 'ours' });
      git(folder, 'remote', 'add', 'origin', remote);
      const { stdout } = await ballast(folder, ['init']);
      expect(stdout).to.contain(expected).and.to.not.contain('secret');
    });
  }

  const refused: Readonly<Record<string, readonly [args: string, says: string]>> = {
    'a forge that it does not know': [
      'init --forge gitea',
      "argument 'gitea' is invalid. Allowed choices are github, gitlab.",
    ],
    'an image that is none': ['init --image a:b#c', 'It must be the name of an image'],
    'a folder that is a file': ['init file', 'file/.ballast/ballast.schema.json: '],
  };
  for (const [what, [args, says]] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      const { code, stderr } = await ballast(folderWith({ file: '' }), args.split(' '));
      expect(code).to.equal(2);
      expect(stderr).to.contain(says);
    });
  }
});

describe('The files of a new repository', () => {
  for (const forge of FORGES) {
    it(`for ${forge} run the named image, and let no name of a branch into a script`, () => {
      const files = initFiles({ forge, image: 'registry.example.com/ballast-cli:1' });
      const workflow = [...files].find(([path]) => /workflows|gitlab-ci/.test(path))?.[1] ?? '';
      expect(workflow).to.contain('registry.example.com/ballast-cli:1');
      expect(JSON.stringify(load(workflow))).to.not.match(/"run":"[^"]*\$\{\{/);
    });
  }

  it('have the schemas that are in this repository', () => {
    const files = initFiles({ image: 'ballast-cli' });
    for (const name of ['ballast.schema.json', 'settings.schema.json']) {
      expect(files.get(`.ballast/${name}`)).to.equal(readFileSync(join(ROOT, 'schemas', name), 'utf8'));
    }
  });
});
