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

/** The exclusions of a walk through folders. */
export interface LeftOut {
  /** Patterns of --exclude. */
  readonly exclude: readonly string[];
  /** The output folder. */
  readonly out?: string;
  /** Whether objects of other kinds count too. */
  readonly includeOthers?: boolean;
}

/** The files under the requested paths, with findings about unreadable ones. */
export interface Listing {
  readonly files: readonly SourceName[];
  readonly findings: readonly LocatedFinding[];
}

const YAML_NAME = /\.(ya?ml|json)$/i;
const SKIPPED_FOLDERS = new Set(['node_modules']);

const posix = (path: string): string => (sep === '/' ? path : path.split(sep).join('/'));

/**
 * Whether Ballast reads a file of this name below a requested folder; it always reads a file that was requested by name. Settings count
 * at the folder's top only; further down the name has no special meaning.
 */
export function isManifestName(name: string): boolean {
  return YAML_NAME.test(name) && name !== SETTINGS_FILE;
}

/** Whether a pattern of --exclude matches a path or one of its folders. */
export function isExcluded(relativePath: string, patterns: readonly string[]): boolean {
  const parts = relativePath.split('/');
  const above = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return patterns.some((pattern) => above.some((path) => matchesGlob(path, trimEnd(pattern, '/'))));
}

class Walk {
  readonly files: SourceName[] = [];
  readonly findings: LocatedFinding[] = [];
  readonly #root: string;
  /** The root's name relative to the root of its tree, with a slash at the end unless it is empty. */
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

  /** The entries of a folder; an unreadable folder below the root gives a finding. */
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
    const isWhole = this.#leftOut.includeOthers ?? false;
    this.files.push({ file: posix(path), name: `${this.#prefix}${name}`, isNamed: false, isWhole });
  }

  /** Skips a link to a target inside the tree, which is read anyway; refuses a link that leads out. */
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

/** A finding that a file or folder is unreadable. */
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

/** A file's path without links; the path itself when the file has vanished, which reading it will report. */
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
