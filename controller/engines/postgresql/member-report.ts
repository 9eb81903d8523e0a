import { isFollowed } from '../../../policies/parameters/followed.ts';
import type { JsonObject } from '../../cluster/json-path.ts';
import { holdsAt, isAt, read, recordAt, withoutAbsent, wordAt } from '../../cluster/json-path.ts';
import { jsonRecord, message, position, whole, word } from '../../cluster/values.ts';
import { archiveReport } from './archive-report.ts';
import type { MemberReport, WaitingSetting } from '../engine-control.ts';

/** PostgreSQL's own limit. */
const MOST_TIMELINES = 2 ** 32 - 1;
/** A restart waits for a handful of settings. */
const MOST_WAITING = 64;

/** A setting's value as Patroni writes it: text; any other value as JSON. */
function shown(value: unknown): string {
  return message(typeof value === 'string' ? value : JSON.stringify(value ?? null)) ?? '';
}

/** A setting with a pending restart. Some settings a standby can lower only after its primary (a rule of hot standby). */
export function waitingSetting(name: string, runs: string, wanted: string): WaitingSetting {
  return { name, runs, wanted, primaryFirst: isFollowed(name) && Number(wanted) < Number(runs) };
}

function waitingIn(status: JsonObject): WaitingSetting[] | undefined {
  if (!isAt(status, 'pending_restart_reason')) return undefined;
  return Object.entries(recordAt(status, 'pending_restart_reason'))
    .slice(0, MOST_WAITING)
    .flatMap(([setting, values]) => {
      const name = word(setting);
      if (name === undefined) return [];
      return waitingSetting(name, read(shown, values, 'old_value'), read(shown, values, 'new_value'));
    });
}

/** Patroni's names of a standby's role (patroni/postgresql/misc.py, PostgresqlRole). */
const STANDBYS: ReadonlySet<string> = new Set(['replica', 'standby_leader']);

function roleIn(status: JsonObject): MemberReport['role'] {
  const role = wordAt(status, 'role') ?? '';
  if (role === 'primary') return role;
  return STANDBYS.has(role) ? 'standby' : 'none';
}

function reportIn(text: unknown): MemberReport | undefined {
  if (text === undefined) return undefined;
  const status = jsonRecord(text);
  const runs = wordAt(status, 'state') === 'running';
  return {
    role: roleIn(status),
    runs,
    follows: runs && wordAt(status, 'replication_state') === 'streaming',
    pendingRestart: holdsAt(true, status, 'pending_restart'),
    ...withoutAbsent({
      term: whole(status['timeline'], MOST_TIMELINES),
      position: read(position, status, 'xlog_location'),
      waiting: waitingIn(status),
    }),
  };
}

/** Parses the annotation `status` that Patroni keeps on its pod; undefined until Patroni has written one. */
export function memberReport(annotations: JsonObject): MemberReport | undefined {
  const report = read(reportIn, annotations, 'status');
  return report && { ...report, ...withoutAbsent({ archive: archiveReport(annotations) }) };
}
