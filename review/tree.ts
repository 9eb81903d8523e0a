import { evaluateTree } from '../policies/evaluate.ts';
import type { Entry, LocatedSummary, PreviousEntries } from './entry.ts';
import { isAddition, keysOf, summaryOf } from './entry.ts';
import type { LocatedFinding } from './located-finding.ts';
import { placeAll } from './located-finding.ts';

/** Gives the text of a file by its name in messages. */
export type TextOf = (file: string) => string;

/** Checks the rules about all objects together. `textOf` reads a file again, only when it has a finding. */
export function treeFindings(objects: readonly LocatedSummary[], textOf: TextOf): LocatedFinding[] {
  const origins = new Map(objects.map(({ summary, origin }) => [summary, origin]));
  const found = evaluateTree(objects.map(({ summary }) => summary)).map(({ of, finding }) => {
    const origin = origins.get(of) ?? { file: '', document: 0, base: [] };
    return { finding, about: of, origin };
  });
  return placeAll(found, textOf);
}

/** What only the revision has: somebody else added it, and the merge keeps it. */
function additions(previous: PreviousEntries, present: ReadonlySet<string>): Entry[] {
  return [...previous.theirs].flatMap(([key, entry]) =>
    !present.has(key) && isAddition(previous, key) ? [entry] : [],
  );
}

/** A revision: how git names it, its objects, and the texts that they stand in. */
export interface Revision {
  readonly revision: string;
  readonly entries: PreviousEntries;
  readonly textOf: TextOf;
}

/** Checks the rules about all objects together, as they are after the merge. */
export function mergedTreeFindings(
  objects: readonly LocatedSummary[],
  { revision, entries, textOf: textThen }: Revision,
  textOf: TextOf,
): LocatedFinding[] {
  // Their files may have other texts here: they are named as git names them.
  const prefix = `${revision}:`;
  const added = additions(entries, keysOf(objects)).map((entry) => {
    const { summary, origin } = summaryOf(entry);
    return { summary, origin: { ...origin, file: `${prefix}${origin.file}` } };
  });
  // Ours come last: of two that cannot be together the change is told, not what was there.
  return treeFindings([...added, ...objects], (file) =>
    file.startsWith(prefix) ? textThen(file.slice(prefix.length)) : textOf(file),
  );
}
