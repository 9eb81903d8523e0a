import { ENGINES } from '../../../database/engines/index.ts';
import { PATHS } from '../../../generator/postgresql/paths-and-ports.ts';
import { UsageError } from '../../errors.ts';
import { primaryOf, readDatabase } from '../database.ts';
import type { Kubectl } from '../kubectl.ts';

/** Options of `kubectl ballast psql`. */
export interface PsqlOptions {
  /** Name of the database inside the server. */
  readonly database: string;
  /** Whether the session may write from its beginning. */
  readonly write: boolean;
}

/** Sessions begin without the right to write; a session can take it back, so that this only guards against slips. */
const READ_ONLY = 'PGOPTIONS=-c default_transaction_read_only=on';

/** The command in the container of the primary: psql as the superuser, over the socket. */
export function psqlCommand(args: readonly string[], { database, write }: PsqlOptions): string[] {
  const login = [`--host=${PATHS.socket}`, `--username=${ENGINES.postgresql.superuser}`, `--dbname=${database}`];
  return [...(write ? [] : ['env', READ_ONLY]), 'psql', ...login, ...args];
}

/** Opens psql on the primary of a Database. */
export async function psql(
  kubectl: Kubectl,
  name: string,
  args: readonly string[],
  options: PsqlOptions,
): Promise<number> {
  const found = await readDatabase(kubectl, name);
  const { title, terminal } = ENGINES[found.spec.engine];
  if (terminal !== 'psql') throw new UsageError(`${name} is a Database of ${title}; psql is for PostgreSQL`);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const container = ['--container=postgresql', '--stdin', ...(isTerminal ? ['--tty'] : [])];
  return kubectl.attach(['exec', primaryOf(found), ...container], psqlCommand(args, options));
}
