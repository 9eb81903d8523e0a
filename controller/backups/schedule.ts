import { names } from '../../generator/names.ts';
import type { CronJobProjection } from '../cluster/workload.ts';
import type { Waiting } from './gates.ts';
import { waitingForDatabase } from './gates.ts';
import type { ApplyCronJob, BackupSeen, DeleteCronJob, ScheduleSeen, WantedSchedule } from './observation.ts';

/** What has become of a schedule. */
export interface ScheduleOutcome {
  /** Why there is no CronJob, or why it is left as it is. */
  readonly waits?: Waiting;
  readonly step?: ApplyCronJob | DeleteCronJob;
  readonly because?: string;
}

/** Reasons to wait in which no backup can be made: a CronJob would only start runs that fail. */
const OVER: ReadonlySet<string> = new Set(['DatabaseDeleting', 'EngineCannot', 'BackupsOff']);

function isOver(waits: Waiting | undefined, isDatabaseGone: boolean): boolean {
  if (waits?.reason === 'NoDatabase') return isDatabaseGone;
  return waits !== undefined && OVER.has(waits.reason);
}

/** Whether a CronJob is not as it should be; of its template only what the controller applied last is compared. */
function isOutdated({ ofBackup, cron }: CronJobProjection, wanted: WantedSchedule): boolean {
  const { madeFrom, schedule, timeZone } = ofBackup ?? {};
  return (
    madeFrom !== wanted.fingerprint ||
    schedule !== wanted.schedule ||
    timeZone !== wanted.timeZone ||
    cron.suspended !== wanted.suspend
  );
}

/** What is to be done about a CronJob that is the DatabaseBackup's own. */
function ofOwn(
  cronJob: CronJobProjection,
  waits: Waiting | undefined,
  { wanted, isDatabaseGone }: ScheduleSeen,
): ScheduleOutcome {
  const { name, uid, resourceVersion, deleting } = cronJob;
  if (deleting)
    return { waits: { reason: 'Stopping', message: `the CronJob ${name} is being removed`, isStalled: false } };
  if (isOver(waits, isDatabaseGone)) {
    const step = { do: 'delete-cron-job', cronJob: name, uid, resourceVersion } as const;
    return { ...(waits && { waits }), step, because: waits?.message ?? '' };
  }
  // The Database may take no writes for a while: runs then wait, or fail, as those of its own schedule do.
  const told = waits && waits.reason !== 'DatabaseNotReady' ? { waits } : {};
  if (!wanted || waits?.isStalled === true || !isOutdated(cronJob, wanted)) return told;
  return { ...told, step: { do: 'apply-cron-job', cronJob: name, uid }, because: 'the schedule is another now' };
}

/** What has become of a schedule, and what is to be done. */
export function scheduleOutcome(seen: BackupSeen, at: ScheduleSeen): ScheduleOutcome {
  const { own } = seen;
  const { cronJob, wanted } = at;
  if (own.deleting) return { waits: { reason: 'Deleting', message: 'the object is being deleted', isStalled: false } };
  const waits = waitingForDatabase(seen);
  if (cronJob?.ofBackup?.madeFor === own.uid) return ofOwn(cronJob, waits, at);
  if (cronJob) {
    const message = 'the CronJob of an earlier object of this name is being removed';
    return { waits: { reason: 'FormerCronJob', message, isStalled: false } };
  }
  if (waits) return { waits };
  const step = { do: 'apply-cron-job', cronJob: names.backupSchedule(own.name) } as const;
  return wanted ? { step, because: 'backups are asked for at a schedule' } : {};
}
