import { memberSelector, primaryOf, readDatabase } from '../database.ts';
import type { Kubectl } from '../kubectl.ts';

/** Options of `kubectl ballast logs`. */
export interface LogsOptions {
  /** Whether only the primary is asked. */
  readonly primary: boolean;
  readonly follow: boolean;
  /** Lines of each member. */
  readonly tail: number;
}

/** Members that a Database has at most. */
const MOST_MEMBERS = 9;

/** Prints the log of the database in every member, or in the primary. */
export async function logs(kubectl: Kubectl, name: string, { primary, follow, tail }: LogsOptions): Promise<number> {
  const database = await readDatabase(kubectl, name);
  const which = primary
    ? [primaryOf(database)]
    : [`--selector=${memberSelector(database)}`, '--prefix', `--max-log-requests=${MOST_MEMBERS}`];
  const how = [`--container=${database.spec.engine}`, `--tail=${tail}`, ...(follow ? ['--follow'] : [])];
  return kubectl.attach(['logs', ...which, ...how]);
}
