import type { DatabaseBackupStatus } from '../../database/types.ts';
import { backupNames } from '../../generator/backup-names.ts';
import { names } from '../../generator/names.ts';
import type { BackupEntry } from '../cluster/backup-list.ts';
import { isListOf } from '../cluster/backup-list.ts';
import { nextFireIn } from '../databases/status/schedule-in-zone.ts';
import type { ConditionValue } from '../runtime/conditions.ts';
import { moment } from '../runtime/hold.ts';
import type { Waiting } from './gates.ts';
import type { BackupSeen, ScheduleSeen } from './observation.ts';
import type { ScheduleOutcome } from './schedule.ts';

/** A run that has ended is recorded as a success of its CronJob a little later. */
const SETTLE_MS = 120_000;

/** The backups in the repository that this schedule made, newest first. */
function madeBy({ own, list, database }: BackupSeen): readonly BackupEntry[] {
  if (!isListOf(list, database?.repository)) return [];
  return list.backups.filter(({ schedule }) => schedule === own.name);
}

/** The run that ended without success, and when it counts as failed. */
function failedRun({ cronJob }: ScheduleSeen): { readonly at: Date; readonly settledAt: Date } | undefined {
  const { lastScheduledAt, lastSucceededAt, active = 0 } = cronJob?.cron ?? {};
  if (!lastScheduledAt || active > 0) return undefined;
  if (lastSucceededAt && lastSucceededAt >= lastScheduledAt) return undefined;
  return { at: lastScheduledAt, settledAt: new Date(lastScheduledAt.getTime() + SETTLE_MS) };
}

/** Why the last run failed, where the last run of all was of this schedule. */
function reasonIn({ own, list }: BackupSeen): string | undefined {
  const { job = '', succeeded, reason } = list?.lastRun ?? {};
  const cronJob = names.backupSchedule(own.name);
  const isOfThis = job.startsWith(`${cronJob}-`) && /^\d+$/.test(job.slice(cronJob.length + 1));
  return isOfThis && succeeded === false ? reason : undefined;
}

/** BackupHealthy: how the last run of the schedule went. Ready does not depend on it. */
function backupHealthy(seen: BackupSeen, at: ScheduleSeen, now: Date): ConditionValue {
  const [newest] = madeBy(seen);
  const failed = failedRun(at);
  if (failed && now >= failed.settledAt) {
    const why = reasonIn(seen);
    const message = `the backup of ${moment(failed.at)} ${why === undefined ? 'did not succeed' : `failed: ${why}`}`;
    return { status: 'False', reason: 'LastRunFailed', message };
  }
  if (!newest) return { status: 'Unknown', reason: 'NoneYet', message: 'this schedule has made no backup yet' };
  const message = `its last backup ended at ${moment(new Date(newest.endedAt))}`;
  return { status: 'True', reason: 'Succeeded', message };
}

/** The next time at which the CronJob starts a run. */
function nextTime({ cronJob, wanted }: ScheduleSeen, now: Date): Date | undefined {
  return cronJob && wanted && !wanted.suspend ? nextFireIn(wanted.schedule, wanted.timeZone, now) : undefined;
}

/** Timers of Node end at 24 days. */
const LONGEST_SECONDS = 86_400;

/** Seconds until the status may change by itself. */
export function secondsUntilChange(at: ScheduleSeen, now: Date): number | undefined {
  const settledAt = failedRun(at)?.settledAt;
  const times = [nextTime(at, now), settledAt && settledAt > now ? settledAt : undefined];
  const seconds = times.flatMap((time) =>
    time ? [Math.max(1, Math.ceil((time.getTime() - now.getTime()) / 1000))] : [],
  );
  return seconds.length === 0 ? undefined : Math.min(LONGEST_SECONDS, ...seconds);
}

/** What the status of a schedule says, and its conditions Ready and BackupHealthy. */
export interface ToldOfSchedule {
  readonly fields: DatabaseBackupStatus;
  readonly ready: ConditionValue;
  readonly healthy: ConditionValue;
  readonly stalled?: ConditionValue;
}

function phaseOf({ cronJob, wanted }: ScheduleSeen): 'Pending' | 'Scheduled' | 'Suspended' {
  if (!cronJob) return 'Pending';
  return (wanted?.suspend ?? cronJob.cron.suspended) ? 'Suspended' : 'Scheduled';
}

const MESSAGES = {
  Pending: 'its CronJob is being made',
  Scheduled: 'backups are made at the schedule',
  Suspended: 'no backup is made: the schedule is suspended',
} as const;

function stalledBy({ failing }: BackupSeen, waits: Waiting | undefined): ConditionValue | undefined {
  if (waits?.isStalled) return { status: 'True', reason: waits.reason, message: waits.message };
  const refused = failing?.find(({ isLasting }) => isLasting);
  return refused && { status: 'True', reason: 'StepRefused', message: `${refused.subject}: ${refused.why}` };
}

/** Ready, in kstatus' sense: whether the CronJob is there as it should be. A run that failed does not change it. */
function readyOf(seen: BackupSeen, phase: keyof typeof MESSAGES, { waits, step }: ScheduleOutcome): ConditionValue {
  const message = waits?.message ?? MESSAGES[phase];
  if (step && seen.failure !== undefined) {
    const reason = waits?.reason ?? 'Starting';
    return { status: 'False', reason, message: `${message}; the last try came to nothing: ${seen.failure}` };
  }
  if (waits) return { status: 'False', reason: waits.reason, message };
  return phase === 'Pending'
    ? { status: 'False', reason: 'Starting', message }
    : { status: 'True', reason: phase, message };
}

/** What is known of a schedule. Pure, and unchanged until the next backup is due. */
export function toldOfSchedule(
  seen: BackupSeen,
  at: ScheduleSeen,
  outcome: ScheduleOutcome,
  now: Date,
): ToldOfSchedule {
  const cronJob = at.cronJob?.ofBackup?.madeFor === seen.own.uid ? at.cronJob : undefined;
  const own: ScheduleSeen = {
    isDatabaseGone: at.isDatabaseGone,
    ...(at.wanted && { wanted: at.wanted }),
    ...(cronJob && { cronJob }),
  };
  const phase = phaseOf(own);
  const [ready, stalled] = [readyOf(seen, phase, outcome), stalledBy(seen, outcome.waits)];
  const made = madeBy(seen);
  const [newest] = made;
  const next = nextTime(own, now);
  const last = cronJob?.cron.lastScheduledAt;
  const { name } = seen.own.spec.databaseRef;
  return {
    fields: {
      phase,
      message: ready.message,
      ...(next && { nextTime: moment(next) }),
      ...(last && { lastTime: moment(last) }),
      ...(newest && { lastBackup: backupNames.recorded(name, newest.label) }),
      backupCount: made.length,
    },
    ready,
    healthy: backupHealthy(seen, own, now),
    ...(stalled && { stalled }),
  };
}
