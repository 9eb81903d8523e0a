import type { LocatedFinding } from '../../review/located-finding.ts';
import { fileFinding } from '../../review/located-finding.ts';
import type { Previous } from '../../review/review.ts';
import type { Source } from '../../review/source.ts';
import { UsageError } from '../errors.ts';
import { filesAt } from '../git/files-at.ts';
import { mergeBaseOf } from '../git/merge-base.ts';
import { readBytes } from './read.ts';

/** Sources at one revision, with findings about those that cannot be compared. */
export interface SourcesAt {
  readonly sources: readonly Source[];
  readonly findings: readonly LocatedFinding[];
}

/** Reads the sources of a path at a revision. */
type ReadAt = (revision: string, path: string) => SourcesAt;

/** The sources at the revision that a change is merged into, and at the commit that the change began from. */
export interface PreviousSources extends Previous {
  /** The last common commit, when it differs from the revision. */
  readonly baseId?: string;
  readonly findings: readonly LocatedFinding[];
}

function unknownBase(path: string, revision: string): LocatedFinding {
  const problem = `is compared with ${revision} as it is: this clone has no one commit from which both went on, so what only ${revision} has counts as removed`;
  const remedy = 'fetch the history (fetch-depth: 0; git fetch --unshallow), or rebase on it';
  return fileFinding(path, { rule: 'file-not-compared', severity: 'warning', problem, remedy });
}

/** The sources at the last common commit of each path, when that differs from the revision for one of them. */
function baseSources(
  against: string,
  paths: readonly string[],
  readAt: ReadAt,
): Pick<PreviousSources, 'base' | 'baseId' | 'findings'> {
  const common = paths.map((path) => ({ path, ...mergeBaseOf(against, path) }));
  const findings = common.filter((one) => one.is === 'unknown').map(({ path }) => unknownBase(path, against));
  const older = common.find((one) => one.is === 'older');
  if (!older) return { findings };
  const read = common.map((one) => readAt(one.is === 'older' ? one.id : against, one.path));
  return {
    findings: [...findings, ...read.flatMap((one) => one.findings)],
    base: read.flatMap(({ sources }) => sources),
    baseId: older.id,
  };
}

/** The ways to read both earlier sides of a comparison. */
interface Readers {
  readonly theirs: ReadAt;
  readonly base: ReadAt;
}

/** Reads the paths at the revision, and at the commit from which the work tree's own changes are counted. */
export function sidesAt(against: string, paths: readonly string[], readers: Readers): PreviousSources {
  const theirs = paths.map((path) => readers.theirs(against, path));
  const { findings, ...common } = baseSources(against, paths, readers.base);
  return {
    revision: against,
    theirs: theirs.flatMap(({ sources }) => sources),
    findings: [...theirs.flatMap((one) => one.findings), ...findings],
    ...common,
  };
}

/** The sources under the paths at the revision, and at the commit from which the work tree's own changes are counted. */
export function previousSources(
  against: string,
  paths: readonly string[],
  exclude: readonly string[],
): PreviousSources {
  if (paths.includes('-')) {
    throw new UsageError('--against cannot be used with the standard input; compare two streams with --previous FILE');
  }
  const theirs: ReadAt = (revision, path) => {
    const { files, findings } = filesAt(revision, path, exclude);
    return { sources: files.map(({ file, bytes }) => ({ ...file, read: () => readBytes(file, bytes) })), findings };
  };
  // What cannot be compared in the revision is told there; that it could not be compared before either says nothing more.
  const base: ReadAt = (revision, path) => ({ ...theirs(revision, path), findings: [] });
  return sidesAt(against, paths, { theirs, base });
}
