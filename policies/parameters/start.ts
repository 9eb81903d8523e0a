import { readNumber } from './numbers.ts';
import { settingOf } from './postgresql-settings.ts';
import type { ValueProblem } from './lists.ts';

/** A problem of one setting's value beside others, at a start of the server. */
export interface StartProblem extends ValueProblem {
  readonly name: string;
}

/** Returns the value of a setting as text, by its lower-case name; undefined when the user omitted it. */
type Values = (name: string) => string | undefined;

interface Start {
  readonly major: string;
  readonly values: Values;
}

const isOn = (value: string | undefined): boolean => /^(?:on|true|yes|1)$/i.test(value ?? '');

/** The written number in the setting's own unit, else the server's default. */
function numberOf({ major, values }: Start, name: string, otherwise: number): number {
  const setting = settingOf(major, name);
  const written = values(name);
  if (!setting || written === undefined) return otherwise;
  const read = readNumber(written, { ...(setting.unit && { unit: setting.unit }), whole: true });
  return read.ok ? read.value : otherwise;
}

function hugePages({ values }: Start): StartProblem[] {
  if (!isOn(values('huge_pages'))) return [];
  const problem = 'must not be on: members get no huge pages, and the server would not start';
  return [{ name: 'huge_pages', problem, remedy: 'write try, or remove it' }];
}

/** The seccomp profile RuntimeDefault, under which members run, has blocked io_uring since containerd 2.0. */
function ioUring({ values }: Start): StartProblem[] {
  if (values('io_method')?.toLowerCase() !== 'io_uring') return [];
  const problem = 'must not be io_uring: container runtimes forbid it, and the server would not start';
  return [{ name: 'io_method', problem, remedy: 'write worker, or remove it' }];
}

function reservedConnections(start: Start): StartProblem[] {
  const most = numberOf(start, 'max_connections', 100);
  const name = 'superuser_reserved_connections';
  const [superusers, others] = [numberOf(start, name, 3), numberOf(start, 'reserved_connections', 0)];
  if (superusers + others < most) return [];
  const written = [name, 'reserved_connections', 'max_connections'].find((one) => start.values(one) !== undefined);
  const problem = `must leave connections to others: ${superusers + others} of ${most} are reserved`;
  return [{ name: written ?? name, problem, remedy: 'reserve less than max_connections' }];
}

/** Twice a WAL segment, which has 16MB unless initdb is told otherwise. */
const LEAST_WAL_MEGABYTES = 32;

function walSizes(start: Start): StartProblem[] {
  return ['min_wal_size', 'max_wal_size']
    .filter((name) => numberOf(start, name, LEAST_WAL_MEGABYTES) < LEAST_WAL_MEGABYTES)
    .map((name) => ({ name, problem: 'must be at least 32MB, twice a segment', remedy: 'write 32MB or more' }));
}

const STATISTICS = ['log_parser_stats', 'log_planner_stats', 'log_executor_stats'] as const;

function statistics({ values }: Start): StartProblem[] {
  const also = STATISTICS.find((name) => isOn(values(name)));
  if (!also || !isOn(values('log_statement_stats'))) return [];
  const problem = `must not be on together with ${also}`;
  return [{ name: 'log_statement_stats', problem, remedy: 'keep one of the two' }];
}

/** MAX_BACKENDS in postmaster.h, and Ballast's number of WAL senders. */
const MOST_PROCESSES = 262_143;
const SENDERS = 16;

function processes(start: Start): StartProblem[] {
  const workers = Number(start.major) >= 18 ? 'autovacuum_worker_slots' : 'autovacuum_max_workers';
  const parts = { max_connections: 100, max_worker_processes: 8, [workers]: Number(start.major) >= 18 ? 16 : 3 };
  const counts = Object.entries(parts).map(([name, otherwise]) => ({ name, count: numberOf(start, name, otherwise) }));
  const sum = counts.reduce((total, { count }) => total + count, 0) + SENDERS + 1;
  const largest = counts.toSorted((a, b) => b.count - a.count)[0];
  if (sum <= MOST_PROCESSES || !largest) return [];
  const problem = `must be less: connections, workers and senders may be ${MOST_PROCESSES} together, and are ${sum}`;
  return [{ name: largest.name, problem, remedy: `lower ${largest.name}` }];
}

/** Why a server of a major version would not start with settings that are valid one by one. */
export function startProblems(start: Start): StartProblem[] {
  return [hugePages, ioUring, reservedConnections, walSizes, statistics, processes].flatMap((check) => check(start));
}
