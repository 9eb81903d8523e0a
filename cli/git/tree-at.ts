import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { join as joinPosix } from 'node:path/posix';
import { UsageError, errorCode, ioReason } from '../errors.ts';
import { checkoutAt, liesIn } from './checkout.ts';
import type { TreeRow } from './objects.ts';
import { readBlobs, rowsBelow } from './objects.ts';
import type { Commit } from './revision.ts';
import { commitIn } from './revision.ts';

/** Files that are in memory at a time. */
const TOGETHER = 256;
const LINK = '120000';

/** Parts of a path that git itself never records, and a commit that was made by hand may. */
const WRONG_PART = /^(|\.|\.\.|\.git)$/i;

function mustStayInside({ revision }: Commit, { path }: TreeRow): void {
  if (!path.split('/').some((part) => WRONG_PART.test(part))) return;
  throw new UsageError(`--against ${revision}: holds a path that no checkout may have: ${path}`);
}

/** A link with its target, relative to the top of the tree. */
interface Link {
  readonly at: string;
  readonly target: string;
}

/** Writes trees below a folder, and remembers what it left out. */
class Tree {
  readonly #folder: string;
  readonly #links: Link[] = [];
  readonly #made = new Set<string>();
  /** Submodules whose commits are not here. */
  readonly missing: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  #write(path: string, bytes: Uint8Array): void {
    const full = join(this.#folder, path);
    const above = dirname(full);
    if (!this.#made.has(above)) mkdirSync(above, { recursive: true });
    this.#made.add(above);
    // With this flag a path that a commit records twice is an error, and no link is followed.
    writeFileSync(full, bytes, { flag: 'wx' });
  }

  /** Writes the files of a commit below `at`; the links follow in the end, so that no file is written through one. */
  add(commit: Commit, at: string): void {
    const rows = rowsBelow(commit, '');
    for (const row of rows) mustStayInside(commit, row);
    for (const row of rows.filter(({ type }) => type === 'commit')) this.#submodule(commit, row, at);
    const blobs = rows.filter(({ type }) => type === 'blob');
    for (let from = 0; from < blobs.length; from += TOGETHER) {
      const some = blobs.slice(from, from + TOGETHER);
      for (const [index, bytes] of readBlobs(commit, some).entries()) {
        const row = some[index];
        if (!row) continue;
        const path = joinPosix(at, row.path);
        if (row.mode === LINK) this.#links.push({ at: path, target: new TextDecoder().decode(bytes) });
        else this.#write(path, bytes);
      }
    }
  }

  #submodule(of: Commit, { path, id }: TreeRow, at: string): void {
    const top = join(of.top, path);
    const checkout = existsSync(top) ? checkoutAt(realpathSync(top)) : undefined;
    const commit = checkout && commitIn(checkout, id, of.revision);
    if (commit) this.add(commit, joinPosix(at, path));
    else this.missing.push(joinPosix(at, path));
  }

  /** Makes the links; those that lead out of the tree, to files of this computer, are taken away again. */
  makeLinks(): void {
    const made = this.#links.filter(({ target }) => !isAbsolute(target));
    for (const { at, target } of made) {
      const full = join(this.#folder, at);
      mkdirSync(dirname(full), { recursive: true });
      symlinkSync(target, full);
    }
    for (const { at } of made) if (!this.#staysInside(join(this.#folder, at))) rmSync(join(this.#folder, at));
  }

  /** Whether a link leads to something in the tree. */
  #staysInside(link: string): boolean {
    try {
      return liesIn(this.#folder, realpathSync(link));
    } catch {
      return false;
    }
  }
}

/**
 * Writes all files of a commit into an empty folder, those of its submodules too: the bytes that git stores, through no filter and no
 * hook. Links that lead out of the tree are left out. Returns the submodules whose commits are not in this clone.
 */
export function writeTree(commit: Commit, folder: string): readonly string[] {
  const tree = new Tree(folder);
  try {
    tree.add(commit, '');
    tree.makeLinks();
  } catch (error) {
    if (errorCode(error) === '') throw error;
    const problem = `its files cannot be written into ${folder}: ${ioReason(error)}`;
    throw new UsageError(`--against ${commit.revision}: ${problem}`, { cause: error });
  }
  return tree.missing;
}
