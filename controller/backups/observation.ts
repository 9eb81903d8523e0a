import type { DatabaseBackup, DatabaseBackupStatus } from '../../database/types.ts';
import type { BackupList } from '../cluster/backup-list.ts';
import type { CronJobProjection } from '../cluster/workload.ts';
import type { JobProjection } from '../cluster/job.ts';
import type { DatabaseSeen } from '../databases/observation.ts';
import type { StepHistory } from '../runtime/concern.ts';

/** A DatabaseBackup as the API server holds it. */
export interface BackupObject {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly deleting: boolean;
  readonly spec: DatabaseBackup['spec'];
  /** The backup that the controller made the object for; absent for a request. */
  readonly recorded?: string;
  readonly status?: DatabaseBackupStatus;
}

/** The Database of a DatabaseBackup, as far as backups depend on it. */
export interface DatabaseOfBackup {
  readonly own: DatabaseSeen;
  readonly isInvalid: boolean;
  /** Whether its engine can be backed up. */
  readonly canBackUp: boolean;
  /** Fingerprint of the repository; absent while backups are off. */
  readonly repository?: string;
  /** Name of the first backup in this repository. */
  readonly first?: string;
  /** Whether that has ended, with or without success. */
  readonly firstHasEnded: boolean;
  /** What is backed up now, or goes first, in words; absent when this backup may run. */
  readonly busyWith?: string;
}

/** Everything that decisions about one DatabaseBackup depend on. */
export interface BackupSeen extends StepHistory {
  readonly own: BackupObject;
  /** Rules that the object violates, as lines for people. */
  readonly problems: readonly string[];
  readonly database?: DatabaseOfBackup;
  readonly list?: BackupList;
  /** The Job under its name. */
  readonly job?: JobProjection;
  /** Of a schedule. */
  readonly schedule?: ScheduleSeen;
  /** Whether the API server itself, not the watch, has no such Job. */
  readonly isJobAbsent: boolean;
}

/** The CronJob of a DatabaseBackup with a schedule: as it stands, and as it should be. */
export interface ScheduleSeen {
  /** The CronJob under its name. */
  readonly cronJob?: CronJobProjection;
  /** Absent while the Database cannot be backed up, or its spec is invalid. */
  readonly wanted?: WantedSchedule;
  /** Whether there is no such Database at all; one that is only not looked after at present is there. */
  readonly isDatabaseGone: boolean;
}

/** The CronJob that a DatabaseBackup asks for. */
export interface WantedSchedule {
  readonly schedule: string;
  readonly timeZone: string;
  readonly suspend: boolean;
  /** A fingerprint of the whole object. */
  readonly fingerprint: string;
}

/** Makes the Job of one backup, under a name that a second try would find taken. */
export interface CreateJob {
  readonly do: 'create-job';
  readonly job: string;
}

/** Takes the Job of a run away that can only fail, at the version that was seen. */
export interface DeleteJob {
  readonly do: 'delete-job';
  readonly job: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Makes the CronJob of a schedule, or changes it: the one with this uid, where there is one. */
export interface ApplyCronJob {
  readonly do: 'apply-cron-job';
  readonly cronJob: string;
  readonly uid?: string;
}

/** Takes the CronJob of a schedule away, at the version that was seen. */
export interface DeleteCronJob {
  readonly do: 'delete-cron-job';
  readonly cronJob: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** A single step for a DatabaseBackup. */
export type BackupStep = CreateJob | DeleteJob | ApplyCronJob | DeleteCronJob;
