import type { Json } from '../../database/json.ts';
import type { Database } from '../../database/object.ts';
import type { DatabaseStatus, Settings } from '../../database/types.ts';
import type { EngineControl, MemberReport } from '../engines/engine-control.ts';
import type { StepHistory } from '../runtime/concern.ts';

/** Stands for a mark on data that is there and that nobody can read: it is no Database's, and not free. */
export const UNREADABLE = 'unreadable';

/** A Database as the API server holds it: what the user wrote, and the bookkeeping around it. */
export interface DatabaseSeen {
  readonly database: Database;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly createdAt: Date;
  readonly deletionRequestedAt?: Date;
  /** Status as it is stored; what decisions remember from pass to pass is in it. */
  readonly status?: DatabaseStatus;
}

/** State of the container in which Patroni and PostgreSQL run. A kubelet's word that it ended is proof of death. */
export interface ServerContainer {
  readonly state: 'waiting' | 'running' | 'terminated';
  readonly restarts: number;
  /** Reason that the kubelet gives for waiting or for the end, for example `CrashLoopBackOff`. */
  readonly reason?: string;
  readonly startedAt?: Date;
  /** When the last run ended, of this container or of the one before. */
  readonly finishedAt?: Date;
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
  /** Label that the Services select by. */
  readonly role?: string;
  /** ServiceAccount that it runs under. */
  readonly account?: string;
  /** Revision of the StatefulSet's template that it was made from. */
  readonly revision?: string;
  /** Version of the engine that it was made for: label `app.kubernetes.io/version`. */
  readonly version?: string;
  readonly server?: ServerContainer;
  /** What the member reports about itself; absent while it has not. */
  readonly report?: MemberReport;
}

/** The StatefulSet of a Database. */
export interface Workload {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly replicas: number;
  readonly updateRevision?: string;
  /** ServiceAccount that new members get. */
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
  /** The Database that wrote on it: its uid, and PostgreSQL's system identifier. */
  readonly owner?: string;
  readonly systemIdentifier?: string;
  /** Conditions that are True, such as `Resizing` and `FileSystemResizePending`, and what they say. */
  readonly conditions: ReadonlyMap<string, string>;
}

/** What the engine has recorded about who leads: Patroni's leader object, NAME-leader. */
export interface Leader {
  readonly resourceVersion: string;
  /** Member that holds the leader lock; absent while none does. */
  readonly member?: string;
  readonly renewedAt?: Date;
  readonly acquiredAt?: Date;
  /** How often the lock went to another member. */
  readonly transitions: number;
  /** Slots of members, those that left among them, that the leader keeps: `retain_slots`. */
  readonly slots?: readonly string[];
}

/** Patroni's configuration object, NAME-config. */
export interface PatroniConfig {
  readonly resourceVersion: string;
  /** The dynamic configuration; empty while there is none. */
  readonly config: Readonly<Record<string, Json | undefined>>;
  /** When the controller last wrote it: its annotation `db.example.com/configured-at`, written with it. */
  readonly configuredAt?: Date;
  /** PostgreSQL's system identifier, once a member has made the cluster. */
  readonly systemIdentifier?: string;
}

/** A switchover that was asked of the engine, with neither member when none is under way; Patroni's NAME-failover. */
export interface PendingSwitchover {
  readonly resourceVersion: string;
  readonly from?: string;
  readonly to?: string;
}

/** The backup CronJob, as far as status needs it. */
export interface BackupCron {
  readonly createdAt?: Date;
  readonly lastScheduledAt?: Date;
  readonly lastSucceededAt?: Date;
  readonly active: number;
  /** Whether it starts nothing by itself. */
  readonly suspended: boolean;
}

/** An object that carries the Database's label, of any kind that Ballast renders. */
export interface ManagedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Changes when somebody changes what was asked for: generation where the kind has one, else resourceVersion. */
  readonly revision: string;
  readonly deleting: boolean;
  /** Uid of the Database that Ballast made it for; empty when it bears Ballast's labels alone, absent without them. */
  readonly mark?: string;
}

