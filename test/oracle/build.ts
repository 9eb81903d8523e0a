import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SOURCES = import.meta.dirname;
/** Part of the key: another way of building is another program. */
const BUILD = ['build', '-trimpath', '-buildvcs=false', '-ldflags=-s -w'];

/** The path of the oracle's program, or why there is none. */
export type ProgramResult =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string };

function cacheFolder(): string {
  const { BALLAST_CACHE, XDG_CACHE_HOME } = process.env;
  // An empty variable counts as unset.
  return BALLAST_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ballast');
}

async function sourcesKey(): Promise<string> {
  const hash = createHash('sha256').update(BUILD.join(' '));
  const names = (await readdir(SOURCES)).filter((name) => name.endsWith('.go') || /^go\.(mod|sum)$/.test(name));
  for (const name of names.sort()) hash.update(`\0${name}\0`).update(await readFile(join(SOURCES, name)));
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Builds beside the final place and renames, so that test processes that build at once cannot spoil each other's. */
async function build(path: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  const began = performance.now();
  process.stderr.write('oracle: building from the Go sources of Kubernetes, once (a few minutes) …\n');
  try {
    await run('nice', ['go', ...BUILD, '-o', unfinished, '.'], { cwd: SOURCES, maxBuffer: 64 << 20 });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  process.stderr.write(`oracle: built in ${Math.round((performance.now() - began) / 1000)} s\n`);
}

/** Finds the oracle's program in the cache, or builds it there: `$BALLAST_CACHE`, `$XDG_CACHE_HOME/ballast`, `~/.cache/ballast`. */
export async function oracleProgram(): Promise<ProgramResult> {
  const folder = cacheFolder();
  const path = join(folder, `oracle-${await sourcesKey()}`);
  if (await exists(path)) return { ok: true, path };
  try {
    await run('go', ['version']);
  } catch {
    return { ok: false, reason: `no Go to build the oracle with, and none built at ${path}` };
  }
  try {
    await mkdir(folder, { recursive: true });
    await build(path);
    return { ok: true, path };
  } catch (error) {
    return { ok: false, reason: `the oracle could not be built: ${error instanceof Error ? error.message : String(error)}` };
  }
}
