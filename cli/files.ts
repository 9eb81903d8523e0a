import type { Dirent } from 'node:fs';
import { closeSync, openSync, readFileSync, readSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { matchesGlob } from 'node:path/posix';
import { trimEnd } from '../database/trim.ts';
import { UsageError, errorCode, ioReason } from './errors.ts';
import type { LocatedFinding } from './located.ts';
import { fileFinding } from './located.ts';
import { repositoriesAbove, repositoryFinding } from './repositories.ts';
import { sourceName } from './root.ts';

/** The largest file that is read. */
const MAX_FILE_BYTES = 16 * 2 ** 20;
/** The file with the settings of the installation; it holds no object. */
export const SETTINGS_FILE = 'ballast.yaml';

/** A file to read: where it is, how it is named in messages, and its name from the root of its tree. */
export interface SourceFile {
  readonly path: string;
  readonly display: string;
  readonly source: string;
  /** Whether it was found in a folder; one that was asked for by name is read whatever it is. */
  readonly walked?: boolean;
}

/** What is left out of a walk through folders. */
export interface LeftOut {
  /** Patterns of --exclude. */
  readonly exclude: readonly string[];
  /** The folder that is written to. */
  readonly out?: string;
}

/** The files under the paths that were asked for, and what stands in the way of others. */
export interface Listing {
  readonly files: readonly SourceFile[];
  readonly findings: readonly LocatedFinding[];
}

const YAML_NAME = /\.(ya?ml|json)$/i;
const SKIPPED_FOLDERS = new Set(['node_modules']);

const posix = (path: string): string => (sep === '/' ? path : path.split(sep).join('/'));

/**
 * Whether a name below a folder that was asked for is one that Ballast reads; a path that was asked for by name always is.
 * The settings stand at the folder's top; further down a file of that name is one like others.
 */
export function isManifestName(name: string): boolean {
  return YAML_NAME.test(name) && name !== SETTINGS_FILE;
}

/** Whether a path is left out by one of the patterns of --exclude, or lies in a folder that one of them names. */
export function isExcluded(relativePath: string, patterns: readonly string[]): boolean {
  const parts = relativePath.split('/');
  const above = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return patterns.some((pattern) => above.some((path) => matchesGlob(path, trimEnd(pattern, '/'))));
}

class Walk {
  readonly files: SourceFile[] = [];
  readonly findings: LocatedFinding[] = [];
  readonly #root: string;
  /** Name of the root from the root of its tree, with a slash at the end unless it is empty. */
  readonly #prefix: string;
  readonly #real: string;
  readonly #leftOut: LeftOut;
  readonly #inCheckout: boolean;

  constructor(root: string, leftOut: LeftOut) {
    this.#root = root;
    this.#real = realpathSync(root);
    this.#prefix = sourceName(root).replace(/(?<=.)$/, '/');
    this.#leftOut = leftOut;
    const { inCheckout, findings } = repositoriesAbove(root);
    this.#inCheckout = inCheckout;
    this.findings.push(...findings);
  }

  folder(path: string): void {
    const { exclude, out } = this.#leftOut;
    if (out !== undefined && resolve(path) === resolve(out)) return;
    const entries = this.#entries(path);
    const nested = this.#inCheckout && path !== this.#root;
    const repository = repositoryFinding(path, entries, { display: posix(path), nested });
    if (repository) this.findings.push(repository);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = join(path, entry.name);
      const name = posix(relative(this.#root, below));
      if (entry.name.startsWith('.') || SKIPPED_FOLDERS.has(entry.name) || isExcluded(name, exclude)) continue;
      if (entry.isSymbolicLink()) this.#link(below, name);
      else if (entry.isDirectory()) this.folder(below);
      else if (entry.isFile() && isManifestName(name)) this.#add(below, name);
    }
  }

  /** What is in a folder; one below the root that cannot be read is a finding, as a file is. */
  #entries(path: string): Dirent[] {
    try {
      return readdirSync(path, { withFileTypes: true });
    } catch (error) {
      if (errorCode(error) === '' || path === this.#root) throw error;
      this.findings.push(unreadable(posix(path), error));
      return [];
    }
  }

  #add(path: string, name: string): void {
    this.files.push({ path, display: posix(path), source: `${this.#prefix}${name}`, walked: true });
  }

  /** A link inside the tree leads to what is read anyway; one that leads out is refused. */
  #link(path: string, name: string): void {
    try {
      const target = realpathSync(path);
      const inside = target === this.#real || target.startsWith(this.#real + sep);
      if (inside || !(statSync(target).isDirectory() || isManifestName(name))) return;
      const problem = 'must not be a link that leads out of the tree';
      const remedy = 'copy the file into the tree, or leave the link out with --exclude';
      this.findings.push(fileFinding(posix(path), { rule: 'file-outside-tree', problem, remedy }));
    } catch (error) {
      if (!isManifestName(name)) return;
      this.findings.push(unreadable(posix(path), error));
    }
  }
}

