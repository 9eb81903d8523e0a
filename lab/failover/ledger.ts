import type { Attempt } from './attempt.ts';
import { isServiceClient } from './attempt.ts';

/** The key of a row: what the database holds of an attempt. */
function rowOf({ client, number }: Pick<Attempt, 'client' | 'number'>): string {
  return `${client}/${number}`;
}

/** What became of the writes. */
export interface Settlement {
  /** Writes through the Service that were acknowledged. */
  readonly acknowledged: number;
  /** Those of them that the primary does not hold in the end. */
  readonly lost: readonly string[];
  /** The same of writes that went straight to a member, as those of a client that was cut off together with the primary. */
  readonly lostDirectly: readonly string[];
  /** Rows that nobody acknowledged: allowed, because a client whose connection broke knows that it does not know. */
  readonly unacknowledged: number;
}

/** Compares what was acknowledged with the rows that are there after all. */
export function settle(attempts: readonly Attempt[], rows: ReadonlySet<string>): Settlement {
  const taken = attempts.filter(({ acknowledged }) => acknowledged);
  const missing = taken.filter((attempt) => !rows.has(rowOf(attempt)));
  const through = (list: readonly Attempt[], service: boolean): string[] =>
    list.filter(({ client }) => isServiceClient(client) === service).map(rowOf);
  const known = new Set(taken.map(rowOf));
  return {
    acknowledged: through(taken, true).length,
    lost: through(missing, true),
    lostDirectly: through(missing, false),
    unacknowledged: [...rows].filter((row) => !known.has(row)).length,
  };
}
