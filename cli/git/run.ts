import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError, ioReason } from '../errors.ts';
import { searchPath } from '../search-path.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';

/** Settings that could start a program or change an answer. The command line overrides every settings file. */
const OVERRIDES = [
  'safe.bareRepository=explicit',
  'protocol.allow=never',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.sshCommand=false',
  'core.gitProxy=false',
  'core.askPass=',
  'credential.helper=',
  'core.alternateRefsCommand=false',
  'core.attributesFile=/dev/null',
  'core.useReplaceRefs=false',
  'core.commitGraph=false',
  'diff.external=',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/** The complete environment of git, besides PATH: nothing from a hook, a user's settings or a pull request. */
const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  // The list of allowed protocols; it overrides `protocol.*.allow`. git before 2.45 does not know GIT_NO_LAZY_FETCH.
  GIT_ALLOW_PROTOCOL: '',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

const LARGEST_ANSWER = 2 ** 31 - 1;

/** The place where git looks objects up: a repository with its refs, or an object store without any settings. */
export type Source =
  | { readonly top: string; readonly gitDir: string }
  | { readonly top: string; readonly objects: string; readonly hash: 'sha1' | 'sha256' };

/** The result of a git command. */
export interface Answer {
  readonly ok: boolean;
  readonly stdout: Buffer;
  /** The first line of git's error message; empty when git printed none. */
  readonly reason: string;
}

/** Creates an empty repository for the duration of one call. */
function inEmptyRepository<T>(hash: 'sha1' | 'sha256', work: (folder: string) => T): T {
  return inTemporaryFolder('git', (folder) => {
    const format = hash === 'sha1' ? 'version = 0\n' : 'version = 1\n[extensions]\nobjectFormat = sha256\n';
    writeFileSync(join(folder, 'config'), `[core]\nbare = true\nrepositoryFormat${format}`);
    writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
    mkdirSync(join(folder, 'refs'));
    mkdirSync(join(folder, 'objects'));
    return work(folder);
  });
}

/**
 * Runs one of git's plumbing commands in an empty folder, so that git discovers no repository by itself, with the settings above only.
 * Objects are read without the settings of their repository.
 */
export function git(source: Source, args: readonly string[], input = ''): Answer {
  return inEmptyRepository('hash' in source ? source.hash : 'sha1', (folder) => {
    const { SystemRoot } = process.env;
    const where =
      'gitDir' in source ? [`--git-dir=${source.gitDir}`, `--work-tree=${source.top}`] : [`--git-dir=${folder}`];
    const env = {
      ...ENVIRONMENT,
      PATH: searchPath(source.top),
      ...(SystemRoot !== undefined && { SystemRoot }),
      ...('objects' in source && { GIT_OBJECT_DIRECTORY: source.objects }),
    };
    const options = { cwd: folder, env, input, maxBuffer: LARGEST_ANSWER };
    const { status, stdout, stderr, error } = spawnSync(
      'git',
      ['--no-pager', ...OVERRIDES, ...where, ...args],
      options,
    );
    if (error) {
      const problem = `could not be run from a folder of PATH outside of ${source.top}: ${ioReason(error)}`;
      throw new UsageError(`git: ${problem}; is it installed?`, { cause: error });
    }
    const [line = ''] = stderr.toString().trim().split('\n');
    return { ok: status === 0, stdout, reason: line.replace(/^(fatal|error): /, '') };
  });
}
