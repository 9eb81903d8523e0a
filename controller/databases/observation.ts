import type { NamespaceGuard } from './namespace-guard.ts';
import type { Json } from '../../database/json.ts';
import type { Database } from '../../database/object.ts';
import type { DatabaseStatus, Settings } from '../../database/types.ts';
import type { EngineControl, MemberReport } from '../engines/engine-control.ts';
import type { BackupList } from '../cluster/backup-list.ts';
import type { Verification } from '../cluster/verification.ts';
import type { ObjectToDelete } from './decision.ts';
import type { ObjectVersion } from './object-version.ts';
import type { BackupCron, BackupOfDatabase, RestoreOfDatabase, RestoreRequest } from './observed-backups.ts';
import type { StepHistory } from '../runtime/concern.ts';

/** Replaces an unreadable mark on data: the data belong to no known Database, and are not free. */
export const UNREADABLE = 'unreadable';

/** A Database as the API server holds it: the user's spec, and the metadata around it. */
export interface DatabaseSeen {
  readonly database: Database;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly createdAt: Date;
  readonly deletionRequestedAt?: Date;
  /** Stored status; it contains everything that decisions remember from pass to pass. */
  readonly status?: DatabaseStatus;
}

/** State of the container with Patroni and PostgreSQL. A kubelet's report that it ended is proof of death. */
export interface ServerContainer {
  readonly state: 'waiting' | 'running' | 'terminated';
  readonly restarts: number;
  /** The kubelet's reason for waiting or for the end, for example `CrashLoopBackOff`. */
  readonly reason?: string;
  readonly startedAt?: Date;
  /** When the last run ended, of this container or of the previous one. */
  readonly finishedAt?: Date;
  /** Why the last run, which was to make the first data of the Database, failed to do so. */
  readonly failure?: string;
}

/** A pod of a Database. */
export interface MemberPod {
  readonly name: string;
  readonly ordinal: number;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdAt: Date;
  readonly deleting: boolean;
  readonly ready: boolean;
  /** When `ready` last changed. */
  readonly readyChangedAt?: Date;
  readonly node?: string;
  /** The label that the Services select by. */
  readonly role?: string;
  /** The pod's ServiceAccount. */
  readonly account?: string;
  /** Revision of the StatefulSet's template that the pod was created from. */
  readonly revision?: string;
  /** The pod's engine version: label `app.kubernetes.io/version`. */
  readonly version?: string;
  readonly server?: ServerContainer;
  /** The member's report about itself; absent until its first report. */
  readonly report?: MemberReport;
  /** What the member says of restores in place; absent until it has said something. */
  readonly restores?: MemberRestores;
}

/** What a member says of restores in place, by their ids. */
export interface MemberRestores {
  /** The restore that holds it back from starting its server. */
  readonly held?: string;
  /** Those that its data went through; absent while it is held. */
  readonly done?: readonly string[];
}

/** The StatefulSet of a Database. */
export interface Workload {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly replicas: number;
  readonly updateRevision?: string;
  /** ServiceAccount of new members. */
  readonly account?: string;
  readonly deleting: boolean;
}

/** A claim of a Database's member. Sizes are in bytes. */
export interface Claim {
  readonly name: string;
  readonly ordinal: number;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly requested: bigint;
  readonly capacity?: bigint;
  readonly storageClassName?: string;
  readonly deleting: boolean;
  /** The Database that marked it: its uid, and PostgreSQL's system identifier. */
  readonly owner?: string;
  readonly systemIdentifier?: string;
  /** Conditions that are True, such as `Resizing` and `FileSystemResizePending`, with their messages. */
  readonly conditions: ReadonlyMap<string, string>;
}

/** The engine's record of its leader: Patroni's leader object, NAME-leader. */
export interface Leader {
  readonly resourceVersion: string;
  /** Member that holds the leader lock; absent while none does. */
  readonly member?: string;
  readonly renewedAt?: Date;
  readonly acquiredAt?: Date;
  /** How often the leader lock changed its holder. */
  readonly transitions: number;
  /** Slots of present and departed members that the leader keeps: `retain_slots`. */
  readonly slots?: readonly string[];
}

/** Patroni's configuration object, NAME-config. */
export interface PatroniConfig {
  readonly resourceVersion: string;
  /** The dynamic configuration; empty while absent. */
  readonly config: Readonly<Record<string, Json | undefined>>;
  /** When the controller last wrote it: its annotation `db.example.com/configured-at`, from the same write. */
  readonly configuredAt?: Date;
  /** PostgreSQL's system identifier, once a member has initialised the cluster. */
  readonly systemIdentifier?: string;
}

/** A switchover that the engine was asked for, without members when none is under way; Patroni's NAME-failover. */
export interface PendingSwitchover {
  readonly resourceVersion: string;
  readonly from?: string;
  readonly to?: string;
}

/** An object with the Database's label, of any kind that Ballast renders. */
export interface ManagedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Changes with the desired state: the generation where the kind has one, else the resourceVersion. */
  readonly revision: string;
  readonly deleting: boolean;
  /** Uid of the Database that Ballast made it for; empty when it has only Ballast's labels, absent without them. */
  readonly mark?: string;
}

