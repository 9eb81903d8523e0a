import type { BallastObject } from '../database/object.ts';
import { identify, identityKey } from '../database/object.ts';
import type { Summary } from '../policies/summary.ts';
import { summarize } from '../policies/summary.ts';
import type { Origin } from './located-finding.ts';

/** An object of Ballast's in a tree of files, and where it stands there. */
export interface Entry {
  readonly object: BallastObject;
  /** What it is after the merge; undefined when it is gone then, and when nothing is compared. */
  readonly result?: BallastObject | undefined;
  readonly origin: Origin;
  /** Name of the file from the root of its tree. */
  readonly source: string;
  /** Whether its file names no namespace, so that one was assumed. */
  readonly isAssumed: boolean;
}

/** An object of somebody else's. */
export interface ForeignObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly source: string;
}

/** What rules about the whole tree look at in one object, and where that object stands. */
export interface LocatedSummary {
  readonly summary: Summary;
  readonly origin: Origin;
}

/** Entries by the identity of their objects. */
export type Entries = ReadonlyMap<string, Entry>;

/** The objects of the revision that a change is merged into, and those of the last common commit when that is another. */
export interface PreviousEntries {
  readonly theirs: Entries;
  readonly base?: Entries;
}

/** Whether an object of the revision that is not in the work tree was added by others, so that the merge keeps it. */
export function isAddition({ base }: PreviousEntries, key: string): boolean {
  return base !== undefined && !base.has(key);
}

/** What the rules about the whole tree look at in an entry. */
export function summaryOf({ object, origin, isAssumed }: Entry): LocatedSummary {
  return { summary: { ...summarize(object), ...(isAssumed && { isAssumed: true as const }) }, origin };
}

/** The same of an entry as it is after the merge; none when it is gone then. */
export function mergedSummaries(entry: Entry, { theirs }: PreviousEntries): LocatedSummary[] {
  if (!entry.result) return [];
  const { summary, origin } = summaryOf({ ...entry, object: entry.result });
  return [{ summary: { ...summary, isNew: !theirs.has(identityKey(summary)) }, origin }];
}

/** The identities of objects, one text each. */
export function keysOf(objects: readonly LocatedSummary[]): Set<string> {
  return new Set(objects.map(({ summary }) => identityKey(summary)));
}

/** Entries by the identity of their objects; of two with one identity the last stays. */
export function byIdentity(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(entries.map((entry) => [identityKey(identify(entry.object)), entry]));
}