function unreadable(display: string, error: unknown): LocatedFinding {
  const problem = `must be readable: ${ioReason(error)}`;
  return fileFinding(display, {
    rule: 'file-unreadable',
    problem,
    remedy: 'make it readable, or leave it out with --exclude',
  });
}

/** Lists the files under the paths, each once, in an order that is the same on every machine. */
export function listFiles(paths: readonly string[], leftOut: LeftOut): Listing {
  const seen = new Set<string>();
  const files: SourceFile[] = [];
  const findings: LocatedFinding[] = [];
  for (const path of paths) {
    const walk = walkPath(path, leftOut);
    findings.push(...walk.findings);
    if (paths.length === 1) return walk;
    for (const file of walk.files) {
      const real = realPath(file.path);
      if (!seen.has(real)) files.push(file);
      seen.add(real);
    }
  }
  return { files, findings };
}

/** A file's path without links; the path itself when the file has vanished since, which reading it will tell. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function walkPath(path: string, leftOut: LeftOut): Listing {
  try {
    if (!statSync(path).isDirectory()) {
      if (basename(path) === SETTINGS_FILE) return { files: [], findings: [] };
      const { findings } = repositoriesAbove(path);
      return { files: [{ path, display: posix(path), source: sourceName(path) }], findings };
    }
    const walk = new Walk(path, leftOut);
    walk.folder(path);
    return walk;
  } catch (error) {
    if (errorCode(error) === '') throw error;
    throw new UsageError(`${path}: ${ioReason(error)}`, { cause: error });
  }
}

/** The finding that a file of so many bytes is too large; undefined when it is not. */
export function tooLarge(display: string, size: number): LocatedFinding | undefined {
  if (size <= MAX_FILE_BYTES) return undefined;
  const problem = `must be at most ${MAX_FILE_BYTES / 2 ** 20} MiB, not ${Math.ceil(size / 2 ** 20)} MiB`;
  const remedy = 'split the file, or leave it out with --exclude';
  return fileFinding(display, { rule: 'file-too-large', problem, remedy });
}

/** What is in a file that holds an object of ours, as far as bytes can tell that. */
const OURS = /db\.example\.com|\bkind["']?[ \t]{0,8}:[ \t]{0,8}["']?Database/;
/** A piece of a large file, and how much of it is looked at again with the next one. */
const PIECE_BYTES = 2 ** 20;
const OVERLAP_BYTES = 256;

/** Whether bytes begin with the mark of UTF-16, of either order. */
export function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** Whether bytes may hold one of our objects: their words, or words that only a reader of UTF-16 finds. */
export function mayHoldOurs(bytes: Uint8Array): boolean {
  return isUtf16(bytes) || OURS.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
}

function fileMayHoldOurs(path: string, size: number): boolean {
  const file = openSync(path, 'r');
  const piece = Buffer.alloc(PIECE_BYTES);
  try {
    for (let at = 0; at < size; at += PIECE_BYTES - OVERLAP_BYTES) {
      if (mayHoldOurs(piece.subarray(0, readSync(file, piece, 0, PIECE_BYTES, at)))) return true;
    }
    return false;
  } finally {
    closeSync(file);
  }
}

const NOTHING = new Uint8Array();

/** Reads a file's bytes, none of a large one that holds nothing of ours; a finding when it is too large or cannot be read. */
export function readBytes({ path, display, walked = false }: SourceFile): Uint8Array | LocatedFinding {
  try {
    const { size } = statSync(path);
    const large = tooLarge(display, size);
    if (large && walked && !fileMayHoldOurs(path, size)) return NOTHING;
    return large ?? readFileSync(path);
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return unreadable(display, error);
  }
}
