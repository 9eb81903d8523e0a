import { identify } from '../database/object.ts';
import type { Entry, LocatedSummary } from './entry.ts';
import { isAddition, keysOf } from './entry.ts';
import type { Judge } from './judge-by-facts.ts';
import { withoutStatus } from './merge.ts';
import type { LocatedFinding, UnplacedFinding } from './located-finding.ts';
import { placeAll } from './located-finding.ts';
import type { Revision } from './tree.ts';

/** The contents of a tree in which an object is missing. */
interface Present {
  readonly objects: readonly LocatedSummary[];
  /** Files of which a part may be an object, but cannot be read as one. */
  readonly unclear: ReadonlySet<string>;
  /** Judges a deletion. */
  readonly judge: Judge;
}

function deletionFindings({ object, origin }: Entry, judge: Judge): UnplacedFinding[] {
  return judge({ object: withoutStatus(object), deleted: true }).map((finding) => ({
    finding: { ...finding, problem: `${finding.problem} (it was removed)` },
    about: identify(object),
    origin,
  }));
}

/**
 * Checks that the objects which the change removes may be deleted. An object of a file that is unclear now may still exist: such files
 * have errors of their own, and the remedy of a deletion would remove a protection.
 */
export function removalFindings(
  { entries, hasOtherFiles, textOf }: Revision,
  { objects, unclear, judge }: Present,
): LocatedFinding[] {
  const present = keysOf(objects);
  const mayExist = ({ origin }: Entry): boolean => (hasOtherFiles ? unclear.size > 0 : unclear.has(origin.file));
  const gone = [...entries.theirs].flatMap(([key, entry]) =>
    present.has(key) || isAddition(entries, key) || mayExist(entry) ? [] : [entry],
  );
  return placeAll(
    gone.flatMap((entry) => deletionFindings(entry, judge)),
    textOf,
  );
}
