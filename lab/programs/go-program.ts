import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Part of the cache key, because other flags build another program. */
const FLAGS = ['-trimpath', '-buildvcs=false'];

/** A program that tests need and that is built from a Go module of ours. */
export interface GoProgram {
  readonly name: string;
  /** Folder of the module. */
  readonly module: string;
  /** Package to build, as `go build` takes it. */
  readonly package: string;
  /** Values of Go variables that the linker sets, such as the version. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Message during the build: the source and the expected duration. */
  readonly note: string;
}

/** The path of a program, or why there is none. */
export type ProgramResult =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string };

/** The folder for cached programs: `$BALLAST_CACHE`, `$XDG_CACHE_HOME/ballast`, `~/.cache/ballast`. */
export function cacheFolder(): string {
  const { BALLAST_CACHE, XDG_CACHE_HOME } = process.env;
  // An empty variable counts as unset.
  return BALLAST_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ballast');
}

function buildArguments({ package: target, variables = {} }: GoProgram): string[] {
  const set = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return [...FLAGS, `-ldflags=${['-s -w', ...set].join(' ')}`, target];
}

async function sourcesKey(program: GoProgram): Promise<string> {
  const { module, package: target } = program;
  const hash = createHash('sha256').update(buildArguments(program).join(' '));
  // The sources of the module's top, and those of the package where that is one of the module's folders.
  const folders = [module, ...(target.startsWith('./') ? [join(module, target)] : [])];
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.go') || /^go\.(mod|sum)$/.test(name));
    for (const name of names.sort()) hash.update(`\0${name}\0`).update(await readFile(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Builds beside the final path and renames, so that concurrent builds do not disturb each other. */
async function build(program: GoProgram, path: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  const began = performance.now();
  process.stderr.write(`${program.name}: building ${program.note} …\n`);
  try {
    const args = ['go', 'build', '-o', unfinished, ...buildArguments(program)];
    await run('nice', args, { cwd: program.module, maxBuffer: 64 << 20 });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  process.stderr.write(`${program.name}: built in ${Math.round((performance.now() - began) / 1000)} s\n`);
}

/** Finds a program in the cache, or builds it there. */
export async function findProgram(program: GoProgram): Promise<ProgramResult> {
  const folder = cacheFolder();
  const path = join(folder, `${program.name}-${await sourcesKey(program)}`);
  if (await exists(path)) return { ok: true, path };
  try {
    await run('go', ['version']);
  } catch {
    return { ok: false, reason: `no Go to build ${program.name} with, and none built at ${path}` };
  }
  try {
    await mkdir(folder, { recursive: true });
    await build(program, path);
    return { ok: true, path };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `${program.name} could not be built: ${reason}` };
  }
}

/** The folder with the sources of a Go module, at the version that another module pins. */
export async function moduleSources(module: string, name: string): Promise<string> {
  await run('go', ['-C', module, 'mod', 'download', name]);
  return (await run('go', ['-C', module, 'list', '-m', '-f', '{{.Dir}}', name])).stdout.trim();
}
