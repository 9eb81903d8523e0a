import type { BallastObject } from '../database/object.ts';
import { isRecord } from '../database/record.ts';
import { isSame } from '../database/sorted-json.ts';

/**
 * Merges two changes of one value: a field that one side changed has that side's value, and a field that both changed has ours, because
 * git would report a conflict. Lists count as single values.
 */
export function merged(base: unknown, theirs: unknown, ours: unknown): unknown {
  if (isSame(ours, base)) return theirs;
  if (isSame(theirs, base) || !isRecord(theirs) || !isRecord(ours)) return ours;
  const was = isRecord(base) ? base : {};
  const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  const fields = keys.map((key) => [key, merged(was[key], theirs[key], ours[key])] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** An object to judge, with its state before the change. */
export interface JudgedObject {
  readonly object: BallastObject;
  readonly old?: BallastObject;
  /** The object after the merge; undefined when the other side removed it and this side left it unchanged. */
  readonly result: BallastObject | undefined;
}

/** Three versions of an object: in the last common commit, in the revision that the change is merged into, and in the work tree. */
export interface ThreeWay {
  readonly base: BallastObject | undefined;
  readonly theirs: BallastObject | undefined;
  readonly ours: BallastObject;
}

/** An object without its status: an export may have left an outdated one in the file, and the controller's is unknown. */
export function withoutStatus(object: BallastObject): BallastObject {
  const known = { ...object };
  delete known.status;
  return known;
}

/** Judges the version of an object in the work tree; fields that the change left alone are not judged. */
export function judge({ base, theirs, ours }: ThreeWay): JudgedObject {
  if (base && isSame(ours, base)) return { object: ours, old: ours, result: theirs };
  const object = base && theirs ? (merged(base, theirs, ours) as BallastObject) : ours;
  return { object, result: object, ...(theirs && { old: withoutStatus(theirs) }) };
}
