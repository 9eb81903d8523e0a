import type { SpawnSyncReturns } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { UsageError, errorCode, ioReason } from '../errors.ts';
import { searchPath } from '../search-path.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';

/** How long a build may take, and how much it may print. */
export interface BuildLimits {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** The limits of a build; the bytes are those of the largest file that Ballast reads. */
const LIMITS: BuildLimits = { milliseconds: 30_000, bytes: 16 * 2 ** 20 };

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
  return status === 0 ? { ok: true, bytes: stdout } : { ok: false, reason: reasonIn(stderr.toString()) };
}

/**
 * Runs the user's own `kustomize build`, else `kubectl kustomize`, on a folder, given as an absolute path. Programs below `top` are not
 * run. Plugins and charts stay switched off, as both programs have them. Throws when there is neither program.
 */
export function runKustomize(folder: string, top: string, limits: BuildLimits = LIMITS): BuildResult {
  return inTemporaryFolder('home', (home) => {
    const { SystemRoot } = process.env;
    const env = {
      ...ENVIRONMENT,
      PATH: searchPath(top),
      HOME: home,
      TMPDIR: home,
      ...(SystemRoot !== undefined && { SystemRoot }),
    };
    for (const [program, command] of PROGRAMS) {
      const { milliseconds: timeout, bytes: maxBuffer } = limits;
      const options = { cwd: home, env, timeout, maxBuffer, killSignal: 'SIGKILL' } as const;
      const ran = spawnSync(program, [command, folder], options);
      if (errorCode(ran.error) !== 'ENOENT') return resultOf(ran, limits);
    }
    throw new UsageError(
      `--kustomize needs kustomize or kubectl in a folder of PATH outside of ${top}; install one of them, or build elsewhere and pipe: kustomize build FOLDER | ballast validate -`,
    );
  });
}
