import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { SourceFile } from './files.ts';
import type { Known } from './load.ts';
import type { Claim } from './output.ts';

/** What a run learned of a source file, and which files it wrote for it, below the output folder. */
export interface Learned extends Known {
  readonly outputs: readonly string[];
}

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

interface Remembered extends Known {
  readonly source: Stamp;
  readonly outputs: Readonly<Record<string, Stamp>>;
}

interface Stored {
  readonly key: string;
  readonly files: Readonly<Record<string, Remembered>>;
}

/** A file that changed this shortly before a run may change again within one tick of a coarse clock. */
const SETTLED_MS = 2000;

function stampOf(path: string): { stamp: Stamp; changed: number } | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stat) return undefined;
  const { size, mtimeNs, ctimeNs, ino } = stat;
  return { stamp: [size, mtimeNs, ctimeNs, ino].join(' '), changed: Number(ctimeNs / 1_000_000n) };
}

function stored(file: string): Stored | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Stored;
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
  readonly #before: Stored['files'];
  readonly #now = new Map<string, Remembered>();
  readonly #settled = new Map<string, Stamp>();
  readonly #settledBefore: number;
  readonly #out: string;

  constructor({ out, paths, given, now, environment }: CacheOptions) {
    this.#out = out;
    this.#settledBefore = now.getTime() - SETTLED_MS;
    this.#file = join(folderOf(environment), `${digest([resolve(out), paths.map((path) => resolve(path))])}.json`);
    // The name of a built module changes with the program.
    this.#key = digest([import.meta.filename, given, now.toISOString().slice(0, 10)]);
    const found = stored(this.#file);
    this.#before = found?.key === this.#key ? found.files : {};
  }

  /** What was learned of a file, when neither it nor what was written for it has changed since. */
  known({ path }: SourceFile): Known | undefined {
    const current = stampOf(path);
    const remembered = this.#before[path];
    if (!current) return undefined;
    if (remembered?.source !== current.stamp || !this.#isWritten(remembered)) {
      if (current.changed < this.#settledBefore) this.#settled.set(path, current.stamp);
      return undefined;
    }
    this.#now.set(path, remembered);
    return remembered;
  }

  /** The files below the output folder that are as they should be, with the files that they were rendered from. */
  outputs(): Claim[] {
    return [...this.#now].flatMap(([source, { outputs }]) => Object.keys(outputs).map((path) => ({ path, source })));
  }

  #isWritten({ outputs }: Remembered): boolean {
    return Object.entries(outputs).every(([path, stamp]) => stampOf(join(this.#out, path))?.stamp === stamp);
  }

  /** Remembers what was learned of a file that `known` did not know, after its outputs are written. */
  learn({ path }: SourceFile, { members, others, findings, outputs }: Learned): void {
    const source = this.#settled.get(path);
    if (source === undefined) return;
    const stamps = outputs.map((output) => [output, stampOf(join(this.#out, output))?.stamp ?? ''] as const);
    this.#now.set(path, { source, members, others, findings, outputs: Object.fromEntries(stamps) });
  }

  /** Keeps what this run learned for the next. */
  save(): void {
    const text = JSON.stringify({ key: this.#key, files: Object.fromEntries(this.#now) } satisfies Stored);
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

/** Whether this program can tell its versions apart: run from its sources, it cannot. */
export const CAN_REMEMBER = !import.meta.filename.endsWith('.ts');
