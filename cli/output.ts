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
import { quoted } from '../generator/emit.ts';
import { UsageError, errorCode, ioReason } from './errors.ts';

const MARKS = { yaml: '# Rendered by Ballast from ', json: '{ "renderedBy": "Ballast from ' };

/** Bytes of a file that hold the mark. */
const HEAD_BYTES = 64;

/** The first line of every file that Ballast writes: by it Ballast knows which files are its own. */
export function header(source: string, format: 'yaml' | 'json'): string {
  // A file's name may hold anything; in a comment or a text it must stay on its line.
  const name = quoted(source).slice(1, -1);
  return `${MARKS[format]}${name}. Do not edit: change the source and render again.${format === 'json' ? '",' : ''}\n`;
}

/** What writing a folder came to. */
export interface Written {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** Runs a file operation; a failure of it is told in one line. */
function told<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    if (errorCode(error) === '') throw error;
    throw new UsageError(`${path}: ${ioReason(error)}`, { cause: error });
  }
}

/** Whether a text is one that Ballast rendered, by its first bytes. */
export function isRendered(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES));
  return Object.values(MARKS).some((mark) => start.startsWith(mark));
}

function isOurs(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(HEAD_BYTES);
    return isRendered(start.subarray(0, readSync(file, start, 0, start.length, 0)));
  } finally {
    closeSync(file);
  }
}

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes a folder and those above it. (Node's own recursive way never ends where nothing can be made, as in /proc.) */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  mkdirSync(folder);
}

/** A file that a run will have: its path below the folder, and the file that its object stands in. */
export interface Claim {
  readonly path: string;
  readonly source: string;
}

/** Writes rendered files into a folder: unchanged ones are left alone, and each changed one is replaced whole. */
export class OutputFolder {
  readonly #root: string;
  readonly #kept = new Set<string>();
  readonly #folders = new Set<string>();
  #written = 0;

  constructor(root: string) {
    if (root === '') throw new UsageError('--out must name a folder');
    this.#root = root;
  }

  /**
   * Says which files a run will have, before it writes any: two objects must not be one file, and nobody else's file
   * is overwritten.
   */
  claim(files: readonly Claim[]): void {
    const claimed = new Map<string, string>();
    for (const { path, source } of files) {
      const other = claimed.get(path);
      if (other !== undefined) {
        const from = other === source ? `both from ${source}` : `from ${other} and from ${source}`;
        throw new UsageError(`${join(this.#root, path)}: two objects would be written to this file, ${from}`);
      }
      claimed.set(path, source);
    }
    const paths = [...claimed.keys()];
    for (const folder of new Set(paths.map((path) => join(this.#root, path, '..')))) {
      if (told(folder, () => lstatSync(folder, { throwIfNoEntry: false }))?.isSymbolicLink()) {
        throw new UsageError(`${folder}: it is a link; Ballast writes only below the folder that was named`);
      }
    }
    const present = paths.map((path) => join(this.#root, path)).filter((path) => existsSync(path));
    const others = present.find((path) => told(path, () => !isOurs(path)));
    if (others !== undefined) throw new UsageError(`${others}: it is not a file of Ballast's, and stands in the way`);
  }

  /** Writes one file; `relative` is its path below the folder. */
  put(relative: string, text: string): void {
    const path = join(this.#root, relative);
    this.#kept.add(relative);
    told(path, () => {
      if (currentText(path) === text) return;
      this.#makeFolder(join(path, '..'));
      const temporary = `${path}.part`;
      writeFileSync(temporary, text);
      renameSync(temporary, path);
      this.#written += 1;
    });
  }

  /** Leaves a file as it is, which is known to be up to date. */
  keep(relative: string): void {
    this.#kept.add(relative);
  }

  /** Removes the files of databases that left the source; only files that carry Ballast's header. */
  finish(): Written {
    const removed = told(this.#root, () => this.#leftovers());
    for (const path of removed)
      told(path, () => {
        rmSync(join(this.#root, path));
      });
    return { written: this.#written, unchanged: this.#kept.size - this.#written, removed: removed.length };
  }

  #makeFolder(folder: string): void {
    if (this.#folders.has(folder)) return;
    makeFolder(folder);
    this.#folders.add(folder);
  }

  #leftovers(): string[] {
    if (!existsSync(this.#root)) return [];
    const folders = readdirSync(this.#root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return folders.flatMap(({ name }) =>
      readdirSync(join(this.#root, name))
        .map((file) => `${name}/${file}`)
        .filter((path) => /\.(yaml|json)$/.test(path) && !this.#kept.has(path) && isOurs(join(this.#root, path))),
    );
  }
}
