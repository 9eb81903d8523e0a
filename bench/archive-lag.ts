import type { Member } from '../test/backups/member.ts';
import { percentile } from './spread.ts';

/** One look at a server that archives. Times in seconds since 1970, positions in bytes. */
interface Look {
  readonly time: number;
  readonly written: number;
  /** The end of the last segment that PostgreSQL knows to be archived. */
  readonly archived: number;
}

/** How far the archive is behind a server under load. */
export interface Lag {
  /** Bytes of WAL a second, as they were written while the load lasted. */
  readonly written: number;
  /** The same of what was archived until all of it was. */
  readonly archived: number;
  /** Seconds of writes that would be lost with the volume: the age of the oldest write that is not archived yet. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

const EACH_SECONDS = 0.2;
const SEGMENT = "(select setting::int8 from pg_settings where name = 'wal_segment_size')";
const END = `('x' || substr(last_archived_wal, 9, 8))::bit(32)::int8 * 4294967296 + (('x' || substr(last_archived_wal, 17, 8))::bit(32)::int8 + 1) * ${SEGMENT}`;
const LOOK = `select extract(epoch from clock_timestamp()), pg_current_wal_lsn() - '0/0', coalesce(${END}, 0) from pg_stat_archiver`;

function looksIn(output: string): Look[] {
  return output
    .split('\n')
    .map((line) => line.split('|').map(Number))
    .filter((numbers) => numbers.length === 3 && numbers.every(Number.isFinite))
    .map(([time = 0, written = 0, archived = 0]) => ({ time, written, archived }));
}

/** Seconds since the first write that was not archived at each look. */
function lags(looks: readonly Look[]): number[] {
  let oldest = 0;
  return looks.map(({ time, archived }) => {
    while (looks[oldest]!.written <= archived && looks[oldest]!.time < time) oldest += 1;
    return looks[oldest]!.written <= archived ? 0 : time - looks[oldest]!.time;
  });
}

/** Runs pgbench with these options for some seconds, and looks until all that it wrote is archived. */
export async function lagUnder(member: Member, options: string, seconds: number): Promise<Lag> {
  const { code, output } = await member.run(`
    echo "${LOOK} \\watch ${EACH_SECONDS}" >/tmp/look.sql
    timeout ${seconds + 90} psql -qAtXf /tmp/look.sql >/tmp/looks 2>&1 &
    pgbench --no-vacuum --time=${seconds} ${options} >/tmp/pgbench 2>&1 || { cat /tmp/pgbench; exit 1; }
    segment=$(psql -qAtXc 'select pg_walfile_name(pg_switch_wal())')
    until [ "$(psql -qAtXc "select last_archived_wal >= '$segment' from pg_stat_archiver")" = t ]; do sleep 0.1; done
    sleep 1; kill %1; cat /tmp/looks`);
  const looks = looksIn(output);
  if (code !== 0 || looks.length < seconds) throw new Error(`the load failed: ${output.slice(-2000)}`);
  const [first, last] = [looks[0]!, looks.at(-1)!];
  const end = looks.findLast(({ time }) => time <= first.time + seconds) ?? last;
  const done = looks.find(({ archived }) => archived >= end.written) ?? last;
  const behind = lags(looks);
  return {
    written: (end.written - first.written) / (end.time - first.time),
    archived: (done.archived - first.written) / (done.time - first.time),
    p50: percentile(behind, 0.5),
    p99: percentile(behind, 0.99),
    worst: Math.max(...behind),
  };
}
