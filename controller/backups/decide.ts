import type { DatabaseBackupStatus } from '../../database/types.ts';
import { names } from '../../generator/names.ts';
import type { Decision } from '../runtime/reconciler.ts';
import type { BackupSeen, BackupStep } from './observation.ts';
import type { Outcome } from './outcome.ts';
import { outcomeOf } from './outcome.ts';
import { backupStatus } from './status.ts';

/** How soon a Job is looked for again that the watch does not show. */
const MISSING_SECONDS = 10;

function secondsUntilNextLook(outcome: Outcome, now: Date): number | undefined {
  if (outcome.is === 'missing') return MISSING_SECONDS;
  if (outcome.is !== 'running' || outcome.until === undefined) return undefined;
  return Math.max(1, Math.ceil((outcome.until - now.getTime()) / 1000));
}

/** Chooses the step of one DatabaseBackup, and computes its status. Pure: the same look gives the same decision. */
export function decideBackup(seen: BackupSeen, now: Date): Decision<BackupStep, DatabaseBackupStatus> {
  const outcome = outcomeOf(seen, now);
  const seconds = secondsUntilNextLook(outcome, now);
  return {
    ...(outcome.is === 'due' && {
      step: { do: 'create-job', job: names.backupRun(seen.own.name) },
      because: 'a backup is asked for',
      concern: 'a backup has no Job yet',
    }),
    status: backupStatus(seen, outcome, now),
    ...(seconds !== undefined && { lookAgainAfterSeconds: seconds }),
  };
}
