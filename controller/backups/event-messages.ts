import type { DatabaseBackupStatus } from '../../database/types.ts';
import type { Occurrence } from '../../kubernetes/events.ts';
import type { BackupStep } from './observation.ts';

/** The event of a step that was done. */
export function eventOfStep({ job }: BackupStep): Occurrence {
  return { type: 'Normal', reason: 'BackupStarted', action: 'CreateJob', note: `made the Job ${job}` };
}

/** The event of a step that failed. */
export function eventOfFailure({ do: what }: BackupStep, problem: string): Occurrence {
  return { type: 'Warning', reason: 'ActionFailed', action: 'CreateJob', note: `${what}: ${problem}` };
}

const ENDS: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed']);

/** The event of a backup that has ended now; none of one that had ended before it was first looked at. */
export function eventsOfStatus(before: DatabaseBackupStatus | undefined, after: DatabaseBackupStatus): Occurrence[] {
  const { phase, message = '' } = after;
  if (!before || before.phase === phase || !ENDS.has(phase)) return [];
  const isGood = phase === 'Succeeded';
  const reason = isGood ? 'BackupSucceeded' : 'BackupFailed';
  return [{ type: isGood ? 'Normal' : 'Warning', reason, action: 'Observe', note: message }];
}
