import { names } from '../../generator/names.ts';
import { keyOf, nameOf } from '../../kubernetes/objects.ts';
import { lastOf } from '../../kubernetes/store.ts';
import type { DatabaseBackupProjection } from '../cluster/database-backup.ts';
import { hasEnded } from '../cluster/database-backup.ts';
import { backupOfSchedule } from '../cluster/backup-schedule.ts';
import { backupOfJob } from '../cluster/job.ts';
import type { Watches } from '../cluster/watches.ts';

/** Whether others of the same Database still wait for it. */
const isInTheWay = (kept: DatabaseBackupProjection): boolean => !hasEnded(kept) && !kept.isStalled && !kept.isScheduled;

/**
 * Calls back with the key of each DatabaseBackup to look at when something changes that it depends on. What has ended depends on the list
 * of backups alone.
 */
export function onBackupChange(watches: Watches, tell: (key: string) => void): void {
  const { databases, databaseBackups, jobs, configMaps, cronJobs } = watches;
  const tellAll = (owner: string, isDue: (kept: DatabaseBackupProjection) => boolean = () => true): void => {
    for (const kept of databaseBackups.indexed(owner)) if (isDue(kept)) tell(keyOf(kept));
  };
  const tellWaiting = (owner: string): void => {
    tellAll(owner, (kept) => !hasEnded(kept));
  };
  databaseBackups.onChange((change) => {
    tell(change.key);
    if (change.type === 'added') return;
    const isOut = change.type === 'deleted' || isInTheWay(change.before) !== isInTheWay(change.after);
    if (isOut) tellWaiting(change.before.owner);
  });
  jobs.onChange((change) => {
    tell(backupOfJob(change.key));
    tellWaiting(lastOf(change).owner);
  });
  databases.onChange(({ key }) => {
    tellWaiting(key);
  });
  cronJobs.onChange((change) => {
    const backup = backupOfSchedule(change.key);
    if (backup !== undefined) tell(backup);
    tellWaiting(lastOf(change).owner);
  });
  configMaps.onChange((change) => {
    const { owner } = lastOf(change);
    if (nameOf(change.key).name === names.backups(nameOf(owner).name)) tellAll(owner);
  });
}
