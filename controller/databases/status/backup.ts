import type { DatabaseStatus } from '../../../database/types.ts';
import type { BackupList } from '../../cluster/backup-list.ts';
import { isListOf, saysBackups } from '../../cluster/backup-list.ts';
import { readableSize } from '../../../database/values/readable-size.ts';
import { archivedUntil, archiveProblem } from './archive.ts';
import { isInvalid } from '../state/database.ts';
import type { Observation } from '../observation.ts';
import type { ConditionValue } from './conditions.ts';
import { moment } from '../../runtime/hold.ts';
import { nextFireIn } from './schedule-in-zone.ts';
import { verificationFailed } from './verification.ts';

/** A backup that has not started this long after its time was missed. */
const LATE_MS = 3_600_000;
/** A finished run records its success a little later. */
const SETTLE_MS = 120_000;

interface Schedule {
  readonly schedule: string;
  readonly timeZone: string;
}

function scheduleOf(seen: Observation): Schedule | undefined {
  const { backup } = seen.own.database.spec;
  if (isInvalid(seen) || !backup?.enabled) return undefined;
  return { schedule: backup.schedule, timeZone: backup.timeZone };
}

/** The schedule, where the CronJob starts runs. */
function runsIn(seen: Observation): Schedule | undefined {
  return seen.backup?.suspended === true ? undefined : scheduleOf(seen);
}

function latest(...dates: readonly (Date | undefined)[]): Date | undefined {
  const known = dates.filter((date) => date !== undefined);
  return known.length === 0 ? undefined : new Date(Math.max(...known.map((date) => date.getTime())));
}

/** When the run after the last one counts as missed; undefined when none is expected. */
export function missedAt(seen: Observation): Date | undefined {
  const wanted = runsIn(seen);
  const since = latest(seen.backup?.createdAt, seen.backup?.lastScheduledAt);
  const due = wanted && since && nextFireIn(wanted.schedule, wanted.timeZone, since);
  return due && new Date(due.getTime() + LATE_MS);
}

/** The list of backups, where it is that of the present repository, or where that is not known. */
function listOf({ backupList, repository }: Observation): BackupList | undefined {
  return isListOf(backupList, repository) ? backupList : undefined;
}

/** Whether the last run ended without success; undefined while that is unknown. */
function failedRun(seen: Observation): Date | undefined {
  const { backup } = seen;
  const { lastScheduledAt, active = 0 } = backup ?? {};
  const { lastRun } = listOf(seen) ?? {};
  const lastSucceededAt = latest(backup?.lastSucceededAt, lastRun?.succeeded ? new Date(lastRun.at) : undefined);
  if (!lastScheduledAt || active > 0) return undefined;
  return lastSucceededAt && lastSucceededAt >= lastScheduledAt ? undefined : lastScheduledAt;
}

/** When a run that appears to have failed counts as failed. */
export function failedAt(seen: Observation): Date | undefined {
  const run = failedRun(seen);
  return run && runsIn(seen) && new Date(run.getTime() + SETTLE_MS);
}

/** Why no run is expected; undefined where the CronJob starts them. */
function noRuns(seen: Observation): ConditionValue | undefined {
  if (isInvalid(seen)) return { status: 'Unknown', reason: 'Invalid', message: 'the spec breaks rules' };
  if (!scheduleOf(seen)) return { status: 'Unknown', reason: 'Off', message: 'no backups are asked for' };
  if (seen.backup?.suspended !== true) return undefined;
  return { status: 'False', reason: 'Suspended', message: 'nothing is backed up: the CronJob is suspended' };
}

/** The condition after a run that the list shows as failed. */
function failedInList(seen: Observation): ConditionValue | undefined {
  const { lastRun } = listOf(seen) ?? {};
  if (!lastRun || lastRun.succeeded) return undefined;
  const why = lastRun.reason === undefined ? 'did not succeed' : `failed: ${lastRun.reason}`;
  return { status: 'False', reason: 'LastRunFailed', message: `the backup of ${moment(new Date(lastRun.at))} ${why}` };
}

/** What is wrong with the archive. The last run may know why: it asked the repository. */
function archiveFails(seen: Observation): ConditionValue | undefined {
  const [problem, failed] = [archiveProblem(seen, newestStart(seen)), failedInList(seen)];
  return problem && failed ? { ...problem, message: `${problem.message}; ${failed.message}` } : problem;
}

