import { names } from '../../generator/names.ts';
import { keyOf, nameOf } from '../../kubernetes/objects.ts';
import type { DatabaseBackupProjection } from '../cluster/database-backup.ts';
import { backupOfJob } from '../cluster/job.ts';
import type { Watches } from '../cluster/watches.ts';

const ENDED: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed']);

const hasEnded = ({ status }: DatabaseBackupProjection): boolean => ENDED.has(status?.phase);

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
    const [before, after] = [
      change.type === 'added' ? undefined : change.before,
      change.type === 'deleted' ? undefined : change.after,
    ];
    // The next one of the same Database may begin.
    const kept = after ?? before;
    if (kept && (!after || hasEnded(after) !== (before !== undefined && hasEnded(before)))) tellWaiting(kept.owner);
  });
  jobs.onChange((change) => {
    tell(backupOfJob(change.key));
    tellWaiting((change.type === 'deleted' ? change.before : change.after).owner);
  });
  databases.onChange(({ key }) => {
    tellWaiting(key);
  });
  cronJobs.onChange((change) => {
    tellWaiting((change.type === 'deleted' ? change.before : change.after).owner);
  });
  configMaps.onChange((change) => {
    const { owner } = change.type === 'deleted' ? change.before : change.after;
    if (nameOf(change.key).name === names.backups(nameOf(owner).name)) tellAll(owner);
  });
}