/** A Secret that is there. */
export interface SecretSeen extends ObjectVersion {
  /** As of a Child; absent for a Secret that somebody else brought. */
  readonly mark?: string;
}

/** Which object it was, and as it was when. */
export interface ObjectVersion {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** What was read of the Secrets, without any secret in it. They are read one by one: nobody may list Secrets. */
export interface CredentialsSeen {
  /** Secrets of the Database that exist, by full name. */
  readonly present: ReadonlyMap<string, SecretSeen>;
  /** When they were read; nobody may watch them. */
  readonly readAt?: Date;
  /** When the certificates are to be looked at again. */
  readonly renewAt?: Date;
  /** Value of the annotation `rotate-credentials` that was acted on last, and of `rotate-system-credentials`. */
  readonly rotation?: string;
  readonly systemRotation?: string;
  /** Whether the primary is known to take every password as it stands in the Secrets, and to have the application's role. */
  readonly inForce: boolean;
  /** Since when the present system passwords are in force: members that started before hold old ones. */
  readonly membersSince?: Date;
  /** What only a person can put right about the passwords, with how. */
  readonly problem?: string;
  /** When to see whether somebody has. */
  readonly askAgainAt?: Date;
  /** What only a person can put right about the certificates, with how; nothing else waits for it. */
  readonly certificateProblem?: string;
}

/** A StorageClass that a claim names. */
export interface StorageClassSeen {
  readonly expandable: boolean;
}

/** How the controller looks after the members of one engine. */
export type Control = EngineControl<Observation, MemberPod>;

/**
 * Everything that decisions about one Database are made from; gathered from watches, never changed afterwards. What is
 * absent has not been seen, which is no proof that it does not exist.
 */
export interface Observation extends StepHistory {
  readonly own: DatabaseSeen;
  /** How the controller looks after the members of its engine. */
  readonly control: Control;
  readonly settings: Settings;
  /** The Database asks that what is rendered be applied, and the installation does not allow it. */
  readonly applyRefused?: true;
  /** Parts of its objects that were larger than what is kept, in words; absent when there are none. */
  readonly cut?: readonly string[];
  /** Rules that the stored object breaks, as lines for people; nothing is rendered while there are any. */
  readonly problems: readonly string[];
  readonly workload?: Workload;
  readonly pods: readonly MemberPod[];
  readonly claims: readonly Claim[];
  readonly leader?: Leader;
  /** State of PostgreSQL's cluster that its control alone reads. */
  readonly patroni?: PatroniConfig;
  readonly switchover?: PendingSwitchover;
  /** Members that the engine counts as synchronous standbys; Patroni's NAME-sync. */
  readonly synchronous: readonly string[];
  readonly backup?: BackupCron;
  /** Of every kind that is rendered, once deletion is requested and in direct mode; else of those that are followed. */
  readonly children: readonly ManagedObject[];
  readonly credentials?: CredentialsSeen;
  readonly storageClass?: StorageClassSeen;
  /** Whether the namespace carries the label that keeps it from being deleted; absent in a namespaced installation. */
  readonly namespaceProtected?: boolean;
  /** Whether any other Database in the namespace is protected, so that the label must stay. */
  readonly namespaceHasOtherProtected: boolean;
  /** What render gives for this Database, with the revision that each object had after Ballast applied it; direct mode only. */
  readonly rendered?: readonly RenderedObject[];
}

/** One rendered object of a Database in direct mode, and whether it stands as it was applied. */
export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /**
   * False when it is missing, was changed by somebody else, or render gives something new. Of a StatefulSet it says
   * nothing about replicas: those are decided on apart.
   */
  readonly upToDate: boolean;
  /** Uid of the object that stands there and is this Database's; absent while there is none. */
  readonly uid?: string;
  /** Who made the object that stands under this name and is not this Database's; it is left alone. */
  readonly takenBy?: string;
  /** When to see whether the name is free. */
  readonly askAgainAt?: Date;
}
