import type { Summary } from '../policies/summary.ts';
import type { Entry, ForeignObject, LocatedSummary, PreviousEntries } from './entry.ts';
import { byIdentity } from './entry.ts';
import type { FileReview, ReviewOptions } from './file-review.ts';
import { reviewSource } from './file-review.ts';
import { judgeBy } from './judge-by-facts.ts';
import type { LocatedFinding } from './located-finding.ts';
import { inOrder } from './located-finding.ts';
import { checkNames } from './names-taken.ts';
import { removalFindings } from './removals.ts';
import type { FileSummary, Source } from './source.ts';
import { staleSources } from './stale.ts';
import type { Revision, TextOf } from './tree.ts';
import { mergedTreeFindings, treeFindings } from './tree.ts';

/** The state to compare with: the revision that the change is merged into, and the last common commit when that is another. */
export interface Previous {
  /** The revision in the user's words. */
  readonly revision: string;
  readonly theirs: readonly Source[];
  readonly base?: readonly Source[];
  /** Whether the earlier objects lie in files of other names, as two outputs of a program do. */
  readonly hasOtherFiles?: boolean;
}

/** The sources of a tree, with the results of an earlier run. */
export interface SourceTree {
  /** In the order in which the rules about the whole tree see their objects. */
  readonly sources: Iterable<Source>;
  /** Findings of the listing of sources. */
  readonly findings: readonly LocatedFinding[];
  /** The objects of known files that changed or are gone; called once, after all sources were seen. */
  readonly former?: () => readonly Summary[];
}

/** Counts of a review. */
export interface Counts {
  readonly objects: number;
  readonly files: number;
  /** Files skipped because Ballast rendered them. */
  readonly rendered: number;
  /** Objects without a namespace, and the namespace assumed for them. */
  readonly assumed: number;
  readonly namespace: string;
}

/** The result of a review. */
export interface Review {
  readonly entries: readonly Entry[];
  readonly foreign: readonly ForeignObject[];
  readonly findings: readonly LocatedFinding[];
  /** The files that were read; a file with a valid summary is not among them. */
  readonly files: readonly FileReview[];
  readonly counts: Counts;
  /** The state that the tree was compared with. */
  readonly previous?: PreviousEntries;
}

/** The texts of sources by the names of their files; empty for an unreadable file. */
function textReader(sources: readonly Source[]): TextOf {
  let byFile: Map<string, Source> | undefined;
  return (file) => (byFile ??= new Map(sources.map((source) => [source.file, source]))).get(file)?.read()?.text ?? '';
}

/** The objects of sources. An unreadable object of the earlier state counts as absent, so that a fix can pass. */
function entriesOf(sources: readonly Source[], options: ReviewOptions): ReadonlyMap<string, Entry> {
  return byIdentity(sources.flatMap((source) => reviewSource(source, options).entries));
}

function comparedWith({ revision, theirs, base, hasOtherFiles = false }: Previous, options: ReviewOptions): Revision {
  const entries = { theirs: entriesOf(theirs, options), ...(base && { base: entriesOf(base, options) }) };
  return { revision, entries, hasOtherFiles, textOf: textReader(theirs) };
}

/** Reviews each source without a summary or with a stale one; returns the summaries of all, in order. */
function reviewSources(
  { sources, former }: SourceTree,
  readOne: (source: Source) => FileReview,
): {
  readonly all: readonly Source[];
  readonly files: readonly FileReview[];
  readonly summaries: readonly FileSummary[];
} {
  const reviews = new Map<Source, FileReview>();
  const all: Source[] = [];
  for (const source of sources) {
    all.push(source);
    if (!source.summary) reviews.set(source, readOne(source));
  }
  const known = all.filter((source) => source.summary);
  if (known.length > 0) {
    const now = [...reviews.values()].flatMap(({ objects }) => objects.map(({ summary }) => summary));
    for (const source of staleSources(known, [...(former?.() ?? []), ...now])) reviews.set(source, readOne(source));
  }
  const summaries = all.flatMap((source) => reviews.get(source) ?? source.summary ?? []);
  return { all, files: all.flatMap((source) => reviews.get(source) ?? []), summaries };
}

function countsOf(summaries: readonly FileSummary[], objects: readonly LocatedSummary[], namespace: string): Counts {
  const rendered = summaries.filter(({ isRendering }) => isRendering).length;
  const assumed = objects.filter(({ summary }) => summary.isAssumed).length;
  return { objects: objects.length, files: summaries.length - rendered, rendered, assumed, namespace };
}

/**
 * Reviews a tree: each object, all of them together, and against a revision the change. Pure: the same texts, options and time give the
 * same review.
 */
export function review(tree: SourceTree, previous: Previous | undefined, options: ReviewOptions): Review {
  const compared = previous && comparedWith(previous, options);
  const { all, files, summaries } = reviewSources(tree, (source) => reviewSource(source, options, compared?.entries));
  const objects = summaries.flatMap((summary) => summary.objects);
  const others = summaries.flatMap((summary) => summary.others);
  const unclear = new Set(files.filter(({ isUnclear }) => isUnclear).map(({ file }) => file));
  const textOf = textReader(all);
  const findings = [
    ...tree.findings,
    ...summaries.flatMap((summary) => summary.findings),
    ...(compared ? mergedTreeFindings(objects, compared, textOf) : treeFindings(objects, textOf)),
    ...checkNames(objects, others, textOf),
    ...(compared ? removalFindings(compared, { objects, unclear, judge: judgeBy(options.facts, options) }) : []),
  ];
  return {
    entries: files.flatMap(({ entries }) => entries),
    foreign: files.flatMap(({ foreign }) => foreign),
    findings: inOrder(findings),
    files,
    counts: countsOf(summaries, objects, options.namespace),
    ...(compared && { previous: compared.entries }),
  };
}
