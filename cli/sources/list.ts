import type { Dirent } from 'node:fs';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { matchesGlob } from 'node:path/posix';
import { trimEnd } from '../../database/trim.ts';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { fileFinding } from '../../review/located-finding.ts';
import { SETTINGS_FILE } from '../../review/settings.ts';
import type { SourceName } from '../../review/source.ts';
import { UsageError, errorCode, ioReason } from '../errors.ts';
import { sourceName } from '../root.ts';
import { repositoriesAbove, repositoryFinding } from './repositories.ts';

/** What is left out of a walk through folders. */
export interface LeftOut {
  /** Patterns of --exclude. */
  readonly exclude: readonly string[];
  /** The folder that is written to. */
  readonly out?: string;
}

/** The files under the paths that were asked for, and what stands in the way of others. */
export interface Listing {
  readonly files: readonly SourceName[];
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
  readonly files: SourceName[] = [];
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
    this.files.push({ file: posix(path), name: `${this.#prefix}${name}`, isNamed: false });
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

/** The finding that a file or folder cannot be read. */
export function unreadable(display: string, error: unknown): LocatedFinding {
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
  const files: SourceName[] = [];
  const findings: LocatedFinding[] = [];
  for (const path of paths) {
    const walk = walkPath(path, leftOut);
    findings.push(...walk.findings);
    if (paths.length === 1) return walk;
    for (const file of walk.files) {
      const real = realPath(file.file);
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
      return { files: [{ file: posix(path), name: sourceName(path), isNamed: true }], findings };
    }
    const walk = new Walk(path, leftOut);
    walk.folder(path);
    return walk;
  } catch (error) {
    if (errorCode(error) === '') throw error;
    throw new UsageError(`${path}: ${ioReason(error)}`, { cause: error });
  }
}
