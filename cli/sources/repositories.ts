import { readdirSync, realpathSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { fileFinding } from '../../review/located-finding.ts';
import { isUsageError } from '../errors.ts';
import { checkoutAt, checkoutsAbove } from '../git/checkout.ts';

/** The parts of a folder entry that this module reads. */
interface Named {
  readonly name: string;
  isDirectory(): boolean;
}

/**
 * Whether git takes a folder without `.git` for a repository of its own, and so obeys the settings in it: the folder has a HEAD with
 * objects and refs, or with `commondir`, which names their place (is_git_directory in git's setup.c). Some disks ignore the case of
 * names.
 */
function isBareRepository(entries: readonly Named[]): boolean {
  const names = new Set(entries.map(({ name }) => name.toLowerCase()));
  return names.has('head') && (names.has('commondir') || (names.has('objects') && names.has('refs')));
}

/** What distinguishes a nested `.git` from that of a submodule or linked worktree; undefined for those two. */
function nestedProblem(folder: string, dotGit: Named): string | undefined {
  if (dotGit.isDirectory()) return 'must not hold a git repository (.git) within another';
  try {
    checkoutAt(folder);
    return undefined;
  } catch (error) {
    if (isUsageError(error)) return 'must not hold a .git that leads to files of the tree';
    throw error;
  }
}

/**
 * A finding that a folder of the tree is a git repository of its own: any git command in it obeys settings that the tree brings. `nested`
 * says whether the folder lies below the top of a checkout.
 */
export function repositoryFinding(
  folder: string,
  entries: readonly Named[],
  { display, nested }: { display: string; nested: boolean },
): LocatedFinding | undefined {
  const bare = isBareRepository(entries)
    ? 'must not be a bare git repository: git run in it obeys the settings that lie there'
    : undefined;
  const dotGit = nested ? entries.find(({ name }) => name === '.git') : undefined;
  const problem = bare ?? (dotGit && nestedProblem(folder, dotGit));
  if (problem === undefined) return undefined;
  const remedy = 'remove it from the tree, make it a submodule, or leave the folder out with --exclude';
  return fileFinding(display, { rule: 'file-git-repository', problem, remedy });
}

/** Whether a path lies in a checkout, with findings about folders between its top and the path. */
export function repositoriesAbove(path: string): { inCheckout: boolean; findings: LocatedFinding[] } {
  const real = realpathSync(path);
  const top = checkoutsAbove(real).checkouts[0]?.top;
  const findings: LocatedFinding[] = [];
  for (let folder = dirname(real); top !== undefined && real !== top && folder !== top; folder = dirname(folder)) {
    const display = relative(process.cwd(), folder) || '.';
    const found = repositoryFinding(folder, readdirSync(folder, { withFileTypes: true }), { display, nested: false });
    if (found) findings.push(found);
  }
  return { inCheckout: top !== undefined, findings };
}
