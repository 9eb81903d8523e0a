import { execFileSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { git } from '../cli/git-repository.ts';
import { ROOT, RUNS_MS, writeFiles } from '../cli/run.ts';
import { database } from '../cli/samples.ts';
import type { Comparison } from './git-traps.ts';
import { FILE, MERGED, SHRUNK, Trap, ask, sample } from './git-traps.ts';
import type { Ways } from './git-ways.ts';
import { itHolds } from './git-ways.ts';

/** Clones the trap's repository to a place beside it, and compares there. */
function cloned(trap: Trap, options: readonly string[], at = 'copy'): Comparison {
  git(trap.place, 'clone', '-q', ...options, at);
  git(join(trap.place, at), 'checkout', '-q', 'origin/change');
  return { from: join('..', at) };
}

const GIT = execFileSync('git', ['--version']).toString();
const [, MAJOR, MINOR] = /(\d+)\.(\d+)/.exec(GIT) ?? [];
const MOVES_REFS = Number(MAJOR) > 2 || (Number(MAJOR) === 2 && Number(MINOR) >= 46);
const IS_ROOT = process.geteuid?.() === 0;

function chownAll(folder: string, uid: number): void {
  chownSync(folder, uid, uid);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    chownSync(join(entry.parentPath, entry.name), uid, uid);
  }
}

const CLONES: Ways = {
  'a linked worktree': {
    make: ({ clone }) => (git(clone, 'worktree', 'add', '-q', '../linked', '-b', 'other'), { from: '../linked' }),
  },
  'a linked worktree within the tree': {
    make: ({ clone }) => (git(clone, 'worktree', 'add', '-q', 'trees/linked', '-b', 'other'), { from: 'trees/linked' }),
  },
  'worktrees of a bare clone beside them': {
    make: ({ place, clone }) => {
      git(place, 'clone', '-q', '--bare', clone, 'project/.bare');
      writeFiles(place, { 'project/.git': 'gitdir: ./.bare\n' });
      git(join(place, 'project'), 'worktree', 'add', '-q', 'change', 'change');
      return { from: '../project/change', against: 'main' };
    },
  },
  'a repository apart from its work tree': {
    make: ({ clone }) => (git(clone, 'init', '-q', '--separate-git-dir', '../apart'), undefined),
  },
  'objects of another repository (alternates)': { make: (trap) => cloned(trap, ['--shared', 'clone']) },
  'objects of another repository, by a relative path': {
    make: (trap) => {
      const comparison = cloned(trap, ['--shared', 'clone']);
      writeFiles(trap.place, { 'copy/.git/objects/info/alternates': '../../../clone/.git/objects\n' });
      return comparison;
    },
  },
  'packed objects and refs': {
    make: ({ clone }) => (git(clone, 'gc', '-q'), git(clone, 'pack-refs', '--all'), undefined),
  },
  'a shallow clone': {
    make: (trap) => cloned(trap, ['--depth', '1', '--no-single-branch', `file://${trap.clone}`]),
    // Without the history the change is unknown, which a warning says.
    rules: ['file-not-compared', 'storage-no-shrink'],
  },
  'a shallow clone without the base': {
    make: (trap) => (
      git(trap.place, 'clone', '-q', '--depth', '1', `file://${trap.clone}`, 'copy'),
      { from: '../copy' }
    ),
    says: /there is no such git revision in \S+; this clone is shallow: fetch the branch/,
  },
  'a clone without files of the base': {
    make: (trap) => (trap.loseMerged(), undefined),
    says: /databases\/orders\.yaml in \S+ is not in this clone, and Ballast fetches nothing; .*git archive origin\/main/,
  },
  'a clone without folders of the base': {
    make: ({ clone }) => {
      const id = ask(clone, 'rev-parse', 'main:databases');
      rmSync(join(clone, '.git/objects', id.slice(0, 2), id.slice(2)));
      return undefined;
    },
    says: /a folder in \S+ is not in this clone/,
  },
  'a file of the base that is replaced (refs/replace)': {
    make: ({ clone }) => {
      git(clone, 'replace', ask(clone, 'rev-parse', `main:${FILE}`), ask(clone, 'rev-parse', `HEAD:${FILE}`));
      return undefined;
    },
  },
  'a commit of the base that is replaced': {
    make: ({ clone }) => (git(clone, 'replace', 'main', 'HEAD'), undefined),
  },
  'a graft of the base': {
    make: ({ clone }) => {
      const [main, head] = [ask(clone, 'rev-parse', 'main'), ask(clone, 'rev-parse', 'HEAD')];
      git(clone, 'commit', '-q', '--allow-empty', '-m', 'again');
      writeFiles(clone, {
        '.git/info/grafts': `${ask(clone, 'rev-parse', 'HEAD')} ${head}\n${head}\n${main} ${head}\n`,
      });
      return { against: 'HEAD~2' };
    },
  },
  'an index that lies': {
    make: ({ clone }) => (
      git(clone, 'update-index', '--assume-unchanged', FILE),
      git(clone, 'rm', '-q', '--cached', FILE),
      undefined
    ),
  },
  'refs in tables (reftable)': {
    make: ({ clone }) => (git(clone, 'refs', 'migrate', '--ref-format=reftable'), undefined),
    notHere: MOVES_REFS ? undefined : `${GIT.trim()} cannot make them`,
  },
  'files of another user, as in a container': {
    make: ({ clone }) => (chownAll(clone, 4321), undefined),
    notHere: IS_ROOT ? undefined : 'only root can give files away',
  },
  'a .git of another user above, and none else': {
    make: ({ clone }) => {
      chownSync(join(clone, '.git'), 4321, 4321);
      return undefined;
    },
    says: /\.git belongs to another user, who could choose what is compared; make databases and it one user's \(chown -R\)/,
    notHere: IS_ROOT ? undefined : 'only root can give files away',
  },
  'a .git of another user further up, who knows the path': {
    make: ({ place, clone }) => {
      writeFiles(place, { [`clone/${FILE}`]: SHRUNK });
      git(place, 'init', '-q', '-b', 'main');
      cpSync(join(clone, '.git'), join(place, 'kept'), { recursive: true });
      rmSync(join(clone, '.git'), { recursive: true });
      git(place, 'add', '-A');
      git(place, 'commit', '-q', '-m', 'pretended');
      git(place, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
      renameSync(join(place, 'kept'), join(clone, '.git'));
      chownSync(join(place, '.git'), 4321, 4321);
      return undefined;
    },
    notHere: IS_ROOT ? undefined : 'only root can give files away',
  },
};

const inEnvironment = (variables: Readonly<Record<string, string>>): Comparison => ({ variables });

/** Another repository, in which nothing was ever large. */
function other({ place }: Trap): string {
  const folder = join(place, 'other');
  writeFiles(folder, { [FILE]: SHRUNK });
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'other');
  git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  return folder;
}

