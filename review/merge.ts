import type { BallastObject } from '../database/object.ts';
import { isRecord } from '../database/record.ts';
import { isSame } from '../database/sorted-json.ts';

/**
 * What merging two changes of one value gives: a field that only one of them changed has that change, and one that both changed
 * has ours, since git would ask us. Lists are values like others.
 */
export function merged(base: unknown, theirs: unknown, ours: unknown): unknown {
  if (isSame(ours, base)) return theirs;
  if (isSame(theirs, base) || !isRecord(theirs) || !isRecord(ours)) return ours;
  const was = isRecord(base) ? base : {};
  const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  const fields = keys.map((key) => [key, merged(was[key], theirs[key], ours[key])] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** An object as it is judged, and what it was before. */
export interface JudgedObject {
  readonly object: BallastObject;
  readonly old?: BallastObject;
  /** What it is after the merge; undefined when the other side removed it and this one left it as it was. */
  readonly result: BallastObject | undefined;
}

/** The three versions of an object: in the last common commit, in the revision that it is merged into, and here. */
export interface ThreeWay {
  readonly base: BallastObject | undefined;
  readonly theirs: BallastObject | undefined;
  readonly ours: BallastObject;
}

/** An object without the status that an export may have left in its file: it was true once, and the controller's is not known. */
function withoutStatus(object: BallastObject): BallastObject {
  const known = { ...object };
  delete known.status;
  return known;
}

/** How a version of an object is judged that stands in a work tree: what it did not change itself is nothing to judge. */
export function judge({ base, theirs, ours }: ThreeWay): JudgedObject {
  if (base && isSame(ours, base)) return { object: ours, old: ours, result: theirs };
  const object = base && theirs ? (merged(base, theirs, ours) as BallastObject) : ours;
  return { object, result: object, ...(theirs && { old: withoutStatus(theirs) }) };
}
