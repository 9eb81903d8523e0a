import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../errors.ts';
import type { Checkout } from './checkout.ts';
import { checkoutAt, checkoutsAbove, isSubmodule } from './checkout.ts';
import { entryAt } from './objects.ts';
import type { Commit } from './revision.ts';
import { findCommit, noCommit } from './revision.ts';

/** A place in a commit's tree; the path is empty for the top. */
export interface Place {
  readonly commit: Commit;
  readonly below: string;
}

const belowTop = (top: string, path: string): string => relative(top, path).split(sep).join('/');

function notInCheckout(path: string, passedOver: readonly string[]): UsageError {
  const [other] = passedOver;
  if (other !== undefined) {
    const remedy = `make ${path} and it one user's (chown -R)`;
    return new UsageError(`${path}: ${other} belongs to another user, who could choose what is compared; ${remedy}`);
  }
  const hint = process.env['GIT_DIR'] === undefined ? '' : '; GIT_DIR is not looked at';
  return new UsageError(`${path}: is in no git repository: no .git in it or above it${hint}`);
}

/**
 * The commit that a revision names in a checkout, when this checkout decides about a path: the commit contains the path, or no other
 * checkout does.
 */
function decides(checkout: Checkout, inner: Checkout | undefined, path: string, revision: string): Commit | undefined {
  const commit = findCommit(checkout, revision);
  if (!inner || isSubmodule(inner, checkout)) {
    if (commit) return commit;
    throw noCommit(checkout, revision);
  }
  return commit && entryAt(commit, belowTop(checkout.top, path)) ? commit : undefined;
}

/**
 * The place of a path at a revision. Of nested checkouts the outermost that contained the path decides, and a submodule never does: a
 * change under review can bring another submodule with another `main`.
 */
function placeOf(revision: string, path: string): Place {
  const real = realpathSync(path);
  const { checkouts, passedOver } = checkoutsAbove(real);
  for (let at = checkouts.length - 1; at >= 0; at -= 1) {
    const checkout = checkouts[at];
    const commit = checkout && decides(checkout, checkouts[at - 1], real, revision);
    if (commit) return { commit, below: belowTop(commit.top, real) };
  }
  throw notInCheckout(path, passedOver);
}

/** The current folder as the shell entered it, possibly through links. */
function hereAsWritten(): string {
  const { PWD } = process.env;
  return PWD && existsSync(PWD) && realpathSync(PWD) === process.cwd() ? PWD : process.cwd();
}

/** Refuses a path that existed at the revision and has become a link since, because the change chooses the target of the link. */
function refuseLink(revision: string, path: string): void {
  const written = resolve(hereAsWritten(), path);
  const real = realpathSync(path);
  for (let folder = written; folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(join(folder, '.git'))) continue;
    const top = realpathSync(folder);
    const below = relative(folder, written);
    const checkout = join(top, below) === real ? undefined : checkoutAt(top);
    const commit = checkout && findCommit(checkout, revision);
    if (!commit || !entryAt(commit, below.split(sep).join('/'))) continue;
    throw new UsageError(`${path}: is a link, or lies behind one, and is compared at its own place only; name ${real}`);
  }
}

/** The place that a path is compared with, in the commit that the revision names. */
export function baseOf(revision: string, path: string): Place {
  refuseLink(revision, path);
  return placeOf(revision, path);
}
