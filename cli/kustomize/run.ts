import type { SpawnSyncReturns } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UsageError, errorCode, ioReason } from '../errors.ts';
import { searchPath } from '../search-path.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';

/** How long a build may take, how much it may print, and how much memory it may have. */
export interface BuildLimits {
  readonly milliseconds: number;
  readonly bytes: number;
  readonly memory: number;
}

/** The limits of a build; the bytes are those of the largest file that Ballast reads. */
const LIMITS: BuildLimits = { milliseconds: 30_000, bytes: 16 * 2 ** 20, memory: 4 * 2 ** 30 };

/**
 * Runs its arguments with less memory: a small file with nested aliases makes kustomize take tens of gigabytes. Where a system has no such
 * limit, the time is the limit. The script is constant; what it runs comes as arguments.
 */
const LIMITED = 'ulimit -v "$1" 2>/dev/null; shift; exec "$@"';

/** The result of a build: what kustomize printed, or why it printed nothing, in one line. */
export type BuildResult =
  { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly reason: string };

/** The programs that build a kustomization, the preferred one first, with their arguments before the folder. */
const PROGRAMS = [
  ['kustomize', 'build'],
  ['kubectl', 'kustomize'],
] as const;

/** A proxy that nobody serves: programs written in Go send all requests through it, except those to this computer. */
const NO_PROXY_THERE = 'http://127.0.0.1:9';

/**
 * The complete environment of a build, besides PATH and a home that is empty: no credentials, no plugins of the user, no way to fetch
 * remote resources by HTTP or by git.
 */
const ENVIRONMENT = {
  HTTP_PROXY: NO_PROXY_THERE,
  HTTPS_PROXY: NO_PROXY_THERE,
  NO_PROXY: '',
  GIT_ALLOW_PROTOCOL: '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

const LONGEST_REASON = 600;
/** A configuration that kustomize quotes over several lines; it may hold the literals of a Secret. */
const QUOTED_LINES = /`[^`\n]*\n[^`]*`/g;

/** The words of kustomize in one line. It nests sentences, the innermost of which, at the end, is the cause. */
function reasonIn(stderr: string): string {
  const words = stderr.slice(Math.max(0, stderr.search(/^error: /im))).replace(/^error: /i, '');
  const line = words.replace(QUOTED_LINES, '(its configuration)').replace(/\s+/g, ' ').trim();
  if (line === '') return 'it failed without a word';
  return line.length > LONGEST_REASON
    ? `${line.slice(0, LONGEST_REASON / 3)} … ${line.slice((-LONGEST_REASON * 2) / 3)}`
    : line;
}

function resultOf({ status, stdout, stderr, error }: SpawnSyncReturns<Buffer>, limits: BuildLimits): BuildResult {
  const code = errorCode(error);
  if (code === 'ETIMEDOUT') return { ok: false, reason: `it takes longer than ${limits.milliseconds / 1000} seconds` };
  if (code === 'ENOBUFS') return { ok: false, reason: `it prints more than ${limits.bytes / 2 ** 20} MiB` };
  if (error) return { ok: false, reason: ioReason(error) };
  if (status === 0) return { ok: true, bytes: stdout };
  const words = stderr.toString();
  const hasNoMemory = /^(fatal error|runtime): .*(out of memory|cannot allocate)/m.test(words);
  const reason = hasNoMemory ? `it needs more than ${limits.memory / 2 ** 30} GiB of memory` : reasonIn(words);
  return { ok: false, reason };
}

/** The first program of PATH that can build, with its command. */
function findBuilder(path: string): readonly [program: string, command: string] | undefined {
  for (const [name, command] of PROGRAMS) {
    const files = path.split(delimiter).map((folder) => join(folder, name));
    const program = files.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
    if (program !== undefined) return [program, command];
  }
  return undefined;
}

/**
 * Runs the user's own `kustomize build`, else `kubectl kustomize`, on a folder, given as an absolute path. Programs below `top` are not
 * run. Plugins and charts stay switched off, as both programs have them. Throws when there is neither program.
 */
export function runKustomize(folder: string, top: string, limits: BuildLimits = LIMITS): BuildResult {
  const PATH = searchPath(top);
  const builder = findBuilder(PATH);
  if (!builder) {
    throw new UsageError(
      `--kustomize needs kustomize or kubectl in a folder of PATH outside of ${top}; install one of them, or build elsewhere and pipe: kustomize build FOLDER | ballast validate -`,
    );
  }
  return inTemporaryFolder('home', (home) => {
    const env = { ...ENVIRONMENT, PATH, HOME: home, TMPDIR: home };
    const { milliseconds: timeout, bytes: maxBuffer, memory } = limits;
    const options = { cwd: home, env, timeout, maxBuffer, killSignal: 'SIGKILL' } as const;
    const args = ['-c', LIMITED, 'sh', String(memory / 1024), ...builder, folder];
    return resultOf(spawnSync('/bin/sh', args, options), limits);
  });
}
