import type { DatabaseBackupStatus, DatabaseRestore, DatabaseRestoreStatus } from '../../database/types.ts';
import type { RestoreState } from './decision.ts';
import type { ObjectVersion } from './object-version.ts';

/** The backup CronJob, as far as the status reads it. */
export interface BackupCron {
  readonly createdAt?: Date;
  readonly lastScheduledAt?: Date;
  readonly lastSucceededAt?: Date;
  readonly active: number;
  /** Whether the schedule is suspended. */
  readonly suspended: boolean;
}

/** A DatabaseBackup of a Database. */
export interface BackupOfDatabase extends ObjectVersion {
  readonly name: string;
  readonly deleting: boolean;
  /** The backup that the controller made it for; absent for a request. */
  readonly recorded?: string;
  /** Whether the controller made it. */
  readonly isOurs: boolean;
  /** Its backup in the repository, once that is known. */
  readonly label?: string;
  /** When that backup ended. */
  readonly endedAt?: Date;
  readonly phase?: DatabaseBackupStatus['phase'];
  /** Whether only a person can help it. */
  readonly isStalled: boolean;
  /** Whether it is a schedule: the backups that it makes have objects of their own. */
  readonly isScheduled: boolean;
}

/** A DatabaseRestore of a Database. */
export interface RestoreOfDatabase extends ObjectVersion {
  readonly name: string;
  readonly generation: number;
  readonly createdAt: Date;
  readonly deleting: boolean;
  readonly spec: DatabaseRestore['spec'];
  /** The same for the same name and spec, also in a cluster that is made again. */
  readonly id: string;
  /** Rules that it violates, as lines for people; none once it has ended. */
  readonly problems: readonly string[];
  readonly status?: DatabaseRestoreStatus;
}

/** The request for a restore in place, of the ConfigMap NAME-restore. */
export interface RestoreRequest extends ObjectVersion {
  readonly createdAt: Date;
  readonly id: string;
  /** Name of its DatabaseRestore. */
  readonly restore: string;
  /** The member that restores. */
  readonly member: string;
  readonly state: RestoreState;
  /** Why the data are those from before. */
  readonly failure?: string;
  /** What the member has reported for this request. */
  readonly result?: RestoreResult;
}

/** What a member reports of a restore in place. */
export interface RestoreResult {
  readonly state: 'restored' | 'failed';
  readonly reason?: string;
  /** The backup that it restored. */
  readonly backup?: string;
}