/** The condition by the newest backup of this repository; without any list, by what the CronJob says. */
function healthyBy(seen: Observation): ConditionValue {
  const newest = listOf(seen)?.backups[0];
  const endedAt = seen.backupList ? newest && new Date(newest.endedAt) : seen.backup?.lastSucceededAt;
  if (!endedAt) return { status: 'Unknown', reason: 'NoneYet', message: 'no backup has been made yet' };
  const message = `the last backup ended at ${moment(endedAt)}${gapsIn(seen)}`;
  return { status: 'True', reason: 'Succeeded', message };
}

/** The parts of the log that older backups cannot be taken past, as the end of a message. */
function gapsIn(seen: Observation): string {
  const gaps = listOf(seen)?.gaps ?? [];
  const told = gaps.map(({ from, to }) => `${from} to ${to}`).join(', ');
  return gaps.length === 0 ? '' : `; the repository lacks ${told} of the log: no restore passes that`;
}

function newestStart(seen: Observation): Date | undefined {
  const newest = listOf(seen)?.backups[0];
  return newest && new Date(newest.startedAt);
}

/** BackupHealthy: whether backups start on time and succeed. Ready does not depend on it. */
export function backupHealthy(seen: Observation, now: Date): ConditionValue {
  const none = noRuns(seen);
  const said = none ?? archiveFails(seen) ?? verificationFailed(seen) ?? failedInList(seen);
  if (said) return said;
  const [run, failed, missed] = [failedRun(seen), failedAt(seen), missedAt(seen)];
  if (run && failed && now >= failed) {
    return { status: 'False', reason: 'LastRunFailed', message: `the backup of ${moment(run)} did not succeed` };
  }
  if (missed && now >= missed && (seen.backup?.active ?? 0) === 0) {
    const due = moment(new Date(missed.getTime() - LATE_MS));
    return { status: 'False', reason: 'Missed', message: `no backup began at ${due}, when one was due` };
  }
  return healthyBy(seen);
}

/** What the status says of backups that were made. */
type OfBackups = Pick<DatabaseStatus, 'lastBackup' | 'backupCount' | 'restorable'>;

/** The latest backup of the list; a failed run only where there is no other. */
function lastInList({ backups: [newest], lastRun }: BackupList): DatabaseStatus['lastBackup'] {
  if (newest) {
    const { label, endedAt, size } = newest;
    const told = { name: label, time: moment(new Date(endedAt)), result: 'Succeeded' as const };
    return { ...told, ...(size !== undefined && { size: readableSize(size) }) };
  }
  return lastRun?.succeeded === false ? { time: moment(new Date(lastRun.at)), result: 'Failed' } : undefined;
}

/** The moments from this one on that can be restored. */
function restorable(seen: Observation, from: string): NonNullable<DatabaseStatus['restorable']> {
  const to = archivedUntil(seen, newestStart(seen));
  return { from, ...(to && { to: moment(to) }) };
}

/** What the list of the present repository says. */
function listed(seen: Observation, list: BackupList): OfBackups {
  const { backups, left } = list;
  const lastBackup = lastInList(list);
  const oldest = backups.at(-1);
  return {
    ...(lastBackup && { lastBackup }),
    backupCount: backups.length + left,
    ...(oldest && { restorable: restorable(seen, moment(new Date(oldest.endedAt))) }),
  };
}

/** What is known without a list: what is stored, and the last success of the CronJob. */
function known(seen: Observation): OfBackups {
  const { own, backup } = seen;
  const { lastBackup: before, backupCount, restorable: { from } = {} } = own.status ?? {};
  const time = backup?.lastSucceededAt && moment(backup.lastSucceededAt);
  const lastBackup = time === undefined || time === before?.time ? before : { time, result: 'Succeeded' as const };
  return {
    ...(lastBackup && { lastBackup }),
    ...(backupCount !== undefined && { backupCount }),
    ...(from !== undefined && { restorable: restorable(seen, from) }),
  };
}

function ofBackups(seen: Observation): OfBackups {
  const list = listOf(seen);
  if (list && saysBackups(list)) return listed(seen, list);
  // What is known of another repository is not true of this one.
  return seen.backupList && !list ? {} : known(seen);
}

/** The backups that there are, and the next one. An unknown field keeps its stored value. */
export function backupsOf(seen: Observation, now: Date): OfBackups & Pick<DatabaseStatus, 'nextBackup'> {
  const wanted = runsIn(seen);
  const next = wanted && nextFireIn(wanted.schedule, wanted.timeZone, now);
  return { ...ofBackups(seen), ...(next && { nextBackup: moment(next) }) };
}
