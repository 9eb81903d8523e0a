import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError, errorCode, ioReason } from './errors.ts';
import { HEADER_BYTES, MARK_BYTES, isRendering, sourceInHeader } from './header.ts';
import { isUnder } from './root.ts';

/** Counts of a written folder. */
export interface Written {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** Runs a file operation and turns its failure into a UsageError. */
function told<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    if (errorCode(error) === '') throw error;
    throw new UsageError(`${path}: ${ioReason(error)}`, { cause: error });
  }
}

function startOf(path: string, bytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(bytes);
    return start.subarray(0, readSync(file, start, 0, bytes, 0));
  } finally {
    closeSync(file);
  }
}

const isOurs = (path: string): boolean => isRendering(startOf(path, MARK_BYTES));

const sourceOf = (path: string): string | undefined => sourceInHeader(startOf(path, HEADER_BYTES).toString('utf8'));

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Creates a folder and its parents. (Node's recursive mkdir never returns in places such as /proc.) */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  mkdirSync(folder);
}

/** A file of this run, with its source. */
export interface Claim {
  readonly path: string;
  readonly source: string;
}

/** Path of an output: one folder and one file in it, neither of which leads elsewhere. */
const OUTPUT_PATH = /^[^/]+\/[^/]+$/;

/** Writes rendered files into a folder: leaves unchanged files alone, and replaces changed ones as a whole. */
export class OutputFolder {
  readonly #root: string;
  readonly #claimed = new Map<string, string>();
  readonly #folders = new Set<string>();
  #written = 0;

  constructor(root: string) {
    if (root === '') throw new UsageError('--out must name a folder');
    this.#root = root;
  }

  /**
   * Announces the files of a run before it writes any. Throws when two objects need the same file, when a foreign file would be
   * overwritten, and when a path leads out of the folder.
   */
  claim(claims: readonly Claim[]): void {
    for (const { path, source } of claims) {
      const other = this.#claimed.get(path);
      if (other !== undefined) {
        const where = other === source ? `both from ${source}` : `from ${other} and from ${source}`;
        throw new UsageError(`${join(this.#root, path)}: two objects would be written to this file, ${where}`);
      }
      if (!OUTPUT_PATH.test(path) || path.split('/').includes('..')) {
        throw new UsageError(`${join(this.#root, path)}: it would not lie in a folder of ${this.#root}`);
      }
      this.#claimed.set(path, source);
    }
    for (const folder of new Set(claims.map(({ path }) => join(this.#root, path, '..')))) {
      if (told(folder, () => lstatSync(folder, { throwIfNoEntry: false }))?.isSymbolicLink()) {
        throw new UsageError(`${folder}: it is a link; Ballast writes only below the folder that was named`);
      }
    }
    const present = claims.map(({ path }) => join(this.#root, path)).filter((path) => existsSync(path));
    const others = present.find((path) => told(path, () => !isOurs(path)));
    if (others !== undefined) throw new UsageError(`${others}: it is not a file of Ballast's, and stands in the way`);
  }

  /** How a claimed file differs from a text; undefined when they are equal. */
  difference(path: string, text: string): 'missing' | 'changed' | undefined {
    const current = told(path, () => currentText(join(this.#root, path)));
    if (current === undefined) return 'missing';
    return current === text ? undefined : 'changed';
  }

  /** Writes one file; `relative` is its path below the folder. */
  put(relative: string, text: string): void {
    const path = join(this.#root, relative);
    told(path, () => {
      if (currentText(path) === text) return;
      this.#makeFolder(join(path, '..'));
      const temporary = `${path}.part`;
      // Removes the temporary file of a killed run, and does not follow a planted link.
      rmSync(temporary, { force: true });
      writeFileSync(temporary, text, { flag: 'wx' });
      renameSync(temporary, path);
      this.#written += 1;
    });
  }

  /**
   * The files of databases that left the source: they carry Ballast's header, are not claimed, and have a source under this run's paths.
   * Files with other sources are counted.
   */
  leftovers(scopes: readonly string[]): { readonly files: readonly string[]; readonly others: number } {
    const unclaimed = told(this.#root, () => this.#unclaimed());
    const files = unclaimed.filter(({ source }) => source !== '' && isUnder(source, scopes)).map(({ path }) => path);
    return { files, others: unclaimed.length - files.length };
  }

  /** Removes files that `leftovers` returned. */
  remove(files: readonly string[]): Written {
    for (const path of files) {
      told(path, () => {
        rmSync(join(this.#root, path));
      });
    }
    return { written: this.#written, unchanged: this.#claimed.size - this.#written, removed: files.length };
  }

  #makeFolder(folder: string): void {
    if (this.#folders.has(folder)) return;
    makeFolder(folder);
    this.#folders.add(folder);
  }

  /** Ballast's files that this run does not claim, with their sources. */
  #unclaimed(): { readonly path: string; readonly source: string }[] {
    if (!existsSync(this.#root)) return [];
    const folders = readdirSync(this.#root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return folders.flatMap(({ name }) =>
      readdirSync(join(this.#root, name), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `${name}/${entry.name}`)
        .filter((path) => /\.(yaml|json)$/.test(path) && !this.#claimed.has(path))
        .sort()
        .flatMap((path) => {
          const source = sourceOf(join(this.#root, path));
          return source === undefined ? [] : [{ path, source }];
        }),
    );
  }
}
