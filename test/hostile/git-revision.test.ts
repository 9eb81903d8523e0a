import { git } from '../cli/git-repository.ts';
import { RUNS_MS } from '../cli/run.ts';
import { ask } from './git-traps.ts';
import type { Way, Ways } from './git-ways.ts';
import { itHolds } from './git-ways.ts';

const nothing = (): undefined => undefined;

/** Ways to name the base, with refs that a pull request can bring. */
const againstBranch =
  (...names: string[]): Way['make'] =>
  ({ clone }) => {
    for (const name of names) git(clone, 'update-ref', name, 'HEAD');
    return undefined;
  };
const byHash =
  (length: number): Way['make'] =>
  ({ clone }) => ({ against: ask(clone, 'rev-parse', 'main').slice(0, length) });
const by =
  (against: string): Way['make'] =>
  () => ({ against });

const NAMES: Ways = {
  'the branch that was fetched': { make: nothing },
  'a whole hash': { make: byHash(40) },
  'a step back': { make: by('HEAD~1') },
  'a whole name': { make: by('refs/remotes/origin/main') },
  'what was fetched last': {
    make: ({ clone }) => (git(clone, 'fetch', '-q', '.', 'main'), { against: 'FETCH_HEAD' }),
  },
  'a tag': { make: ({ clone }) => (git(clone, 'tag', 'v1', 'main'), { against: 'v1' }) },
  'a tag with a message': {
    make: ({ clone }) => (git(clone, 'tag', '-a', '-m', 'one', 'v1', 'main'), { against: 'v1' }),
  },
  'the branch, with HEAD on no branch': { make: ({ clone }) => (git(clone, 'checkout', '-q', '--detach'), undefined) },
  'a branch and a tag of one commit': { make: ({ clone }) => (git(clone, 'tag', 'main', 'main'), { against: 'main' }) },
  'a branch under review that is called origin/main': {
    make: againstBranch('refs/heads/origin/main'),
    says: /--against origin\/main: is ambiguous: refs\/heads\/origin\/main and refs\/remotes\/origin\/main are different/,
  },
  'a tag under review that is called origin/main': {
    make: againstBranch('refs/tags/origin/main'),
    says: /is ambiguous/,
  },
  'a whole name, beside branches that are called so': {
    make: (trap) => {
      againstBranch(
        'refs/heads/refs/remotes/origin/main',
        'refs/tags/refs/remotes/origin/main',
        'refs/heads/origin/main',
      )(trap);
      return { against: 'refs/remotes/origin/main' };
    },
  },
  'a whole name that is not there, beside a branch that is called so': {
    make: (trap) => {
      againstBranch('refs/heads/refs/remotes/origin/next')(trap);
      return { against: 'refs/remotes/origin/next' };
    },
    says: /there is no such git revision in /,
  },
  'a whole hash, beside a branch that is called so': {
    make: ({ clone }) => {
      const against = ask(clone, 'rev-parse', 'main');
      git(clone, 'update-ref', `refs/heads/${against}`, 'HEAD');
      return { against };
    },
  },
  'a part of a hash': { make: byHash(10), says: /could be a part of a hash/ },
  'HEAD, beside a branch that is called so': {
    make: ({ clone }) => (git(clone, 'update-ref', 'refs/heads/HEAD', 'HEAD'), { against: 'HEAD^' }),
  },
  'a branch that is called FETCH_HEAD': {
    make: ({ clone }) => (git(clone, 'update-ref', 'refs/heads/FETCH_HEAD', 'HEAD'), { against: 'FETCH_HEAD' }),
    says: /there is no such git revision/,
  },
  'a text of a message': { make: by(':/change'), says: /must not hold a colon/ },
  'a text of a message of HEAD': { make: by('HEAD^{/change}'), says: /must not search/ },
  'the branch before': { make: by('@{-1}'), says: /must not ask this clone/ },
  'what the branch follows': { make: by('@{upstream}'), says: /must not ask this clone/ },
  'a range': { make: by('main...HEAD'), says: /is a range/ },
  'an option': { make: by('--help'), says: /is no git revision/ },
  'a file of git’s': { make: by('config'), says: /there is no such git revision/ },
  'a way out of the refs': { make: by('refs/../config'), says: /is a range/ },
  'a pattern': { make: by('refs/heads/*'), says: /must name a branch/ },
  'what git describe says': {
    make: ({ clone }) => ({ against: `v1-0-g${ask(clone, 'rev-parse', 'HEAD')}` }),
    says: /no such git/,
  },
  nothing: { make: by(''), says: /must name a branch/ },
};

describe('The revision of --against is what its name says, or refused', function () {
  this.timeout(RUNS_MS);

  itHolds(NAMES, 14);
});
