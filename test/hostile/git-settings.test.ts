import { join } from 'node:path';
import { expect } from 'chai';
import { git } from '../cli/git-repository.ts';
import { RUNS_MS, writeFiles } from '../cli/run.ts';
import { FILE, Trap, sample } from './git-traps.ts';

type Settings = readonly (readonly [string, string])[];

interface Hazard {
  readonly settings: (trap: Trap) => Settings;
  /** Git with these arguments runs the program: the trap works. */
  readonly caughtBy?: () => readonly string[];
  /** Whether the merged file is missing, as in a partial clone; git then fetches it by itself. */
  readonly partial?: boolean;
}

const promisor = (...more: Settings): Settings => [['remote.origin.promisor', 'true'], ...more];

/** To read the missing file, git fetches it. */
const completes = (): readonly string[] => ['cat-file', '-p', `main:${FILE}`];

/** Every way found in which a setting of git starts a program. */
const HAZARDS: Readonly<Record<string, Hazard>> = {
  'a monitor of files': { settings: ({ program }) => [['core.fsmonitor', program]], caughtBy: () => ['status'] },
  hooks: {
    settings: ({ place }) => [['core.hooksPath', join(place, 'hooks')]],
    caughtBy: () => ['update-ref', 'refs/heads/other', 'main'],
  },
  'a pager': {
    settings: ({ program }) => [
      ['core.pager', program],
      ['pager.ls-tree', program],
      ['pager.rev-parse', program],
      ['pager.cat-file', program],
    ],
  },
  'a program that compares': {
    settings: ({ program }) => [['diff.external', program]],
    caughtBy: () => ['diff', 'main'],
  },
  'a program that makes text of a file': {
    settings: ({ program }) => [['diff.text.textconv', program]],
    caughtBy: () => ['diff', 'main'],
  },
  'a filter': {
    settings: ({ program }) => [
      ['filter.trap.smudge', program],
      ['filter.trap.clean', program],
      ['filter.trap.process', program],
    ],
    caughtBy: () => ['cat-file', '--filters', `main:${FILE}`],
  },
  'a helper for credentials': {
    settings: ({ program }) => [['credential.helper', `!${program}`]],
    caughtBy: () => ['credential', 'fill'],
  },
  'a program that asks for passwords': {
    settings: ({ program }) => [['core.askPass', program]],
    caughtBy: () => ['credential', 'fill'],
  },
  'a partial clone with a remote of any command': {
    partial: true,
    settings: ({ program }) => promisor(['protocol.ext.allow', 'always'], ['remote.origin.url', `ext::${program}`]),
    caughtBy: completes,
  },
  'a partial clone by a command in place of ssh': {
    partial: true,
    settings: ({ program }) => promisor(['core.sshCommand', program], ['remote.origin.url', 'ssh://git@127.0.0.1/x']),
    caughtBy: completes,
  },
  'a partial clone by a proxy': {
    partial: true,
    settings: ({ program }) => promisor(['core.gitProxy', program], ['remote.origin.url', 'git://127.0.0.1/x']),
    caughtBy: completes,
  },
  'a partial clone by a program at the other end': {
    partial: true,
    settings: ({ program, clone }) => promisor(['remote.origin.uploadpack', program], ['remote.origin.url', clone]),
    caughtBy: completes,
  },
};

/** Where settings can stand, beside the clone's own file; gives variables of the environment. */
const PLACES: Readonly<Record<string, (trap: Trap, settings: Settings) => Readonly<Record<string, string>>>> = {
  'of the clone': ({ clone }, settings) => {
    for (const [name, value] of settings) git(clone, 'config', '--add', name, value);
    return {};
  },
  'of the tree, which the clone includes': (trap, settings) => {
    for (const [name, value] of settings) git(trap.clone, 'config', '--file', '.gitconfig', '--add', name, value);
    git(trap.clone, 'config', 'include.path', '../.gitconfig');
    return {};
  },
  'of the tree, included on a condition': (trap, settings) => {
    for (const [name, value] of settings) git(trap.clone, 'config', '--file', '.gitconfig', '--add', name, value);
    git(trap.clone, 'config', `includeIf.gitdir:${trap.clone}/.path`, '../.gitconfig');
    return {};
  },
  'of one worktree': ({ clone }, settings) => {
    git(clone, 'config', 'core.repositoryFormatVersion', '1');
    git(clone, 'config', 'extensions.worktreeConfig', 'true');
    for (const [name, value] of settings) git(clone, 'config', '--worktree', '--add', name, value);
    return {};
  },
  'of the user': ({ place }, settings) => {
    writeFiles(place, { 'home/.gitconfig': '' });
    for (const [name, value] of settings) git(place, 'config', '--file', 'home/.gitconfig', '--add', name, value);
    return { HOME: join(place, 'home'), GIT_CONFIG_GLOBAL: join(place, 'home/.gitconfig') };
  },
  'of the environment': (_, settings) => ({
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(settings.map(([name], index) => [`GIT_CONFIG_KEY_${index}`, name])),
    ...Object.fromEntries(settings.map(([, value], index) => [`GIT_CONFIG_VALUE_${index}`, value])),
  }),
  'of another git that called': (_, settings) => ({
    GIT_CONFIG_PARAMETERS: settings.map(([name, value]) => `'${name}=${value}'`).join(' '),
  }),
};

const CASES = Object.entries(HAZARDS).flatMap(([what, hazard]) =>
  Object.entries(PLACES).map(([where, put]) => ({ name: `${what}, in settings ${where}`, hazard, put })),
);

function spring({ settings, partial = false }: Hazard, put: (typeof PLACES)[string]): [Trap, Record<string, string>] {
  const trap = new Trap();
  trap.write({ '.gitattributes': '*.yaml diff=text filter=trap\n' });
  for (const hook of ['reference-transaction', 'post-index-change', 'post-checkout', 'pre-auto-gc']) {
    trap.script(join(trap.place, 'hooks', hook));
  }
  const variables = put(trap, settings(trap));
  if (partial) trap.loseMerged();
  return [trap, variables];
}

describe('git started by --against', function () {
  this.timeout(RUNS_MS);

  for (const { name, hazard, put } of sample(CASES, 17)) {
    it(`does not run ${name}`, async () => {
      const [trap, variables] = spring(hazard, put);
      const { sprung, rules, code, stderr } = await trap.compare({ variables });
      expect(sprung).to.equal(false);
      if (hazard.partial) {
        expect(code).to.equal(2);
        expect(stderr).to.match(
          /^ballast: --against origin\/main: databases\/orders\.yaml in \S+ is not in this clone, /,
        );
      } else {
        expect({ rules, code }).to.deep.equal({ rules: ['storage-no-shrink'], code: 1 });
      }
      const args = hazard.caughtBy?.();
      if (args) expect(trap.catches(args, variables), 'the trap works').to.equal(true);
    });
  }
});