/** Variables that git obeys; hooks, other programs and pipelines set them. */
const ENVIRONMENT: Ways = {
  'GIT_DIR of another repository': { make: (trap) => inEnvironment({ GIT_DIR: join(other(trap), '.git') }) },
  'GIT_DIR and GIT_WORK_TREE of another repository': {
    make: (trap) => {
      const folder = other(trap);
      return inEnvironment({
        GIT_DIR: join(folder, '.git'),
        GIT_WORK_TREE: folder,
        GIT_COMMON_DIR: join(folder, '.git'),
      });
    },
  },
  'objects of another repository only': {
    make: (trap) =>
      inEnvironment({ GIT_OBJECT_DIRECTORY: join(other(trap), '.git/objects'), GIT_QUARANTINE_PATH: 'x' }),
  },
  'a relative GIT_DIR and an index, as hooks have': {
    make: () => inEnvironment({ GIT_DIR: '.git', GIT_INDEX_FILE: '.git/none', GIT_PREFIX: 'x/' }),
  },
  'a namespace': { make: () => inEnvironment({ GIT_NAMESPACE: 'x', GIT_REPLACE_REF_BASE: 'refs/heads/' }) },
  'folders in which git stops looking': {
    make: ({ clone }) =>
      inEnvironment({ GIT_CEILING_DIRECTORIES: clone, GIT_LITERAL_PATHSPECS: '0', GIT_ICASE_PATHSPECS: '1' }),
  },
  'programs of git from elsewhere': {
    make: (trap) => {
      for (const name of ['git-ls-tree', 'git-rev-parse', 'git-cat-file', 'git-for-each-ref', 'git']) {
        trap.script(join(trap.place, 'exec', name));
      }
      return inEnvironment({ GIT_EXEC_PATH: join(trap.place, 'exec') });
    },
  },
  'programs for everything': {
    make: ({ program }) =>
      inEnvironment({
        GIT_SSH_COMMAND: program,
        GIT_SSH: program,
        GIT_PROXY_COMMAND: program,
        GIT_EXTERNAL_DIFF: program,
        GIT_PAGER: program,
        PAGER: program,
        GIT_EDITOR: program,
        GIT_ASKPASS: program,
        SSH_ASKPASS: program,
      }),
  },
  'a trace into a file': {
    make: ({ mark }) => inEnvironment({ GIT_TRACE: mark, GIT_TRACE2: mark, GIT_TRACE_SETUP: mark }),
  },
  'a git that the tree brings, in PATH by its whole name': {
    make: (trap) => {
      trap.script(join(trap.clone, 'node_modules/.bin/git'));
      return inEnvironment({ PATH: [join(trap.clone, 'node_modules/.bin'), process.env['PATH']].join(delimiter) });
    },
  },
  'a git that the tree brings, in PATH from where one stands': {
    make: (trap) => {
      trap.script(join(trap.clone, 'bin/git'));
      trap.script(join(trap.clone, 'git'));
      return inEnvironment({ PATH: ['.', '', 'bin', process.env['PATH']].join(delimiter) });
    },
  },
  'no git but one that the tree brings': {
    make: (trap) => {
      trap.script(join(trap.clone, 'bin/git'));
      return inEnvironment({ PATH: join(trap.clone, 'bin') });
    },
    says: /git: could not be run from a folder of PATH outside of \S+: no such file or folder; is it installed/,
  },
};

