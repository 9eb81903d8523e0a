import { UsageError } from '../errors.ts';
import type { Commit } from './revision.ts';
import { sourceOf } from './revision.ts';
import { git } from './run.ts';

/** A row of a commit's tree. A link has mode 120000; a submodule has type `commit` and the id of its commit. */
export interface TreeRow {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  /** Relative to the top of the work tree, with slashes. */
  readonly path: string;
}

const GET_ALL = 'clone without --filter, or have git fetch what is missing: git archive REVISION > /dev/null';

function notHere({ top, revision }: Commit, what: string): UsageError {
  const why = 'is not in this clone, and Ballast fetches nothing';
  return new UsageError(`--against ${revision}: ${what} in ${top} ${why}; ${GET_ALL.replace('REVISION', revision)}`);
}

function listTree(commit: Commit, flag: '-r' | '-t', paths: readonly string[]): TreeRow[] {
  const answer = git(sourceOf(commit), ['ls-tree', flag, '-z', '--full-tree', commit.id, '--', ...paths]);
  if (!answer.ok) throw notHere(commit, 'a folder');
  return answer.stdout
    .toString()
    .split('\0')
    .flatMap((row) => {
      const [, mode, type, id, path] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(row) ?? [];
      return mode !== undefined && type && id && path ? [{ mode, type, id, path }] : [];
    });
}

/** The entry of a commit at a path, or the link, file or submodule on the way to it. */
export function entryAt(commit: Commit, below: string): TreeRow | undefined {
  if (below === '') return { mode: '040000', type: 'tree', id: commit.id, path: '' };
  const parts = below.split('/');
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return listTree(commit, '-t', paths).find(
    ({ path, type }) => path === below || (type !== 'tree' && paths.includes(path)),
  );
}

/** All files, links and submodules below a folder of a commit. */
export function rowsBelow(commit: Commit, below: string): TreeRow[] {
  return listTree(commit, '-r', below === '' ? [] : [below]);
}

/** Reads files of a commit in one call: their bytes, in the order of the rows. */
export function readBlobs(commit: Commit, rows: readonly TreeRow[]): Uint8Array[] {
  const ids = rows.map(({ id }) => `${id}\n`).join('');
  const { stdout, ok, reason } = git(sourceOf(commit), ['cat-file', '--batch'], ids);
  if (!ok) throw new UsageError(`git: ${reason || 'failed'}`);
  let at = 0;
  return rows.map(({ id, path }) => {
    const end = stdout.indexOf(10, at);
    const [answered, type, size] = stdout.subarray(at, end).toString().split(' ');
    if (answered !== id || type !== 'blob') throw notHere(commit, path);
    at = end + 1 + Number(size) + 1;
    return stdout.subarray(end + 1, end + 1 + Number(size));
  });
}
