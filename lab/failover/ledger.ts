import type { Attempt } from './attempt.ts';
import { isServiceClient } from './attempt.ts';

/** The key of an attempt's row in the database. */
function rowOf({ client, number }: Pick<Attempt, 'client' | 'number'>): string {
  return `${client}/${number}`;
}

/** The outcome of the writes. */
export interface Settlement {
  /** Writes through the Service that were acknowledged. */
  readonly acknowledged: number;
  /** Those of them that the primary lacks in the end. */
  readonly lost: readonly string[];
  /** The same for writes directly to a member, such as those of a client that was cut off together with the primary. */
  readonly lostDirectly: readonly string[];
  /** Rows without an acknowledgement: allowed, because a client with a broken connection knows that the outcome is unknown. */
  readonly unacknowledged: number;
}

/** Compares the acknowledged writes with the rows that exist in the end. */
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
