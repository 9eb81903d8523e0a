import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UsageError, errorCode } from '../errors.ts';

/** A work tree and its repository. */
export interface Checkout {
  /** The folder that holds `.git`, as an absolute path without links. */
  readonly top: string;
  /** The repository's folder; that of a linked worktree or of a submodule lies elsewhere. */
  readonly gitDir: string;
}

/** Whether a path is a folder or lies in it; both are absolute. */
export function liesIn(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

/** The target of a `.git`: itself when it is a folder, else the path in its single line. Undefined when there is no target. */
function gitDirOf(folder: string): string | undefined {
  const path = join(folder, '.git');
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const [, named] = stat.isFile() ? (/^gitdir: (.*?)\r?\n?$/s.exec(readFileSync(path, 'utf8')) ?? []) : [];
  const gitDir = stat.isDirectory() ? path : named === undefined ? undefined : resolve(folder, named);
  return gitDir !== undefined && existsSync(join(gitDir, 'HEAD')) ? realpathSync(gitDir) : undefined;
}

/** Whether the repository lies among the files of the work tree, where a pull request could have put it. */
function isAmongFiles({ top, gitDir }: Checkout): boolean {
  return liesIn(top, gitDir) && !relative(top, gitDir).split(sep).includes('.git');
}

/** The checkout with this folder as its top; undefined when there is none. A `.git` that points to files of the tree is refused. */
export function checkoutAt(folder: string): Checkout | undefined {
  const gitDir = gitDirOf(folder);
  if (gitDir === undefined) return undefined;
  const checkout = { top: folder, gitDir };
  if (!isAmongFiles(checkout)) return checkout;
  throw new UsageError(
    `${join(folder, '.git')}: leads to ${gitDir}, among the files of the tree, which could bring it; move it out of the tree`,
  );
}

/**
 * Users whose `.git` counts for a path: the user of this process, the owner of the path, and root. Any user may create a `.git` in /tmp.
 */
function trustedOwners(path: string): ReadonlySet<number> {
  return new Set([0, process.geteuid?.() ?? 0, statSync(path).uid]);
}

/** The owner of a `.git`; undefined when it is absent or invisible. */
function ownerOf(folder: string): number | undefined {
  try {
    return lstatSync(join(folder, '.git'), { throwIfNoEntry: false })?.uid;
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return undefined;
  }
}

/** The checkouts that contain a path, the innermost first, and the skipped `.git` folders of other users. */
export function checkoutsAbove(path: string): { readonly checkouts: Checkout[]; readonly passedOver: string[] } {
  const checkouts: Checkout[] = [];
  const passedOver: string[] = [];
  const real = realpathSync(path);
  const owners = trustedOwners(real);
  let folder = statSync(real).isDirectory() ? real : dirname(real);
  for (;;) {
    const owner = ownerOf(folder);
    if (owner !== undefined && !owners.has(owner)) passedOver.push(join(folder, '.git'));
    else if (owner !== undefined) checkouts.push(...checkoutsIn(folder, checkouts.length > 0));
    if (dirname(folder) === folder) return { checkouts, passedOver };
    folder = dirname(folder);
  }
}

/** The checkout of a folder, if any. The folder above linked worktrees of a bare clone is not one: its `.git` points to the clone. */
function checkoutsIn(folder: string, isOuter: boolean): Checkout[] {
  const gitDir = gitDirOf(folder);
  if (gitDir === undefined || (isOuter && isAmongFiles({ top: folder, gitDir }))) return [];
  return [checkoutAt(folder)].filter((found) => found !== undefined);
}

/** Whether a checkout is a submodule of another: its repository lies where git puts those of submodules. */
export function isSubmodule({ gitDir }: Checkout, of: Checkout): boolean {
  return liesIn(join(of.gitDir, 'modules'), gitDir);
}

/** The folder of objects and refs that a repository shares with its linked worktrees. */
export function commonDirOf({ gitDir }: Checkout): string {
  const file = join(gitDir, 'commondir');
  return existsSync(file) ? resolve(gitDir, readFileSync(file, 'utf8').trim()) : gitDir;
}
