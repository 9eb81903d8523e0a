import { evaluateTree } from '../policies/evaluate.ts';
import type { Entry, LocatedSummary, PreviousEntries } from './entry.ts';
import { isAddition, keysOf, summaryOf } from './entry.ts';
import type { LocatedFinding } from './located-finding.ts';
import { placeAll } from './located-finding.ts';

/** Reads the text of a file by its name in messages. */
export type TextOf = (file: string) => string;

/** Checks the rules about all objects together. `textOf` is called only for files with findings. */
export function treeFindings(objects: readonly LocatedSummary[], textOf: TextOf): LocatedFinding[] {
  const origins = new Map(objects.map(({ summary, origin }) => [summary, origin]));
  const found = evaluateTree(objects.map(({ summary }) => summary)).map(({ of, finding }) => {
    const origin = origins.get(of) ?? { file: '', document: 0, base: [] };
    return { finding, about: of, origin };
  });
  return placeAll(found, textOf);
}

/** The objects that exist only in the revision: others added them, and the merge keeps them. */
function additions(previous: PreviousEntries, present: ReadonlySet<string>): Entry[] {
  return [...previous.theirs].flatMap(([key, entry]) =>
    !present.has(key) && isAddition(previous, key) ? [entry] : [],
  );
}

/** A revision: its git name, its objects, and their texts. */
export interface Revision {
  readonly revision: string;
  readonly entries: PreviousEntries;
  /** Whether its files have other names than those of the tree. */
  readonly hasOtherFiles: boolean;
  readonly textOf: TextOf;
}

/** Checks the rules about all objects together, in their state after the merge. */
export function mergedTreeFindings(
  objects: readonly LocatedSummary[],
  { revision, entries, textOf: textThen }: Revision,
  textOf: TextOf,
): LocatedFinding[] {
  // A file may have another text in the work tree: git's name tells them apart.
  const prefix = `${revision}:`;
  const added = additions(entries, keysOf(objects)).map((entry) => {
    const { summary, origin } = summaryOf(entry);
    return { summary, origin: { ...origin, file: `${prefix}${origin.file}` } };
  });
  // Objects of the work tree come last: of two conflicting objects the finding then names the changed one.
  return treeFindings([...added, ...objects], (file) =>
    file.startsWith(prefix) ? textThen(file.slice(prefix.length)) : textOf(file),
  );
}
