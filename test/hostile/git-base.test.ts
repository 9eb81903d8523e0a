import { cpSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { git } from '../cli/git-repository.ts';
import { RUNS_MS, writeFiles } from '../cli/run.ts';
import { database } from '../cli/samples.ts';
import { FILE, MERGED, SHRUNK, Trap } from './git-traps.ts';
import type { Ways } from './git-ways.ts';
import { SHRINK, itHolds } from './git-ways.ts';

const FOUND = ['file-git-repository', SHRINK];
/** Where a submodule may come from a folder beside it. */
const LOCAL = ['-c', 'protocol.file.allow=always'];

/** Makes a repository in which the small Database has always been there. */
function pretend(trap: Trap, file = FILE): string {
  const folder = join(trap.place, 'pretended');
  writeFiles(folder, { [file]: SHRUNK });
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'pretended');
  git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  return folder;
}

/** Puts that repository's own folder, as plain files, at a place of the tree. */
function plant(trap: Trap, at: string, settings = 'bare = false\nworktree = .'): void {
  cpSync(join(pretend(trap), '.git'), join(trap.clone, at), { recursive: true });
  rmSync(join(trap.clone, at, 'hooks'), { recursive: true });
  trap.write({ [`${at}/config`]: `[core]\nrepositoryformatversion = 0\n${settings}\n`, [`${at}/refs/keep`]: '' });
  trap.commit('docs');
}

/** Adds a repository as a submodule at a place of the tree. */
function addSubmodule(trap: Trap, from: string, at: string): void {
  git(trap.clone, ...LOCAL, 'submodule', '--quiet', 'add', from, at);
  trap.commit('a submodule');
}

