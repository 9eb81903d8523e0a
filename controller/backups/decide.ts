import type { DatabaseBackupStatus } from '../../database/types.ts';
import { names } from '../../generator/names.ts';
import type { Decision } from '../runtime/reconciler.ts';
import type { BackupSeen, BackupStep, ScheduleSeen } from './observation.ts';
import type { Outcome } from './outcome.ts';
import { outcomeOf } from './outcome.ts';
import { scheduleOutcome } from './schedule.ts';
import { secondsUntilChange, toldOfSchedule } from './schedule-status.ts';
import { backupStatus, scheduleStatus } from './status.ts';

/** How soon a Job is looked for again that the watch does not show. */
const MISSING_SECONDS = 10;

function secondsUntilNextLook(outcome: Outcome, now: Date): number | undefined {
  if (outcome.is === 'missing') return MISSING_SECONDS;
  if (outcome.is !== 'running' || outcome.until === undefined) return undefined;
  return Math.max(1, Math.ceil((outcome.until - now.getTime()) / 1000));
}

/** Chooses the step of a schedule, and computes its status. */
function decideSchedule(seen: BackupSeen, at: ScheduleSeen, now: Date): Decision<BackupStep, DatabaseBackupStatus> {
  const outcome = scheduleOutcome(seen, at);
  const { step, because = '' } = outcome;
  const seconds = secondsUntilChange(at, now);
  return {
    ...(step && { step, because, concern: 'the CronJob of a schedule is not as it should be' }),
    status: scheduleStatus(seen, toldOfSchedule(seen, at, outcome, now), now),
    ...(seconds !== undefined && { lookAgainAfterSeconds: seconds }),
  };
}

/** The step of one backup, with why. */
function stepOf(
  { own }: BackupSeen,
  outcome: Outcome,
): Pick<Decision<BackupStep, never>, 'step' | 'because' | 'concern'> {
  if (outcome.is === 'due') {
    const step = { do: 'create-job', job: names.backupRun(own.name) } as const;
    return { step, because: 'a backup is asked for', concern: 'a backup has no Job yet' };
  }
  if (outcome.is !== 'over') return {};
  const { name, uid, resourceVersion } = outcome.job;
  const step = { do: 'delete-job', job: name, uid, resourceVersion } as const;
  return { step, because: outcome.message, concern: 'a run that can only fail goes on' };
}

/** Chooses the step of one DatabaseBackup, and computes its status. Pure: the same look gives the same decision. */
export function decideBackup(seen: BackupSeen, now: Date): Decision<BackupStep, DatabaseBackupStatus> {
  if (seen.schedule) return decideSchedule(seen, seen.schedule, now);
  const outcome = outcomeOf(seen, now);
  const seconds = secondsUntilNextLook(outcome, now);
  return {
    ...stepOf(seen, outcome),
    status: backupStatus(seen, outcome, now),
    ...(seconds !== undefined && { lookAgainAfterSeconds: seconds }),
  };
}
