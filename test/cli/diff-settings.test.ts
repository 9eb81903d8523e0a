import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { change, git, repositoryWith } from './git-repository.ts';
import { RUNS_MS, ballast, folderWith } from './run.ts';
import { database } from './samples.ts';

const settings = (tag: string): string => `images: {postgresql: {"17": "registry.example.com/pg:${tag}"}}\n`;
const DATABASES = { 'dbs/a.yaml': database('a'), 'dbs/b.yaml': database('b') };
const IMAGE = /^ {2}none: images\.postgresql "17": from (\S+|the default) to (\S+|the default): /m;

interface Case {
  readonly before: Readonly<Record<string, string>>;
  readonly change: Readonly<Record<string, string | undefined>>;
  readonly from?: string;
  readonly paths?: readonly string[];
  /** The images that are named, from and to; undefined when no change of settings is named. */
  readonly images?: readonly [string, string];
}

const CASES: Readonly<Record<string, Case>> = {
  'a change of ballast.yaml beside the folder': {
    before: { 'ballast.yaml': settings('a') },
    change: { 'ballast.yaml': settings('b') },
    images: ['"registry.example.com/pg:a"', '"registry.example.com/pg:b"'],
  },
  'a change of ballast.yaml in the folder': {
    before: { 'dbs/ballast.yaml': settings('a') },
    change: { 'dbs/ballast.yaml': settings('b') },
    images: ['"registry.example.com/pg:a"', '"registry.example.com/pg:b"'],
  },
  'a change, seen from below': {
    before: { 'dbs/ballast.yaml': settings('a') },
    change: { 'dbs/ballast.yaml': settings('b') },
    from: 'dbs',
    paths: ['.'],
    images: ['"registry.example.com/pg:a"', '"registry.example.com/pg:b"'],
  },
  'a change of a file that is named': {
    before: { 'conf/prod.yaml': settings('a') },
    change: { 'conf/prod.yaml': settings('b') },
    paths: ['dbs', '--settings', 'conf/prod.yaml'],
    images: ['"registry.example.com/pg:a"', '"registry.example.com/pg:b"'],
  },
  'a first ballast.yaml': {
    before: {},
    change: { 'ballast.yaml': settings('b') },
    images: ['the default', '"registry.example.com/pg:b"'],
  },
  'a ballast.yaml that is removed': {
    before: { 'ballast.yaml': settings('a') },
    change: { 'ballast.yaml': undefined },
    images: ['"registry.example.com/pg:a"', 'the default'],
  },
  'a ballast.yaml in the folder, in place of the one above': {
    before: { 'ballast.yaml': settings('a') },
    change: { 'dbs/ballast.yaml': settings('b') },
    images: ['"registry.example.com/pg:a"', '"registry.example.com/pg:b"'],
  },
  'a ballast.yaml that could not be read before': {
    before: { 'ballast.yaml': 'images: [' },
    change: { 'ballast.yaml': settings('b') },
    images: ['the default', '"registry.example.com/pg:b"'],
  },
  'a comment in ballast.yaml': {
    before: { 'ballast.yaml': settings('a') },
    change: { 'ballast.yaml': `# ours\n${settings('a')}` },
  },
};

describe('diff of settings', function () {
  this.timeout(RUNS_MS);

  for (const [name, { before, change: changed, from = '.', paths = ['dbs'], images }] of Object.entries(CASES)) {
    it(`names once, and first, what ${name} means`, async () => {
      const folder = repositoryWith({ ...DATABASES, ...before });
      change(folder, changed);
      const { code, stdout, stderr } = await ballast(join(folder, from), ['diff', ...paths, '--against', 'HEAD']);
      expect(code).to.equal(0);
      if (!images) {
        expect(stdout).to.equal('');
        expect(stderr).to.match(/nothing changes in the rendered manifests\n$/);
        return;
      }
      expect(IMAGE.exec(stdout)?.slice(1)).to.deep.equal(images);
      expect(stdout.split('The settings are changed')).to.have.length(2);
      expect(stdout).to.match(/^The settings are changed\n {2}none: images/);
      for (const each of ['a', 'b']) {
        expect(stdout).to.match(new RegExp(`^Database shop/${each} is changed .*\\n  downtime: the pods change`, 'm'));
      }
    });
  }

  it('takes a file outside of the tree for the user’s, with the same settings for both sides', async () => {
    const folder = repositoryWith(DATABASES);
    const mine = join(folderWith({ 'mine.yaml': settings('mine') }), 'mine.yaml');
    change(folder, { 'dbs/a.yaml': database('a', { storage: { size: '30Gi' } }) });
    const { stdout } = await ballast(folder, ['diff', 'dbs', '--against', 'HEAD', '--settings', mine]);
    expect(stdout).to.match(/^Database shop\/a is changed/);
    expect(stdout).not.to.contain('image');
  });

  it('reads ballast.yaml through the link that it was', async () => {
    const folder = repositoryWith({ ...DATABASES, 'conf/ballast.yaml': settings('a') });
    symlinkSync('../conf/ballast.yaml', join(folder, 'dbs/ballast.yaml'));
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'link');
    change(folder, { 'conf/ballast.yaml': settings('b') });
    const { stdout } = await ballast(folder, ['diff', 'dbs', '--against', 'HEAD']);
    expect(IMAGE.exec(stdout)?.slice(1)).to.deep.equal(['"registry.example.com/pg:a"', '"registry.example.com/pg:b"']);
  });

  it('reads ballast.yaml of a submodule at the commit that was recorded', async () => {
    const folder = repositoryWith({ 'README.md': '' });
    const source = repositoryWith({ 'a.yaml': database('a'), 'b.yaml': database('b'), 'ballast.yaml': settings('a') });
    git(folder, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', source, 'dbs');
    git(folder, 'commit', '-q', '-m', 'submodule');
    change(folder, { 'dbs/ballast.yaml': settings('b') });
    git(join(folder, 'dbs'), 'commit', '-q', '-a', '-m', 'another image');
    const { stdout } = await ballast(folder, ['diff', 'dbs', '--against', 'HEAD']);
    expect(IMAGE.exec(stdout)?.slice(1)).to.deep.equal(['"registry.example.com/pg:a"', '"registry.example.com/pg:b"']);
  });

  it('follows no circle of links', async () => {
    const folder = repositoryWith({ ...DATABASES, 'dbs/x.txt': '' });
    symlinkSync('ballast.yaml', join(folder, 'dbs/ballast.yaml'));
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'circle');
    renameSync(join(folder, 'dbs/ballast.yaml'), join(folder, 'dbs/old.txt'));
    change(folder, { 'dbs/ballast.yaml': settings('b') });
    const { code, stdout } = await ballast(folder, ['diff', 'dbs', '--against', 'HEAD']);
    expect(code).to.equal(0);
    expect(IMAGE.exec(stdout)?.slice(1)).to.deep.equal(['the default', '"registry.example.com/pg:b"']);
  });
});