describe('A comparison with --against', function () {
  this.timeout(RUNS_MS);

  itHolds(CLONES, 10);
  itHolds(ENVIRONMENT, 9);

  it('holds in a repository with SHA-256', async () => {
    const { code, rules } = await new Trap(['--object-format=sha256']).compare();
    expect({ code, rules }).to.deep.equal({ code: 1, rules: ['storage-no-shrink'] });
  });

  it('leaves no temporary folder behind, and changes nothing in the repository', async () => {
    const trap = new Trap();
    const state = (): string[] => readdirSync(join(trap.clone, '.git'), { recursive: true }).map(String).sort();
    const before = state();
    mkdirSync(join(trap.place, 'tmp'));
    await trap.compare({ variables: { TMPDIR: join(trap.place, 'tmp') } });
    expect(readdirSync(join(trap.place, 'tmp'))).to.deep.equal([]);
    expect(state()).to.deep.equal(before);
  });

  const HOOKS = ['a linked worktree', 'the main worktree'].flatMap((where) =>
    [['-a'], ['-o', FILE]].map((how) => ({ where, place: where === 'a linked worktree' ? '../linked' : '.', how })),
  );
  for (const { where, place, how } of sample(HOOKS, 4)) {
    it(`is right in a hook of ${where}, for git commit ${how.join(' ')}`, () => {
      const trap = new Trap();
      trap.write({ 'other/other.yaml': database('other', { deletionPolicy: 'Protect' }), [FILE]: MERGED });
      trap.commit('all of it');
      git(trap.clone, 'worktree', 'add', '-q', '../linked', '-b', 'other');
      const said = join(trap.place, 'said');
      const hook = join(trap.clone, '.git/hooks/pre-commit');
      trap.script(hook);
      const run = `'${process.execPath}' '${join(ROOT, 'cli/main.ts')}' validate databases --against HEAD`;
      writeFileSync(hook, `#!/bin/sh\n${run} > '${said}' 2>&1\necho "$?" >> '${said}'\n`);
      const folder = join(trap.clone, place);
      for (const [text, says] of [
        [`${MERGED}# more\n`, /^1 object in 1 file: 0 errors, 0 warnings\n0\n$/],
        [
          SHRUNK,
          /^databases\/orders\.yaml:\d+:\d+: error: .*\(storage-no-shrink\)\n1 object in 1 file: 1 error, 0 warnings\n1\n$/,
        ],
      ] as const) {
        writeFiles(folder, { [FILE]: text });
        git(folder, 'commit', '-q', '-m', 'more', ...how);
        expect(readFileSync(said, 'utf8')).to.match(says);
      }
    });
  }
});

describe('A link in place of ballast.yaml', function () {
  this.timeout(RUNS_MS);

  for (const [name, args] of Object.entries({ 'that is found': [], 'that is named': ['--settings', 'ballast.yaml'] })) {
    it(`is refused when it leads out of the tree, in a file ${name}`, async () => {
      const trap = new Trap();
      writeFiles(trap.place, { secret: 'password: hunter2\n' });
      symlinkSync('../secret', join(trap.clone, 'ballast.yaml'));
      const { code, rules, stdout, stderr } = await trap.compare({ paths: ['databases', ...args] });
      expect({ code, rules }).to.deep.equal({ code: 1, rules: ['file-outside-tree', 'storage-no-shrink'] });
      expect(stdout + stderr).not.to.match(/hunter2|password/);
    });
  }
});
