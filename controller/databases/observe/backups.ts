import { names } from '../../../generator/names.ts';
import { keyOf, nameOf } from '../../../kubernetes/objects.ts';
import { backupOfDatabase } from '../../cluster/database-backup.ts';
import { restoresOf } from '../../cluster/database-restore.ts';
import type { BackupList } from '../../cluster/backup-list.ts';
import { restoreRequestOf } from '../../cluster/restore-request.ts';
import type { Watches } from '../../cluster/watches.ts';
import type { CronJobProjection } from '../../cluster/workload.ts';
import { RESOURCES } from '../../resources.ts';
import type { ObjectToDelete } from '../decision.ts';
import type { Observation } from '../observation.ts';
import type { RestoreRequest } from '../observed-backups.ts';

/** The ConfigMap that the jobs of a Database's backups write. */
export function toldOfBackups(watches: Watches, owner: string): ReturnType<Watches['configMaps']['get']> {
  const { namespace, name } = nameOf(owner);
  return watches.configMaps.get(keyOf({ namespace, name: names.backups(name) }));
}

/** The list of a Database's backups. */
export function backupListOf(watches: Watches, owner: string): BackupList | undefined {
  return toldOfBackups(watches, owner)?.list;
}

/** The CronJob of a DatabaseBackup with a schedule that has a run going on, of those of a Database. */
export function scheduledRunOf(watches: Watches, owner: string): CronJobProjection | undefined {
  return watches.cronJobs.indexed(owner).find(({ ofBackup, cron }) => ofBackup !== undefined && cron.active > 0);
}

/** The request for a restore in place of a Database. */
export function restoreRequest(watches: Watches, owner: string): RestoreRequest | undefined {
  const { namespace, name } = nameOf(owner);
  const { request } = watches.configMaps.get(keyOf({ namespace, name: names.restore(name) })) ?? {};
  return request && restoreRequestOf(request);
}

/** The Jobs of DatabaseBackups that go on. */
function backupJobsOf(watches: Watches, owner: string): ObjectToDelete[] {
  const { kind, group, version } = RESOURCES.Job;
  const running = watches.jobs.indexed(owner).filter(({ outcome }) => outcome === undefined);
  return running.map(({ name, uid, resourceVersion }) => ({
    ...{ apiVersion: `${group}/${version}`, kind },
    ...{ name, uid, resourceVersion },
  }));
}

/** What is asked for of a Database by objects of their own, and the Jobs that it became. */
export function requestsOf(
  watches: Watches,
  owner: string,
  now: Date,
): Pick<Observation, 'backups' | 'backupJobs' | 'restores'> {
  return {
    backups: watches.databaseBackups.indexed(owner).map(backupOfDatabase),
    backupJobs: backupJobsOf(watches, owner),
    restores: restoresOf(watches.databaseRestores.indexed(owner), now),
  };
}
