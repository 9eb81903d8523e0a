import type { LocatedFinding } from '../../review/located-finding.ts';
import { fileFinding } from '../../review/located-finding.ts';
import type { Previous } from '../../review/review.ts';
import type { Source } from '../../review/source.ts';
import { UsageError } from '../errors.ts';
import { filesAt } from '../git/files-at.ts';
import { mergeBaseOf } from '../git/merge-base.ts';
import { readBytes } from './read.ts';

/** The two sides of a comparison. */
interface CompareOptions {
  readonly against: string;
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
}

/** The sources at the revision that a change is merged into, and at the commit that the change began from. */
export interface PreviousSources extends Previous {
  /** The last common commit, when it differs from the revision. */
  readonly baseId?: string;
  readonly findings: readonly LocatedFinding[];
}

/** The sources of a path at a revision, with findings about those that cannot be compared. */
function sourcesAt(
  revision: string,
  path: string,
  exclude: readonly string[],
): { readonly sources: readonly Source[]; readonly findings: readonly LocatedFinding[] } {
  const { files, findings } = filesAt(revision, path, exclude);
  const sources = files.map(({ file, bytes }) => ({ ...file, read: () => readBytes(file, bytes) }));
  return { sources, findings };
}

function unknownBase(path: string, revision: string): LocatedFinding {
  const problem = `is compared with ${revision} as it is: this clone has no one commit from which both went on, so what only ${revision} has counts as removed`;
  const remedy = 'fetch the history (fetch-depth: 0; git fetch --unshallow), or rebase on it';
  return fileFinding(path, { rule: 'file-not-compared', severity: 'warning', problem, remedy });
}

/** The sources at the last common commit of each path, when that differs from the revision for one of them. */
function baseSources({
  against,
  paths,
  exclude,
}: CompareOptions): Pick<PreviousSources, 'base' | 'baseId' | 'findings'> {
  const common = paths.map((path) => ({ path, ...mergeBaseOf(against, path) }));
  const findings = common.filter((one) => one.is === 'unknown').map(({ path }) => unknownBase(path, against));
  const older = common.find((one) => one.is === 'older');
  if (!older) return { findings };
  const base = common.flatMap((one) => sourcesAt(one.is === 'older' ? one.id : against, one.path, exclude).sources);
  return { findings, base, baseId: older.id };
}

/** The sources under the paths at the revision, and at the commit from which the work tree's own changes are counted. */
export function previousSources(options: CompareOptions): PreviousSources {
  const { against, paths, exclude } = options;
  if (paths.includes('-')) throw new UsageError('--against cannot be used with the standard input');
  const theirs = paths.map((path) => sourcesAt(against, path, exclude));
  const { findings, ...common } = baseSources(options);
  return {
    revision: against,
    theirs: theirs.flatMap(({ sources }) => sources),
    findings: [...theirs.flatMap((one) => one.findings), ...findings],
    ...common,
  };
}
