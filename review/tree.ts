import { evaluateTree } from '../policies/evaluate.ts';
import type { Entry, PreviousEntries, TreeMember } from './entry.ts';
import { isAddition, keysOf, memberOf } from './entry.ts';
import type { LocatedFinding } from './located-finding.ts';
import { placeAll } from './located-finding.ts';

/** Gives the text of a file by its name in messages. */
export type TextOf = (file: string) => string;

/** Checks the rules about all objects together. `textOf` reads a file again, only when it has a finding. */
export function treeFindings(members: readonly TreeMember[], textOf: TextOf): LocatedFinding[] {
  const origins = new Map(members.map(({ summary, origin }) => [summary, origin]));
  const found = evaluateTree(members.map(({ summary }) => summary)).map(({ of, finding }) => {
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
  members: readonly TreeMember[],
  { revision, entries, textOf: textThen }: Revision,
  textOf: TextOf,
): LocatedFinding[] {
  // Their files may have other texts here: they are named as git names them.
  const prefix = `${revision}:`;
  const added = additions(entries, keysOf(members)).map((entry) => {
    const { summary, origin } = memberOf(entry);
    return { summary, origin: { ...origin, file: `${prefix}${origin.file}` } };
  });
  // Ours come last: of two that cannot be together the change is told, not what was there.
  return treeFindings([...added, ...members], (file) =>
    file.startsWith(prefix) ? textThen(file.slice(prefix.length)) : textOf(file),
  );
}
