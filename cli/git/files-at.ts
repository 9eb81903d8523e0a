import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { join as joinPosix } from 'node:path/posix';
import { trimEnd } from '../../database/trim.ts';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { fileFinding } from '../../review/located-finding.ts';
import type { SourceName } from '../../review/source.ts';
import { UsageError, errorCode, ioReason } from '../errors.ts';
import { isExcluded, isManifestName } from '../sources/list.ts';
import { baseOf } from './base.ts';
import type { Checkout } from './checkout.ts';
import { checkoutAt, liesIn } from './checkout.ts';
import type { TreeRow } from './objects.ts';
import { entryAt, readBlobs, rowsBelow } from './objects.ts';
import type { Commit } from './revision.ts';
import { commitIn } from './revision.ts';

/** A file at a revision. */
export interface OldFile {
  readonly file: SourceName;
  readonly bytes: Uint8Array;
}

/** The files at a revision, with findings about those that cannot be compared. */
export interface OldFiles {
  readonly files: readonly OldFile[];
  readonly findings: readonly LocatedFinding[];
}

const LINK = '120000';

/** The present checkout of a submodule; undefined when there is none. */
function submoduleNow(of: Commit, { path }: TreeRow): Checkout | undefined {
  const top = join(of.top, path);
  return existsSync(top) ? checkoutAt(realpathSync(top)) : undefined;
}

/** A file of a commit, with its name relative to the requested path; the name is empty for that path itself. */
interface Found {
  readonly commit: Commit;
  readonly row: TreeRow;
  readonly name: string;
}

/** Collects the files below one path at a revision, those of submodules at the commits that it records for them. */
class Search {
  readonly found: Found[] = [];
  readonly findings: LocatedFinding[] = [];
  readonly #path: string;
  readonly #exclude: readonly string[];

  constructor(path: string, exclude: readonly string[]) {
    this.#path = path;
    this.#exclude = exclude;
  }

  /** Visits a path of a commit; `name` is relative to the requested path. */
  look(commit: Commit, below: string, name: string): void {
    const entry = entryAt(commit, below);
    if (!entry) return;
    if (entry.mode === LINK) {
      const problem = `leads through a link (${entry.path}) at ${commit.revision}, which is not followed`;
      throw new UsageError(`${this.#path}: ${problem}; name the folder itself`);
    }
    if (entry.type === 'commit') this.#submodule(commit, entry, { below: below.slice(entry.path.length + 1), name });
    else if (entry.type === 'tree') this.#folder(commit, below, name);
    else if (entry.path === below) this.found.push({ commit, row: entry, name });
  }

  #folder(commit: Commit, below: string, name: string): void {
    for (const row of rowsBelow(commit, below)) {
      const inner = row.path.slice(below === '' ? 0 : below.length + 1);
      const full = name === '' ? inner : `${name}/${inner}`;
      const hidden = full.split('/').some((part) => part.startsWith('.') || part === 'node_modules');
      if (hidden || row.mode === LINK || isExcluded(full, this.#exclude)) continue;
      if (row.type === 'commit') this.#submodule(commit, row, { below: '', name: full });
      else if (isManifestName(full)) this.found.push({ commit, row, name: full });
    }
  }

  #submodule(of: Commit, row: TreeRow, { below, name }: { below: string; name: string }): void {
    const checkout = submoduleNow(of, row);
    const commit = checkout && commitIn(checkout, row.id, of.revision);
    if (commit) {
      this.look(commit, below, name);
      return;
    }
    const display = displayOf(this.#path, name);
    const problem = `must be comparable: at ${of.revision} it is a submodule at commit ${row.id}, which is not here`;
    const remedy = checkout
      ? `fetch it: git -C ${display} fetch origin ${row.id}`
      : `check it out (git submodule update --init ${display}), or leave it out with --exclude`;
    this.findings.push(fileFinding(display, { rule: 'file-not-compared', problem, remedy }));
  }
}

const displayOf = (path: string, name: string): string =>
  name === '' ? path : `${trimEnd(path, '/')}/${name}`.replace(/^\.\//, '');

function mustExist(path: string): void {
  try {
    statSync(path);
  } catch (error) {
    if (errorCode(error) === '') throw error;
    throw new UsageError(`${path}: ${ioReason(error)}`, { cause: error });
  }
}

function bytesOf(found: readonly Found[]): Map<Found, Uint8Array> {
  const stores = Map.groupBy(found, ({ commit }) => commit);
  return new Map(
    [...stores].flatMap(([commit, files]) => {
      const contents = readBlobs(
        commit,
        files.map(({ row }) => row),
      );
      return files.map((file, index) => [file, contents[index] ?? new Uint8Array()] as const);
    }),
  );
}

/** The files under a path at a revision, whether or not they still exist. */
export function filesAt(revision: string, path: string, exclude: readonly string[]): OldFiles {
  mustExist(path);
  const { commit, below } = baseOf(revision, path);
  const search = new Search(path, exclude);
  search.look(commit, below, '');
  const files = [...bytesOf(search.found)].map(([{ name }, bytes]) => {
    return { file: { file: displayOf(path, name), name, isNamed: name === '' }, bytes };
  });
  return { files, findings: search.findings };
}

const MOST_HOPS = 8;

/** The tree row of one file at a commit, through links and submodules. */
function fileRow(commit: Commit, below: string, hops = MOST_HOPS): { commit: Commit; row: TreeRow } | undefined {
  const row = below.startsWith('../') || hops === 0 ? undefined : entryAt(commit, below);
  if (!row) return undefined;
  const rest = below.slice(row.path.length);
  if (row.type === 'commit') {
    const checkout = submoduleNow(commit, row);
    const inner = checkout && commitIn(checkout, row.id, commit.revision);
    return inner && fileRow(inner, rest.slice(1), hops - 1);
  }
  if (row.type !== 'blob') return undefined;
  if (row.mode !== LINK) return rest === '' ? { commit, row } : undefined;
  const [target] = readBlobs(commit, [row]);
  return fileRow(commit, joinPosix(dirname(row.path), `${new TextDecoder().decode(target)}${rest}`), hops - 1);
}

/**
 * A file at a revision; undefined when it did not exist. A file outside all work trees of the paths has no history: it is the user's own,
 * and the result is `'as now'`.
 */
export function fileAt(revision: string, file: string, paths: readonly string[]): Uint8Array | 'as now' | undefined {
  if (!existsSync(dirname(file))) return undefined;
  const real = join(realpathSync(dirname(file)), basename(file));
  const commits = paths.map((path) => baseOf(revision, path).commit);
  const commit = commits.find(({ top }) => liesIn(top, real));
  if (!commit) return 'as now';
  const found = fileRow(commit, relative(commit.top, real).split(sep).join('/'));
  return found && readBlobs(found.commit, [found.row])[0];
}
