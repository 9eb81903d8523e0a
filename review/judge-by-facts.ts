import type { Finding } from '../database/finding.ts';
import { formatPath } from '../database/finding.ts';
import type { Database } from '../database/object.ts';
import { identify } from '../database/object.ts';
import { fingerprint } from '../generator/fingerprint.ts';
import { placeOfBackups } from '../policies/destinations.ts';
import type { Change } from '../policies/evaluate.ts';
import { evaluate } from '../policies/evaluate.ts';
import type { Context } from '../policies/rule.ts';
import type { Facts, FactsOfDatabase } from './facts.ts';

/** Judges a change by all rules. */
export type Judge = (change: Change) => readonly Finding[];

/** The fingerprint of the place of a Database's backups, as facts have it; undefined when it has none. */
export function backupsFingerprint(database: Database): string | undefined {
  const place = placeOfBackups(database);
  return place === undefined ? undefined : fingerprint(place);
}

/** The change as the webhook would be asked about it: what was there before has the status that the cluster gave it. */
function asStored({ object, old, deleted }: Change, before: Database, { generation, status }: FactsOfDatabase): Change {
  const metadata = { ...before.metadata, generation };
  const stored: Database = { ...before, metadata, status: { ...status } };
  return deleted ? { object: stored, deleted } : { object, ...(old && { old: stored }) };
}

/** Why facts may be wrong about a Database, as a clause; undefined when there is no reason to doubt them. */
function doubtAbout(before: Database, known: FactsOfDatabase, { observedAt, tooOld }: Facts): string | undefined {
  if (tooOld !== undefined) return `by facts of ${observedAt}, ${tooOld} ago`;
  if (backupsFingerprint(before) === known.backups) return undefined;
  return `by facts of ${observedAt}, when the Database had its backups elsewhere in the cluster`;
}

const keyOf = ({ rule, path }: Finding): string => `${rule} ${formatPath(path)}`;

/** The findings without facts, and as warnings the errors that only doubtful facts give. */
function withDoubt(plain: readonly Finding[], found: readonly Finding[], doubt: string): Finding[] {
  const certain = new Set(plain.filter(({ severity }) => severity === 'error').map(keyOf));
  const doubtful = found
    .filter((finding) => finding.severity === 'error' && !certain.has(keyOf(finding)))
    .map((finding): Finding => ({
      ...finding,
      severity: 'warning',
      problem: `${finding.problem} (${doubt})`,
      remedy: `read the facts again (ballast facts); if it is still so, ${finding.remedy}`,
    }));
  const told = new Set(doubtful.map(keyOf));
  return [...plain.filter((finding) => !told.has(keyOf(finding))), ...doubtful];
}

/**
 * Returns what judges changes: the rules, to which the Database before the change has the status that the facts give it. Without facts,
 * and of what they do not have, no status is known.
 */
export function judgeBy(facts: Facts | undefined, context: Context): Judge {
  return (change) => {
    const before = change.deleted ? change.object : change.old;
    const known = before?.kind === 'Database' ? facts?.of(identify(before)) : undefined;
    if (!facts || !known || before?.kind !== 'Database') return evaluate(change, context);
    const found = evaluate(asStored(change, before, known), context);
    const doubt = doubtAbout(before, known, facts);
    return doubt === undefined ? found : withDoubt(evaluate(change, context), found, doubt);
  };
}
