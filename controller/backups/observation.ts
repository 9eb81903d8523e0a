import type { DatabaseBackup, DatabaseBackupStatus } from '../../database/types.ts';
import type { BackupList } from '../cluster/backup-list.ts';
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
  /** Whether the API server itself, not the watch, has no such Job. */
  readonly isJobAbsent: boolean;
}

/** A single step for a DatabaseBackup: the Job is only ever made, under a name that a second try would find taken. */
export interface BackupStep {
  readonly do: 'create-job';
  readonly job: string;
}
