import { UsageError } from '../errors.ts';
import { baseOf } from './base.ts';
import { checkoutAt } from './checkout.ts';
import { git } from './run.ts';

/** The commit from which a work tree's own changes are counted. */
export type MergeBase =
  /** The revision itself: the work tree contains all of it. */
  | { readonly is: 'same' }
  | { readonly is: 'older'; readonly id: string }
  /** There is no single common commit: the history is truncated, or the branches were merged crosswise. */
  | { readonly is: 'unknown' };

/** The last common commit of a path's work tree and a revision, as `git merge-base` finds it. */
export function mergeBaseOf(revision: string, path: string): MergeBase {
  const { commit } = baseOf(revision, path);
  const checkout = checkoutAt(commit.top);
  if (!checkout) throw new UsageError(`${commit.top}: is no git work tree any more`);
  const head = git(checkout, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  // Before the first commit every file is a change of its own.
  if (!head.ok) return { is: 'same' };
  const answer = git(checkout, ['merge-base', '--all', commit.id, head.stdout.toString().trim()]);
  const [id, ...more] = answer.ok ? answer.stdout.toString().trim().split('\n') : [];
  if (id === undefined || more.length > 0) return { is: 'unknown' };
  return id === commit.id ? { is: 'same' } : { is: 'older', id };
}
