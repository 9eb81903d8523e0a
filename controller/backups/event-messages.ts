import type { DatabaseBackupStatus } from '../../database/types.ts';
import type { Occurrence } from '../../kubernetes/events.ts';
import type { BackupStep } from './observation.ts';

const ACTIONS = {
  'create-job': 'CreateJob',
  'delete-job': 'DeleteJob',
  'apply-cron-job': 'ApplyCronJob',
  'delete-cron-job': 'DeleteCronJob',
} as const;

/** Name of the object that a step is about. */
export function objectOf(step: BackupStep): string {
  return 'job' in step ? step.job : step.cronJob;
}

/** The event of a step that was done. */
export function eventOfStep(step: BackupStep, because: string): Occurrence {
  const told = { type: 'Normal', action: ACTIONS[step.do] } as const;
  switch (step.do) {
    case 'create-job':
      return { ...told, reason: 'BackupStarted', note: `made the Job ${step.job}` };
    case 'delete-job':
      return { ...told, reason: 'BackupStopped', note: `took the Job ${step.job} away: ${because}` };
    case 'apply-cron-job':
      return { ...told, reason: 'ScheduleApplied', note: `applied the CronJob ${step.cronJob}: ${because}` };
    case 'delete-cron-job':
      return { ...told, reason: 'ScheduleStopped', note: `took the CronJob ${step.cronJob} away: ${because}` };
  }
}

/** The event of a step that failed. */
export function eventOfFailure({ do: what }: BackupStep, problem: string): Occurrence {
  return { type: 'Warning', reason: 'ActionFailed', action: ACTIONS[what], note: `${what}: ${problem}` };
}

const ENDS: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed']);

/** How the last run of a schedule went; undefined of one backup. */
function healthOf({
  conditions,
}: DatabaseBackupStatus): { readonly isBad: boolean; readonly message: string } | undefined {
  const found = conditions?.find(({ type }) => type === 'BackupHealthy');
  return found && { isBad: found.status === 'False', message: found.message };
}

/** The event of a run of a schedule that has failed now. */
function eventsOfSchedule(before: DatabaseBackupStatus, after: DatabaseBackupStatus): Occurrence[] {
  const [was, is] = [healthOf(before), healthOf(after)];
  if (!is?.isBad || (was?.isBad && was.message === is.message)) return [];
  return [{ type: 'Warning', reason: 'BackupFailed', action: 'Observe', note: is.message }];
}

/** The event of a backup that has ended now; none of one that had ended before it was first looked at. */
export function eventsOfStatus(before: DatabaseBackupStatus | undefined, after: DatabaseBackupStatus): Occurrence[] {
  const { phase, message = '' } = after;
  if (!before) return [];
  if (!ENDS.has(phase)) return eventsOfSchedule(before, after);
  if (before.phase === phase) return [];
  const isGood = phase === 'Succeeded';
  const reason = isGood ? 'BackupSucceeded' : 'BackupFailed';
  return [{ type: isGood ? 'Normal' : 'Warning', reason, action: 'Observe', note: message }];
}