/** An existing Secret. */
export interface SecretSeen extends ObjectVersion {
  /** The mark, as of a ManagedObject; absent for a user-supplied Secret. */
  readonly mark?: string;
}

/** Facts about the Secrets, without secret data. Secrets are read one by one: the controller has no right to list them. */
export interface CredentialsSeen {
  /** Existing Secrets of the Database, by full name. */
  readonly present: ReadonlyMap<string, SecretSeen>;
  /** When they were last read; they cannot be watched. */
  readonly readAt?: Date;
  /** When to look at the certificates again. */
  readonly renewAt?: Date;
  /** The last values of the annotations `rotate-credentials` and `rotate-system-credentials` that were acted on. */
  readonly rotation?: string;
  readonly systemRotation?: string;
  /** Whether the primary is known to accept every password of the Secrets, and to have the application's role. */
  readonly inForce: boolean;
  /** Since when the present system passwords are in force: members that started earlier hold old ones. */
  readonly membersSince?: Date;
  /** A problem of the passwords that only a user can resolve, with its remedy. */
  readonly problem?: string;
  /** When to check whether the user has resolved it. */
  readonly askAgainAt?: Date;
  /** A problem of the certificates that only a user can resolve, with its remedy; no other step waits for it. */
  readonly certificateProblem?: string;
}

/** A StorageClass that a claim names. */
export interface StorageClassSeen {
  readonly expandable: boolean;
}

/** The controller's control of the members of one engine. */
export type Control = EngineControl<Observation, MemberPod>;

/**
 * Everything that decisions about one Database depend on; gathered from watches, never changed afterwards. An absent field was not
 * observed, which does not prove that the object does not exist.
 */
export interface Observation extends StepHistory {
  readonly own: DatabaseSeen;
  /** The control of its engine's members. */
  readonly control: Control;
  readonly settings: Settings;
  /** Whether the Database asks for direct mode while the installation does not allow it. */
  readonly applyRefused?: true;
  /** Parts of its objects that were too large to store, in words; absent when there are none. */
  readonly cut?: readonly string[];
  /** Rules that the stored object violates, as lines for people; nothing is rendered while there are any. */
  readonly problems: readonly string[];
  readonly workload?: Workload;
  readonly pods: readonly MemberPod[];
  readonly claims: readonly Claim[];
  readonly leader?: Leader;
  /** State of PostgreSQL's cluster, which only its control reads. */
  readonly patroni?: PatroniConfig;
  readonly switchover?: PendingSwitchover;
  /** Ballast's own settings that take a restart, as they were rendered; absent where an earlier version rendered, which told none. */
  readonly restartSettings?: Readonly<Record<string, string>>;
  /** Members that the engine counts as synchronous standbys; Patroni's NAME-sync. */
  readonly synchronous: readonly string[];
  readonly backup?: BackupCron;
  /** Whether a DatabaseBackup with a schedule has a run going on; absent when none has. */
  readonly scheduledBackupRuns?: true;
  /** Fingerprint of the place of its backups; absent while they are off, or the spec is invalid. */
  readonly repository?: string;
  /** The backups in the repository, as the last run found them. */
  readonly backupList?: BackupList;
  /** What came of the latest verification of a backup. */
  readonly verification?: Verification;
  /** Why a gate keeps the requested deletion waiting for a verification, with the remedy; absent when none does. */
  readonly unproven?: { readonly problem: string; readonly remedy: string };
  readonly backups: readonly BackupOfDatabase[];
  /** Its DatabaseRestores, oldest first. */
  readonly restores: readonly RestoreOfDatabase[];
  /** The request for a restore in place, while one is under way. */
  readonly restoreRequest?: RestoreRequest;
  /** Of every rendered kind in direct mode and once deletion is requested; else of the watched kinds only. */
  readonly children: readonly ManagedObject[];
  /** Jobs of DatabaseBackups that go on. */
  readonly backupJobs: readonly ObjectToDelete[];
  readonly credentials?: CredentialsSeen;
  readonly storageClass?: StorageClassSeen;
  /** What guards the namespace from deletion; absent in a namespaced installation. */
  readonly namespaceGuard?: NamespaceGuard;
  /** Whether another Database in the namespace is protected, so that the label must stay. */
  readonly namespaceHasOtherProtected: boolean;
  /** The rendered objects of this Database, with the revision of each after Ballast applied it; direct mode only. */
  readonly rendered?: readonly RenderedObject[];
}

/** One rendered object of a Database in direct mode, compared with the object in the cluster. */
export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /**
   * False when the object is missing, was changed by another writer, or is rendered differently by now. Ignores the replicas of a
   * StatefulSet, which are decided separately.
   */
  readonly upToDate: boolean;
  /** Uid of this Database's object with the name; absent while there is none. */
  readonly uid?: string;
  /** The maker of a foreign object with the name; the foreign object is left alone. */
  readonly takenBy?: string;
  /** When to check whether the name is free. */
  readonly askAgainAt?: Date;
}