/** Moves the Databases of the target branch into a submodule, and makes the pull request name a commit that shrinks a volume. */
function withSubmodule(trap: Trap): void {
  const source = join(trap.place, 'source');
  writeFiles(source, { 'orders.yaml': MERGED });
  git(source, 'init', '-q', '-b', 'main');
  git(source, 'add', '-A');
  git(source, 'commit', '-q', '-m', 'merged');
  git(trap.clone, 'checkout', '-q', 'main');
  git(trap.clone, 'rm', '-q', '-r', 'databases');
  addSubmodule(trap, source, 'databases');
  git(trap.clone, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  writeFiles(join(trap.clone, 'databases'), { 'orders.yaml': SHRUNK });
  git(join(trap.clone, 'databases'), 'commit', '-q', '-a', '-m', 'shrunk');
  git(join(trap.clone, 'databases'), 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  trap.commit('the change under review');
}

const BARE: Ways = {
  'a bare repository in the folder': { make: (trap) => (plant(trap, 'databases'), undefined), rules: FOUND },
  'one in a folder above': {
    make: (trap) => {
      git(trap.clone, 'checkout', '-q', 'main');
      trap.write({ 'a/databases/orders.yaml': MERGED });
      trap.commit('merged');
      git(trap.clone, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
      trap.write({ 'a/databases/orders.yaml': SHRUNK });
      plant(trap, 'a');
      return { paths: ['a/databases'] };
    },
    rules: FOUND,
  },
  'one beside the file that is named': {
    make: (trap) => (plant(trap, 'databases'), { paths: [FILE] }),
    rules: FOUND,
  },
  'one where the program stands': {
    make: (trap) => (plant(trap, 'databases'), { from: 'databases', paths: ['.'] }),
    rules: FOUND,
  },
  'one in a folder of the tree': {
    make: (trap) => (plant(trap, 'databases/docs/old'), { paths: ['.'] }),
    rules: FOUND,
  },
  'one whose objects lie elsewhere (commondir)': {
    make: (trap) => {
      plant(trap, 'store');
      trap.write({ 'databases/HEAD': 'ref: refs/heads/main\n', 'databases/commondir': '../store\n' });
      trap.commit('docs');
      return undefined;
    },
    rules: FOUND,
  },
  'one that is left out with --exclude': {
    make: (trap) => (plant(trap, 'databases/docs'), { paths: ['databases', '--exclude', 'docs'] }),
  },
  'one whose settings run a program': {
    make: (trap) => {
      const partial = `[extensions]\npartialClone = origin\n[protocol "ext"]\nallow = always\n[remote "origin"]\npromisor = true\nurl = "ext::${trap.program}"`;
      plant(trap, 'databases', `bare = false\nworktree = ..\n${partial}`);
      rmSync(join(trap.clone, 'databases/objects'), { recursive: true });
      trap.write({ 'databases/objects/keep': '' });
      trap.commit('docs');
      return undefined;
    },
    rules: FOUND,
  },
  'one whose settings run a program, to diff': {
    make: (trap) => (
      plant(trap, 'databases', `bare = false\n[core]\nfsmonitor = ${trap.program}`),
      { command: 'diff' }
    ),
    rules: FOUND,
  },
};

const NESTED: Ways = {
  'a .git folder that came by an archive, at the path': {
    make: (trap) => (
      cpSync(join(pretend(trap), '.git'), join(trap.clone, 'databases/.git'), { recursive: true }),
      undefined
    ),
  },
  'a .git folder that came by an archive, below the path': {
    make: (trap) => {
      cpSync(join(pretend(trap), '.git'), join(trap.clone, 'databases/.git'), { recursive: true });
      return { paths: ['.'] };
    },
    rules: FOUND,
  },
  'a .git that leads to plain files of the tree': {
    make: (trap) => {
      cpSync(join(pretend(trap), '.git'), join(trap.clone, 'databases/old'), { recursive: true });
      trap.write({ 'databases/.git': 'gitdir: old\n' });
      return undefined;
    },
    says: /^ballast: \S+\/databases\/\.git: leads to \S+\/databases\/old, among the files of the tree/,
  },
  'a folder replaced by a link to another': {
    make: (trap) => {
      renameSync(join(trap.clone, 'databases'), join(trap.clone, 'elsewhere'));
      symlinkSync('elsewhere', join(trap.clone, 'databases'));
      trap.commit('moved');
      return undefined;
    },
    says: /^ballast: databases: is a link, or lies behind one, /,
  },
  'a folder replaced by a link to another, where the shell stands': {
    make: (trap) => {
      renameSync(join(trap.clone, 'databases'), join(trap.clone, 'elsewhere'));
      symlinkSync('elsewhere', join(trap.clone, 'databases'));
      trap.commit('moved');
      return { from: 'databases', paths: ['.'], variables: { PWD: join(trap.clone, 'databases') } };
    },
    says: /^ballast: \.: is a link, or lies behind one, /,
  },
  'a folder replaced by a link to another repository': {
    make: (trap) => {
      rmSync(join(trap.clone, 'databases'), { recursive: true });
      symlinkSync(join(pretend(trap), 'databases'), join(trap.clone, 'databases'));
      trap.commit('moved');
      return undefined;
    },
    says: /^ballast: databases: is a link, or lies behind one, /,
  },
  'a folder that was a link when it was merged': {
    make: (trap) => {
      symlinkSync('databases', join(trap.clone, 'current'));
      trap.commit('a link');
      git(trap.clone, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
      rmSync(join(trap.clone, 'current'));
      trap.write({ 'current/orders.yaml': SHRUNK });
      return { paths: ['current'] };
    },
    says: /^ballast: current: leads through a link \(current\) at origin\/main/,
  },
};

const SUBMODULES: Ways = {
  'a submodule in the tree': { make: (trap) => (withSubmodule(trap), { paths: ['.'] }) },
  'a submodule as the path': { make: (trap) => (withSubmodule(trap), undefined) },
  'a submodule that the program stands in': {
    make: (trap) => (withSubmodule(trap), { from: 'databases', paths: ['.'] }),
  },
  'a file in a submodule': { make: (trap) => (withSubmodule(trap), { paths: [FILE] }) },
  'a folder replaced by a submodule with a main of its own': {
    make: (trap) => {
      git(trap.clone, 'rm', '-q', '-r', 'databases');
      addSubmodule(trap, pretend(trap, 'orders.yaml'), 'databases');
      return undefined;
    },
  },
  'a submodule replaced by plain files': {
    make: (trap) => {
      withSubmodule(trap);
      git(trap.clone, 'rm', '-q', '-f', 'databases');
      trap.write({ [FILE]: SHRUNK });
      trap.commit('no submodule');
      return undefined;
    },
    rules: ['file-not-compared'],
  },
  'a submodule that is removed': {
    make: (trap) => (withSubmodule(trap), git(trap.clone, 'rm', '-q', '-f', 'databases'), { paths: ['.'] }),
    rules: ['file-not-compared'],
  },
  'a submodule that is not checked out': {
    make: (trap) => (
      withSubmodule(trap),
      git(trap.clone, 'submodule', '--quiet', 'deinit', '-f', 'databases'),
      { paths: ['.'] }
    ),
    rules: ['file-not-compared'],
  },
  'a submodule from elsewhere, without the commit that was merged': {
    make: (trap) => {
      withSubmodule(trap);
      git(trap.clone, 'rm', '-q', '-f', 'databases');
      rmSync(join(trap.clone, '.git/modules/databases'), { recursive: true });
      trap.commit('no submodule');
      addSubmodule(trap, pretend(trap, 'orders.yaml'), 'databases');
      return { paths: ['.'] };
    },
    rules: ['file-not-compared'],
  },
};

const WAYS = { ...BARE, ...NESTED, ...SUBMODULES };

describe('The base of --against is the one that was merged', function () {
  this.timeout(RUNS_MS);

  itHolds(WAYS, 12);

  it('with a new submodule that holds a Database which was elsewhere', async () => {
    const trap = new Trap();
    git(trap.clone, 'rm', '-q', '-r', 'databases');
    addSubmodule(trap, pretend(trap, 'orders.yaml'), 'new');
    writeFiles(trap.clone, { 'databases/other.yaml': database('other') });
    const { rules } = await trap.compare({ paths: ['databases', 'new'] });
    expect(rules).to.deep.equal([SHRINK]);
  });
});
