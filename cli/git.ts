import { execFileSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { trimEnd } from '../database/trim.ts';
import { UsageError, errorCode, ioReason } from './errors.ts';
import type { SourceFile } from './files.ts';
import { isExcluded, isManifestName } from './files.ts';

/** A file as it was at a revision. */
export interface OldFile {
  readonly file: SourceFile;
  readonly bytes: Uint8Array;
}

const LARGEST_ANSWER = 2 ** 31 - 1;

function git(folder: string, args: readonly string[], input?: string): Buffer {
  try {
    return execFileSync('git', ['-C', folder, ...args], {
      maxBuffer: LARGEST_ANSWER,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(input !== undefined && { input }),
    });
  } catch (error) {
    const { stderr: output } = error as { stderr?: Buffer };
    const stderr = output?.toString().trim() ?? '';
    const reason = stderr.split('\n')[0]?.replace(/^fatal: /, '') || 'git could not be run; is it installed?';
    throw new UsageError(`git: ${reason}`, { cause: error });
  }
}

function commitOf(folder: string, revision: string): string {
  if (revision.startsWith('-')) throw new UsageError(`--against ${revision}: is no git revision`);
  try {
    return git(folder, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`])
      .toString()
      .trim();
  } catch (error) {
    git(folder, ['rev-parse', '--git-dir']);
    throw new UsageError(`--against ${revision}: there is no such git revision here`, { cause: error });
  }
}

/** Reads many objects of git in one call: their bytes, in the order asked for. */
function readObjects(folder: string, ids: readonly string[]): Uint8Array[] {
  const answer = git(folder, ['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''));
  let at = 0;
  return ids.map(() => {
    const end = answer.indexOf(10, at);
    const size = Number(answer.subarray(at, end).toString().split(' ')[2]);
    at = end + 1 + size + 1;
    return answer.subarray(end + 1, end + 1 + size);
  });
}

function isFolderNow(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (errorCode(error) === '') throw error;
    throw new UsageError(`${path}: ${ioReason(error)}`, { cause: error });
  }
}

/** The files under a path as they were at a revision, whether or not they are still there. */
export function filesAt(revision: string, path: string, exclude: readonly string[]): OldFile[] {
  const isFolder = isFolderNow(path);
  const folder = isFolder ? path : dirname(path);
  const commit = commitOf(folder, revision);
  const top = git(folder, ['rev-parse', '--show-toplevel']).toString().replace(/\n$/, '');
  const below = relative(realpathSync(top), realpathSync(path)).split(sep).join('/');
  const rows = git(top, ['ls-tree', '-r', '-z', '--full-tree', commit, '--', below || '.'])
    .toString()
    .split('\0');
  const files = rows.flatMap((row) => {
    const [, mode, type, id, full] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(row) ?? [];
    if (type !== 'blob' || mode === '120000' || id === undefined || full === undefined) return [];
    const name = isFolder ? full.slice(below === '' ? 0 : below.length + 1) : full.slice(full.lastIndexOf('/') + 1);
    const hidden = name.split('/').some((part) => part.startsWith('.') || part === 'node_modules');
    const wanted = !isFolder || (!hidden && isManifestName(name) && !isExcluded(name, exclude));
    const display = isFolder ? `${trimEnd(path, '/')}/${name}`.replace(/^\.\//, '') : path;
    return wanted ? [{ id, file: { path: display, display, relative: name, walked: isFolder } }] : [];
  });
  const contents = readObjects(
    top,
    files.map(({ id }) => id),
  );
  return files.map(({ file }, index) => ({ file, bytes: contents[index] ?? new Uint8Array() }));
}
