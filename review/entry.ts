import type { BallastObject } from '../database/object.ts';
import { identify, identityKey } from '../database/object.ts';
import type { Summary } from '../policies/summary.ts';
import { summarize } from '../policies/summary.ts';
import type { Origin } from './located-finding.ts';

/** A Ballast object in a tree of files, with its place. */
export interface Entry {
  readonly object: BallastObject;
  /** The object after the merge; undefined when the merge removes it, and when there is no revision to compare with. */
  readonly result?: BallastObject | undefined;
  readonly origin: Origin;
  /** Path of the file from the root of its tree. */
  readonly source: string;
  /** Whether the file names no namespace, so that one was assumed. */
  readonly isAssumed: boolean;
}

/** An object of another API group. */
export interface ForeignObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly source: string;
}

/** The part of one object that rules about the whole tree read, with the place of the object. */
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

/**
 * Whether an object of the revision that is missing in the work tree was added there after the last common commit, so that the merge
 * keeps it.
 */
export function isAddition({ base }: PreviousEntries, key: string): boolean {
  return base !== undefined && !base.has(key);
}

/** The part of an entry that rules about the whole tree read. */
export function summaryOf({ object, origin, isAssumed }: Entry): LocatedSummary {
  return { summary: { ...summarize(object), ...(isAssumed && { isAssumed: true as const }) }, origin };
}

/** The same of an entry after the merge; empty when the merge removes it. */
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
