import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Summary } from '../policies/summary.ts';
import type { FileSummary } from '../review/source.ts';
import type { Claim } from './output.ts';

/** The inputs of a run besides the files; a cache with other values is discarded. */
export interface CacheOptions {
  readonly out: string;
  readonly paths: readonly string[];
  /** Options and settings; any JSON value. */
  readonly given: unknown;
  readonly now: Date;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Identifies one version of a file by its metadata. */
type Stamp = string;

/** The cached results of a source file: its summary, and the files rendered from it, relative to the output folder. */
interface CachedFile extends FileSummary {
  readonly source: Stamp;
  readonly outputs: Readonly<Record<string, Stamp>>;
}

interface CachedRun {
  readonly key: string;
  readonly files: Readonly<Record<string, CachedFile>>;
}

/** A file that changed less than this before a run may change again within one tick of a coarse clock. */
const SETTLED_MS = 2000;

function stampOf(path: string): { stamp: Stamp; changed: number } | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stat) return undefined;
  const { size, mtimeNs, ctimeNs, ino } = stat;
  return { stamp: [size, mtimeNs, ctimeNs, ino].join(' '), changed: Number(ctimeNs / 1_000_000n) };
}

function storedRun(file: string): CachedRun | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as CachedRun;
  } catch {
    // Without a cache, or with a damaged one, the run does all work again.
    return undefined;
  }
}

function folderOf(environment: CacheOptions['environment']): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ballast');
}

const digest = (value: unknown): string => hash('sha256', JSON.stringify(value), 'hex');

/**
 * The results of the last run into an output folder, so that the next run reads changed files only. The cache holds error-free results,
 * and for one day, because rules may depend on the date. Losing it costs only time.
 */
export class Cache {
  readonly #file: string;
  readonly #key: string;
  readonly #before: CachedRun['files'];
  readonly #now = new Map<string, CachedFile>();
  readonly #settled = new Map<string, Stamp>();
  readonly #settledBefore: number;
  readonly #out: string;

  constructor({ out, paths, given, now, environment }: CacheOptions) {
    this.#out = out;
    this.#settledBefore = now.getTime() - SETTLED_MS;
    this.#file = join(folderOf(environment), `${digest([resolve(out), paths.map((path) => resolve(path))])}.json`);
    // The name of a built module changes with the program.
    this.#key = digest([import.meta.filename, given, now.toISOString().slice(0, 10)]);
    const found = storedRun(this.#file);
    this.#before = found?.key === this.#key ? found.files : {};
  }

  /** The summary of a file, when neither the file nor its outputs changed since. */
  summary(file: string): FileSummary | undefined {
    const current = stampOf(file);
    const cached = this.#before[file];
    if (!current) return undefined;
    if (current.changed < this.#settledBefore) this.#settled.set(file, current.stamp);
    if (cached?.source !== current.stamp || !this.#isWritten(cached)) return undefined;
    this.#now.set(file, cached);
    return cached;
  }

  /** The former objects of files with stale summaries; called after all files were looked up. */
  former(): Summary[] {
    const changed = Object.entries(this.#before).filter(([file]) => !this.#now.has(file));
    return changed.flatMap(([, { objects }]) => objects.map(({ summary }) => summary));
  }

  /** The up-to-date files below the output folder with their sources; without those whose source was read in spite of the cache. */
  outputs(read: ReadonlySet<string>): Claim[] {
    return [...this.#now].flatMap(([source, { outputs }]) =>
      read.has(source) ? [] : Object.keys(outputs).map((path) => ({ path, source })),
    );
  }

  #isWritten({ outputs }: CachedFile): boolean {
    return Object.entries(outputs).every(([path, stamp]) => stampOf(join(this.#out, path))?.stamp === stamp);
  }

  /** Stores the summary of a file that was read, after its outputs are written. */
  store(file: string, { objects, others, findings, isRendering }: FileSummary, outputs: readonly string[]): void {
    const source = this.#settled.get(file);
    if (source === undefined) return;
    const stamps = outputs.map((output) => [output, stampOf(join(this.#out, output))?.stamp ?? ''] as const);
    const rendering = isRendering === true && { isRendering };
    this.#now.set(file, { source, objects, others, findings, ...rendering, outputs: Object.fromEntries(stamps) });
  }

  /** Writes the cache for the next run. */
  save(): void {
    const text = JSON.stringify({ key: this.#key, files: Object.fromEntries(this.#now) } satisfies CachedRun);
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      const temporary = `${this.#file}.${process.pid}`;
      writeFileSync(temporary, text, { mode: 0o600 });
      renameSync(temporary, this.#file);
    } catch {
      // An unwritable folder, as in many containers, is no error: the next run does all work again.
    }
  }
}

/** The options of a command that decide whether a cache may be used. */
interface CacheUse {
  readonly paths: readonly string[];
  /** Whether the user allows the cache. */
  readonly cache: boolean;
  readonly check: boolean;
  readonly against?: string;
  readonly previous?: string;
  readonly kustomize?: string;
}

/**
 * Whether a run may use the cache. A comparison with what was before may not: its findings do not depend on one file alone. Nor may a build
 * of kustomize, which depends on files that only kustomize knows, and a program that runs from its sources (`program`), which cannot tell
 * its own versions apart.
 */
export function mayUseCache(use: CacheUse, program = import.meta.filename): boolean {
  const { paths, cache, check, against, previous, kustomize } = use;
  const isOfFiles = [against, previous, kustomize].every((option) => option === undefined) && !paths.includes('-');
  return cache && !check && isOfFiles && !program.endsWith('.ts');
}
