import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Summary } from '../policies/summary.ts';
import type { FileSummary } from '../review/source.ts';
import type { Claim } from './output.ts';

/** What decides the result of a run beside the files themselves; with any other value nothing is remembered. */
export interface CacheOptions {
  readonly out: string;
  readonly paths: readonly string[];
  /** Options and settings; any value that JSON can hold. */
  readonly given: unknown;
  readonly now: Date;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A file as the file system tells it apart from its other versions. */
type Stamp = string;

/** What is stored of a source file: its summary, and the files that were written for it, below the output folder. */
interface CachedFile extends FileSummary {
  readonly source: Stamp;
  readonly outputs: Readonly<Record<string, Stamp>>;
}

interface CachedRun {
  readonly key: string;
  readonly files: Readonly<Record<string, CachedFile>>;
}

/** A file that changed this shortly before a run may change again within one tick of a coarse clock. */
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
    // No cache, or a damaged one: everything is done again.
    return undefined;
  }
}

function folderOf(environment: CacheOptions['environment']): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ballast');
}

const digest = (value: unknown): string => hash('sha256', JSON.stringify(value), 'hex');

/**
 * What the last run into an output folder learned, so that the next one reads only what changed. It holds results
 * without errors only, and for one day: rules may look at the date. Losing it costs time and nothing else.
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

  /** The summary of a file, when neither it nor what was written for it has changed since. */
  summary(file: string): FileSummary | undefined {
    const current = stampOf(file);
    const cached = this.#before[file];
    if (!current) return undefined;
    if (current.changed < this.#settledBefore) this.#settled.set(file, current.stamp);
    if (cached?.source !== current.stamp || !this.#isWritten(cached)) return undefined;
    this.#now.set(file, cached);
    return cached;
  }

  /** The objects of files whose summary does not hold any more, as they were; asked for once all files were. */
  former(): Summary[] {
    const changed = Object.entries(this.#before).filter(([file]) => !this.#now.has(file));
    return changed.flatMap(([, { objects }]) => objects.map(({ summary }) => summary));
  }

  /**
   * The files below the output folder that are as they should be, with the files that they were rendered from; without those of
   * files that were read all the same.
   */
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

  /** Keeps what this run learned for the next. */
  save(): void {
    const text = JSON.stringify({ key: this.#key, files: Object.fromEntries(this.#now) } satisfies CachedRun);
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      const temporary = `${this.#file}.${process.pid}`;
      writeFileSync(temporary, text, { mode: 0o600 });
      renameSync(temporary, this.#file);
    } catch {
      // A folder that cannot be written, as in many containers, is no reason to fail: the next run does all again.
    }
  }
}

/** What a command asks for, as far as it decides whether a cache may be used. */
interface CacheUse {
  readonly paths: readonly string[];
  /** Whether the user allows it. */
  readonly cache: boolean;
  readonly check: boolean;
  readonly against?: string;
}

/**
 * Whether a run may use what the last one stored. One that compares with a revision may not: the findings about a change are not
 * of the file alone. A program that runs from its sources, in `program`, cannot tell its own versions apart.
 */
export function mayUseCache({ paths, cache, check, against }: CacheUse, program = import.meta.filename): boolean {
  return cache && !check && against === undefined && !paths.includes('-') && !program.endsWith('.ts');
}
