import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../cli/git-repository.ts';
import type { Run } from '../cli/run.ts';
import { ballast, folderWith, writeFiles } from '../cli/run.ts';
import { database } from '../cli/samples.ts';
import { isComplete } from '../complete.ts';

/** A protected Database of 100Gi, as it is merged. */
export const MERGED = database('orders', { storage: { size: '100Gi' }, deletionPolicy: 'Protect' });
/** The pull request's version: 1Gi, and no protection. */
export const SHRUNK = database('orders', { storage: { size: '1Gi' }, deletionPolicy: 'Delete' });
/** The file that holds it. */
export const FILE = 'databases/orders.yaml';

/** Runs git without the developer's settings, and returns its output. */
export function ask(folder: string, ...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', ['-C', folder, ...args], { env, stdio: 'pipe' })
    .toString()
    .trim();
}

/** A clone with the pull request checked out, a program that must never run, and the mark that it would leave. */
export class Trap {
  /** A folder for all that belongs to one try. */
  readonly place = realpathSync(folderWith());
  /** The top of the clone. */
  readonly clone = join(this.place, 'clone');
  readonly mark = join(this.place, 'RAN');
  readonly program = join(this.place, 'program');

  constructor(format: readonly string[] = []) {
    mkdirSync(this.clone);
    git(this.clone, 'init', '-q', '-b', 'main', ...format);
    this.write({ [FILE]: MERGED, 'README.md': 'databases\n' });
    this.commit('merged');
    git(this.clone, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    git(this.clone, 'checkout', '-q', '-b', 'change');
    this.write({ [FILE]: SHRUNK });
    this.commit('the change under review');
    this.script(this.program);
  }

  /** Writes files below the top of the clone. */
  write(files: Readonly<Record<string, string>>): void {
    writeFiles(this.clone, files);
  }

  commit(message: string): void {
    git(this.clone, 'add', '-A', '-f');
    git(this.clone, 'commit', '-q', '--allow-empty', '-m', message);
  }

  /** Makes a program that leaves the mark. */
  script(path: string): void {
    writeFiles('/', { [path]: `#!/bin/sh\n: > '${this.mark}'\nexit 1\n` });
    chmodSync(path, 0o755);
  }

  /** Removes the merged file from the clone's objects, as a partial clone lacks it, and gives its id. */
  loseMerged(): string {
    const id = ask(this.clone, 'rev-parse', `main:${FILE}`);
    rmSync(join(this.clone, '.git/objects', id.slice(0, 2), id.slice(2)));
    return id;
  }

  /** Whether an ordinary git command starts the program; the mark is removed afterwards. */
  catches(args: readonly string[], variables: Readonly<Record<string, string>> = {}, from = '.'): boolean {
    const none = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_TERMINAL_PROMPT: '0' };
    const env = { ...process.env, ...none, ...variables };
    const input = 'protocol=https\nhost=git.example.com\n\n';
    spawnSync('git', args, { cwd: join(this.clone, from), env, input, timeout: 20_000 });
    return this.sprung();
  }

  /** Whether the program ran; the mark is gone afterwards. */
  sprung(): boolean {
    const ran = existsSync(this.mark);
    rmSync(this.mark, { force: true });
    return ran;
  }

  /** Runs a command of Ballast's that compares. */
  async compare(options: Comparison = {}): Promise<Verdict> {
    const {
      command = 'validate',
      paths = ['databases'],
      against = 'origin/main',
      from = '.',
      variables = {},
    } = options;
    const run = await ballast(join(this.clone, from), [command, ...paths, '--against', against], '', variables);
    const text = `${run.stdout}${run.stderr}`;
    return {
      ...run,
      sprung: this.sprung(),
      rules: [...text.matchAll(/ \(([a-z-]+)\)$/gm)].map(([, rule = '']) => rule),
    };
  }
}

/** How two states are compared; by default as a pull request is. */
export interface Comparison {
  readonly command?: 'validate' | 'diff';
  readonly paths?: readonly string[];
  readonly against?: string;
  readonly from?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** What Ballast said, which rules it named, and whether the program ran. */
export interface Verdict extends Run {
  readonly sprung: boolean;
  readonly rules: readonly string[];
}

/** All entries of a list, or without COMPLETE=true a sample at equal intervals. */
export function sample<T>(all: readonly T[], every: number): T[] {
  return all.filter((_, index) => isComplete || index % every === 0);
}
