import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The root of this repository. */
export const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'cli', 'main.ts');
const PLUGIN = join(ROOT, 'cli', 'kubectl', 'main.ts');
const LONGEST_MS = 30_000;

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-cli-'));
  folders.push(folder);
  return folder;
}

/** The program, compiled once for all runs. */
const COMPILED = ownFolder();

/** Time limit of tests that run the program or git: a run takes half a second, two on a busy computer, and some tests need five. */
export const RUNS_MS = 30_000;

/** The result of a run of the program. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a folder: its arguments, its input, and more variables in its environment. */
export type Runner = (
  folder: string,
  args: readonly string[],
  input?: string | Uint8Array,
  variables?: Readonly<Record<string, string>>,
) => Promise<Run>;

/** What runs a program of Ballast's as a process of its own; whatever takes longer than half a minute is killed. */
export const runnerOf =
  (main: string): Runner =>
  (folder, args, input, variables) =>
    run(main, folder, args, input, variables);

/** Runs `ballast`. */
export const ballast = runnerOf(MAIN);

/** Runs `kubectl ballast`, as kubectl starts it. */
export const plugin = runnerOf(PLUGIN);

function run(main: string, ...[folder, args, input = '', variables = {}]: Parameters<Runner>): Promise<Run> {
  return new Promise((resolve, reject) => {
    const env = { NODE_COMPILE_CACHE: COMPILED, ...process.env, ...variables };
    const options = { cwd: folder, env, timeout: LONGEST_MS, killSignal: 'SIGKILL' } as const;
    const child = spawn(process.execPath, [main, ...args], options);
    const parts: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    child.stdout.on('data', (part: Buffer) => parts.stdout.push(part));
    child.stderr.on('data', (part: Buffer) => parts.stderr.push(part));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({
        code,
        stdout: Buffer.concat(parts.stdout).toString(),
        stderr: Buffer.concat(parts.stderr).toString(),
      });
    });
  });
}

/** A folder for the PATH with `ballast` and `kubectl-ballast` in it, which run the sources. */
export function programsFolder(): string {
  const program = (main: string): string =>
    `#!/bin/sh\nNODE_COMPILE_CACHE='${COMPILED}' exec '${process.execPath}' '${main}' "$@"\n`;
  const folder = folderWith({ ballast: program(MAIN), 'kubectl-ballast': program(PLUGIN) });
  for (const name of ['ballast', 'kubectl-ballast']) chmodSync(join(folder, name), 0o755);
  return folder;
}

/** Files by their path below a folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes files below a folder, and the folders that they need. */
export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Makes a folder with these files in it, that is gone when the tests end. */
export function folderWith(files: Files = {}): string {
  const folder = ownFolder();
  writeFiles(folder, files);
  return folder;
}

const LIMIT = 4;

/** Does something with each item, a few at a time; the results are in the order of the items. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: LIMIT }, worker));
  return results;
}
