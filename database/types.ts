// Written by `npm run generated` from database/schema/. Do not edit.
/**
 * A database: one engine cluster with its storage, backups and monitoring.
 */
export interface Database {
apiVersion: "db.example.com/v1alpha1"
kind: "Database"
/**
 * Name, namespace, labels and annotations of the object.
 */
metadata: {
/**
 * Name of the object, unique in its namespace.
 */
name?: string
/**
 * Prefix of a name that the API server completes.
 */
generateName?: string
/**
 * Namespace of the object; that of --namespace, else default, when absent.
 */
namespace?: string
/**
 * Labels of the object.
 */
labels?: {
[k: string]: string
}
/**
 * Annotations of the object.
 */
annotations?: {
[k: string]: string
}
uid?: string
resourceVersion?: string
generation?: number
creationTimestamp?: string
deletionTimestamp?: string
deletionGracePeriodSeconds?: number
/**
 * @maxItems 256
 */
finalizers?: string[]
/**
 * @maxItems 256
 */
ownerReferences?: {

}[]
/**
 * @maxItems 256
 */
managedFields?: {

}[]
selfLink?: string
}
/**
 * What the database should be.
 */
spec: {
/**
 * The database engine. Fixed once the Database exists.
 */
engine: ("postgresql" | "mysql" | "mongodb")
/**
 * Version of the engine: a major version (16) or major.minor as quoted text ("16.3"). Upgrades go one major version at a time, never down.
 */
version: (number | string)
/**
 * Preset for replicas and resources: small (1 replica, 500m CPU, 512Mi), medium (2 replicas, 1 CPU, 1Gi), large (3 replicas, 2 CPU, 2Gi).
 */
size?: ("small" | "medium" | "large")
/**
 * Number of members, the primary included: 1 to 9. The preset of size, else 1, when absent.
 */
replicas?: number
/**
 * The volume that each member keeps its data on.
 */
storage: {
/**
 * Size of each volume, for example 20Gi; from 1Gi to 64Ti. It may grow, never shrink.
 */
size: (number | string)
/**
 * StorageClass of the volumes; the default class of the cluster when absent. Fixed once the Database exists.
 */
storageClassName?: string
}
/**
 * Processor time and memory of each member. The preset of size when absent.
 */
resources?: {
/**
 * What the scheduler sets aside.
 */
requests?: {
/**
 * Processor time in cores, for example 500m or 2.
 */
cpu?: (number | string)
/**
 * Memory in bytes, for example 1Gi.
 */
memory?: (number | string)
}
/**
 * What a member may use at most.
 */
limits?: {
/**
 * Processor time in cores, for example 500m or 2.
 */
cpu?: (number | string)
/**
 * Memory in bytes, for example 1Gi.
 */
memory?: (number | string)
}
}
/**
 * Settings of the engine by name, for example max_connections: "200". Settings that Ballast owns are refused.
 */
parameters?: {
[k: string]: number | string
}
/**
 * Scheduled backups. Nothing is backed up while this is absent.
 */
backup?: {
/**
 * Whether the schedule runs.
 */
enabled: boolean
/**
 * When to run: five fields (minute hour day-of-month month day-of-week) as a Kubernetes CronJob reads them, or @hourly, @daily, @weekly, @monthly, @yearly.
 */
schedule: string
/**
 * IANA time zone of the schedule, for example Europe/Berlin; Etc/UTC when absent.
 */
timeZone: string
/**
 * How long backups are kept: a backup stays while either rule keeps it. A bare number, or text such as 7d, means days. 7 days and 5 backups when absent.
 */
retention?: ((number | string) | {
/**
 * Keep every backup of this many last days (7 or "7d").
 */
days?: (number | string)
/**
 * Keep at least this many of the newest backups.
 */
count?: number
})
/**
 * Where backups are stored: s3://bucket/prefix, gs://bucket/prefix, azure://account/container/prefix or pvc://, or the long form with s3, gcs, azure or pvc.
 */
destination?: (string | {
/**
 * An S3 bucket, or a service that speaks its protocol.
 */
s3?: {
/**
 * Name of the bucket; without a dot.
 */
bucket: string
/**
 * Path inside it; the namespace and name of the Database when absent.
 */
prefix?: string
/**
 * Region of the bucket. A bucket of Amazon needs it: requests are signed for us-east-1 when it is absent. Most other services take any.
 */
region?: string
/**
 * Host, or host:port, of another service that speaks S3, over TLS.
 */
endpoint?: string
/**
 * Whether requests name the bucket in their path, or in front of the host; path when an endpoint is named, host for Amazon.
 */
uriStyle?: ("path" | "host")
/**
 * Secret of the same namespace with the key ca.crt: the authorities that the certificate of the service may be of; those that the image knows when absent.
 */
caSecret?: string
/**
 * Secret of the same namespace with the keys accessKeyId and secretAccessKey; the pod identity of the cloud when absent.
 */
credentialsSecret?: string
}
/**
 * A bucket of Google Cloud Storage.
 */
gcs?: {
/**
 * Name of the bucket.
 */
bucket: string
/**
 * Path inside it; the namespace and name of the Database when absent.
 */
prefix?: string
/**
 * Host, or host:port, of another service that speaks its protocol, over TLS.
 */
endpoint?: string
/**
 * Secret of the same namespace with the key ca.crt: the authorities that the certificate of the service, and of the one that the key names for tokens, may be of; those that the image knows when absent.
 */
caSecret?: string
/**
 * Secret of the same namespace with the key key.json: the key file of a service account of Google; the pod identity of the cloud when absent.
 */
credentialsSecret?: string
}
/**
 * A container of Azure Blob Storage.
 */
azure?: {
/**
 * Name of the container.
 */
container: string
/**
 * Name of the storage account.
 */
account: string
/**
 * Path inside it; the namespace and name of the Database when absent.
 */
prefix?: string
/**
 * Host, or host:port, of another Azure cloud or service, over TLS; blob.core.windows.net when absent.
 */
endpoint?: string
/**
 * Whether requests name the account in their path, or in front of the host; host, as in every cloud of Azure, when absent.
 */
uriStyle?: ("path" | "host")
/**
 * Secret of the same namespace with the key ca.crt: the authorities that the certificate of the service may be of; those that the image knows when absent.
 */
caSecret?: string
/**
 * Secret of the same namespace with the key accountKey; the managed identity of the node when absent, which pgBackRest knows from version 2.58 on.
 */
credentialsSecret?: string
}
/**
 * A volume of its own in the cluster.
 */
pvc?: {
/**
 * Size of the volume, from 1Gi to 64Ti; twice the size of the Database storage when absent. It may grow, never shrink.
 */
size?: (number | string)
/**
 * StorageClass of the volume; that of the Database storage when absent. Fixed once the volume exists.
 */
storageClassName?: string
}
})
/**
 * Encryption of all that is written to the destination, before it leaves the pods.
 */
encryption?: {
/**
 * Whether backups are encrypted (AES-256) with the key passphrase of the Secret NAME-backup-key. The controller makes that Secret once, unless you bring it, and never changes or deletes it. It is neither in Git nor at the destination: keep a copy of it elsewhere, for without it no backup can be read. To switch it on or off, change the place of the backups together with it.
 */
enabled: boolean
}
/**
 * A regular proof that the newest backup can be restored: it is restored into a volume of its own, started, read completely, and asked. Members are not touched. Nothing is proven while this is absent.
 */
verify?: {
/**
 * When to run: five fields (minute hour day-of-month month day-of-week) as a Kubernetes CronJob reads them, or @hourly, @daily, @weekly, @monthly, @yearly. In the time zone of the backups.
 */
schedule: string
/**
 * Queries about the restored data, each of which must give true: one row with one boolean. They run in the database app, under a role that can read everything and write nothing, each for at most five minutes.
 * 
 * @maxItems 10
 */
sql?: string[]
/**
 * What waits for a proof: it is refused unless the latest verification of the present backups succeeded, and is young enough. To remove or change the gate is a change of its own.
 */
gate?: {
/**
 * What is refused without it. Deletion: the deletion of the Database with its data (deletionPolicy Delete). DestinationChange: a change of the destination, which leaves the present backups behind.
 * 
 * @minItems 1
 * @maxItems 8
 * 
 * Items: Deletion or DestinationChange.
 */
before: ("Deletion" | "DestinationChange")[]
/**
 * How many days ago the verification may have ended (7 or "7d").
 */
maxAge: (number | string)
}
}
}
/**
 * How the data is first made. Read only when there are none yet.
 */
bootstrap?: {
/**
 * Take over the volumes that an earlier Database of this name left behind.
 */
adopt: boolean
/**
 * Begin with what this Database left behind, when it is made again: its volumes; else the newest state that spec.backup.destination holds under its own name; else restore, or empty. May be set and left at any time. With encryption, the Secret NAME-backup-key must be brought back as well.
 */
recover: boolean
/**
 * Start from a backup of another Database instead of an empty database.
 */
restore?: {
/**
 * Name of the Database, in the same namespace, whose backup is restored.
 */
from: string
/**
 * Name of the backup; the newest that fits when absent.
 */
backup?: string
/**
 * Point in time to restore to, in RFC 3339 with a zone, for example 2026-11-20T10:00:00Z. Without any target, the end of the backup that is named, else the latest state that the archive holds.
 */
targetTime?: string
/**
 * Position in the WAL to restore to, as pg_current_wal_lsn() gives it, for example 16/B374D848: everything that was written before it.
 */
targetLSN?: string
/**
 * Restore point to restore to, made with pg_create_restore_point(). It needs the backup from which the replay reaches it.
 */
targetName?: string
/**
 * Where that backup is, in a bucket; the bucket of spec.backup, under the name of the source, when absent.
 */
destination?: (string | {
/**
 * An S3 bucket, or a service that speaks its protocol.
 */
s3?: {
/**
 * Name of the bucket; without a dot.
 */
bucket: string
/**
 * Path inside it; the namespace and name of the Database when absent.
 */
prefix?: string
/**
 * Region of the bucket. A bucket of Amazon needs it: requests are signed for us-east-1 when it is absent. Most other services take any.
 */
region?: string
/**
 * Host, or host:port, of another service that speaks S3, over TLS.
 */
endpoint?: string
/**
 * Whether requests name the bucket in their path, or in front of the host; path when an endpoint is named, host for Amazon.
 */
uriStyle?: ("path" | "host")
/**
 * Secret of the same namespace with the key ca.crt: the authorities that the certificate of the service may be of; those that the image knows when absent.
 */
caSecret?: string
/**
 * Secret of the same namespace with the keys accessKeyId and secretAccessKey; the pod identity of the cloud when absent.
 */
credentialsSecret?: string
}
/**
 * A bucket of Google Cloud Storage.
 */
gcs?: {
/**
 * Name of the bucket.
 */
bucket: string
/**
 * Path inside it; the namespace and name of the Database when absent.
 */
prefix?: string
/**
 * Host, or host:port, of another service that speaks its protocol, over TLS.
 */
endpoint?: string
/**
 * Secret of the same namespace with the key ca.crt: the authorities that the certificate of the service, and of the one that the key names for tokens, may be of; those that the image knows when absent.
 */
caSecret?: string
/**
 * Secret of the same namespace with the key key.json: the key file of a service account of Google; the pod identity of the cloud when absent.
 */
credentialsSecret?: string
}
/**
 * A container of Azure Blob Storage.
 */
azure?: {
/**
 * Name of the container.
 */
container: string
/**
 * Name of the storage account.
 */
account: string
/**
 * Path inside it; the namespace and name of the Database when absent.
 */
prefix?: string
/**
 * Host, or host:port, of another Azure cloud or service, over TLS; blob.core.windows.net when absent.
 */
endpoint?: string
/**
 * Whether requests name the account in their path, or in front of the host; host, as in every cloud of Azure, when absent.
 */
uriStyle?: ("path" | "host")
/**
 * Secret of the same namespace with the key ca.crt: the authorities that the certificate of the service may be of; those that the image knows when absent.
 */
caSecret?: string
/**
 * Secret of the same namespace with the key accountKey; the managed identity of the node when absent, which pgBackRest knows from version 2.58 on.
 */
credentialsSecret?: string
}
/**
 * A volume of its own in the cluster.
 */
pvc?: {
/**
 * Size of the volume, from 1Gi to 64Ti; twice the size of the Database storage when absent. It may grow, never shrink.
 */
size?: (number | string)
/**
 * StorageClass of the volume; that of the Database storage when absent. Fixed once the volume exists.
 */
storageClassName?: string
}
})
/**
 * Secret of the same namespace with the key passphrase, when the backups in that bucket are encrypted: that of the source, SOURCE-backup-key, or a copy of it.
 */
encryptionSecret?: string
}
}
/**
 * Metrics, alerts and a dashboard.
 */
monitoring?: {
/**
 * Whether metrics are scraped; the installation decides when absent.
 */
enabled?: boolean
/**
 * Whether alert rules are made; the same as enabled when absent.
 */
alerting?: boolean
}
/**
 * How standbys follow the primary. No effect with one replica.
 */
highAvailability?: {
/**
 * Whether a commit waits for a standby: "off" (quote it) never, preferred while one is there, required always.
 */
synchronous: ("off" | "preferred" | "required")
/**
 * A standby that is further behind than this many bytes does not become primary.
 */
maximumLagBytes: number
}
/**
 * Who may reach the members over the network, and whom they may reach.
 */
networkPolicy?: {
/**
 * Whether a NetworkPolicy is made.
 */
enabled: boolean
/**
 * Who may connect as a client, as peers of a Kubernetes NetworkPolicy; every pod of the same namespace when empty.
 * 
 * @maxItems 32
 * 
 * Items: One group of clients.
 */
from?: {
/**
 * Pods with these labels.
 */
podSelector?: {
/**
 * Labels that must all be there.
 */
matchLabels?: {
[k: string]: string
}
/**
 * Conditions on labels that must all hold.
 * 
 * @maxItems 16
 * 
 * Items: One condition on a label.
 */
matchExpressions?: {
/**
 * Label that the condition is about.
 */
key: string
/**
 * In, NotIn, Exists or DoesNotExist.
 */
operator: ("In" | "NotIn" | "Exists" | "DoesNotExist")
/**
 * Values for In and NotIn.
 * 
 * @maxItems 32
 */
values?: string[]
}[]
}
/**
 * Namespaces with these labels.
 */
namespaceSelector?: {
/**
 * Labels that must all be there.
 */
matchLabels?: {
[k: string]: string
}
/**
 * Conditions on labels that must all hold.
 * 
 * @maxItems 16
 * 
 * Items: One condition on a label.
 */
matchExpressions?: {
/**
 * Label that the condition is about.
 */
key: string
/**
 * In, NotIn, Exists or DoesNotExist.
 */
operator: ("In" | "NotIn" | "Exists" | "DoesNotExist")
/**
 * Values for In and NotIn.
 * 
 * @maxItems 32
 */
values?: string[]
}[]
}
/**
 * A range of addresses.
 */
ipBlock?: {
/**
 * Range in CIDR form, for example 10.0.0.0/8.
 */
cidr: string
/**
 * Ranges inside it that are left out.
 * 
 * @maxItems 32
 */
except?: string[]
}
}[]
/**
 * Whom the members may connect to beside each other, the API server and their backups, at any port: servers of foreign tables and of subscriptions, for example.
 * 
 * @maxItems 32
 * 
 * Items: One group of servers.
 */
to?: {
/**
 * Pods with these labels.
 */
podSelector?: {
/**
 * Labels that must all be there.
 */
matchLabels?: {
[k: string]: string
}
/**
 * Conditions on labels that must all hold.
 * 
 * @maxItems 16
 * 
 * Items: One condition on a label.
 */
matchExpressions?: {
/**
 * Label that the condition is about.
 */
key: string
/**
 * In, NotIn, Exists or DoesNotExist.
 */
operator: ("In" | "NotIn" | "Exists" | "DoesNotExist")
/**
 * Values for In and NotIn.
 * 
 * @maxItems 32
 */
values?: string[]
}[]
}
/**
 * Namespaces with these labels.
 */
namespaceSelector?: {
/**
 * Labels that must all be there.
 */
matchLabels?: {
[k: string]: string
}
/**
 * Conditions on labels that must all hold.
 * 
 * @maxItems 16
 * 
 * Items: One condition on a label.
 */
matchExpressions?: {
/**
 * Label that the condition is about.
 */
key: string
/**
 * In, NotIn, Exists or DoesNotExist.
 */
operator: ("In" | "NotIn" | "Exists" | "DoesNotExist")
/**
 * Values for In and NotIn.
 * 
 * @maxItems 32
 */
values?: string[]
}[]
}
/**
 * A range of addresses.
 */
ipBlock?: {
/**
 * Range in CIDR form, for example 10.0.0.0/8.
 */
cidr: string
/**
 * Ranges inside it that are left out.
 * 
 * @maxItems 32
 */
except?: string[]
}
}[]
}
/**
 * The service account ballast-member-NAME of members and backup jobs. It is of this Database alone.
 */
serviceAccount?: {
/**
 * Annotations by which a cloud knows the pods, so that a destination without credentialsSecret is opened by their identity: eks.amazonaws.com/role-arn, iam.gke.io/gcp-service-account. A change recreates the members.
 */
annotations?: {
[k: string]: string
}
}
/**
 * Whether members avoid each other’s nodes: preferred when they can, required always.
 */
podAntiAffinity: ("preferred" | "required")
/**
 * Labels that a node must have to run a member.
 */
nodeSelector?: {
[k: string]: string
}
/**
 * Taints of nodes that the members put up with, as in a pod.
 * 
 * @maxItems 16
 * 
 * Items: One taint, or a group of them.
 */
tolerations?: {
/**
 * Key of the taint; every key when absent.
 */
key?: string
/**
 * Exists or Equal.
 */
operator?: ("Exists" | "Equal")
/**
 * Value of the taint, with Equal.
 */
value?: string
/**
 * NoSchedule, PreferNoSchedule or NoExecute; every effect when absent.
 */
effect?: ("NoSchedule" | "PreferNoSchedule" | "NoExecute")
/**
 * How long NoExecute is put up with, in seconds.
 */
tolerationSeconds?: number
}[]
/**
 * PriorityClass of the pods.
 */
priorityClassName?: string
/**
 * What deletion does. Protect: it is refused. Retain: the workload goes, data and credentials stay. Delete: all goes, once confirmed by the annotation db.example.com/confirm-delete.
 */
deletionPolicy: ("Protect" | "Retain" | "Delete")
}
status?: {

}
}

/**
 * A backup of a Database: one now, or on a schedule of its own.
 */
export interface DatabaseBackup {
apiVersion: "db.example.com/v1alpha1"
kind: "DatabaseBackup"
/**
 * Name, namespace, labels and annotations of the object.
 */
metadata: {
/**
 * Name of the object, unique in its namespace.
 */
name?: string
/**
 * Prefix of a name that the API server completes.
 */
generateName?: string
/**
 * Namespace of the object; that of --namespace, else default, when absent.
 */
namespace?: string
/**
 * Labels of the object.
 */
labels?: {
[k: string]: string
}
/**
 * Annotations of the object.
 */
annotations?: {
[k: string]: string
}
uid?: string
resourceVersion?: string
generation?: number
creationTimestamp?: string
deletionTimestamp?: string
deletionGracePeriodSeconds?: number
/**
 * @maxItems 256
 */
finalizers?: string[]
/**
 * @maxItems 256
 */
ownerReferences?: {

}[]
/**
 * @maxItems 256
 */
managedFields?: {

}[]
selfLink?: string
}
/**
 * What to back up, how, and when.
 */
spec: {
/**
 * The Database, in the same namespace, that this object is about.
 */
databaseRef: {
/**
 * Name of the Database.
 */
name: string
}
/**
 * Kind of backup; auto is full when there is none to build on, else incremental.
 */
type: ("auto" | "full" | "incremental")
/**
 * When to run: five fields (minute hour day-of-month month day-of-week) as a Kubernetes CronJob reads them, or @hourly, @daily, @weekly, @monthly, @yearly. One backup now when absent. Fixed once the object exists.
 */
schedule?: string
/**
 * IANA time zone of the schedule, for example Europe/Berlin; that of the backups of the Database when absent.
 */
timeZone?: string
/**
 * Whether the schedule is paused.
 */
suspend: boolean
/**
 * Whether retention of the Database never takes its backups away.
 */
keepForever: boolean
}
status?: {

}
}

/**
 * Puts a Database back to a backup, in place. To restore into a new Database, use its spec.bootstrap.
 */
export interface DatabaseRestore {
apiVersion: "db.example.com/v1alpha1"
kind: "DatabaseRestore"
/**
 * Name, namespace, labels and annotations of the object.
 */
metadata: {
/**
 * Name of the object, unique in its namespace.
 */
name?: string
/**
 * Prefix of a name that the API server completes.
 */
generateName?: string
/**
 * Namespace of the object; that of --namespace, else default, when absent.
 */
namespace?: string
/**
 * Labels of the object.
 */
labels?: {
[k: string]: string
}
/**
 * Annotations of the object.
 */
annotations?: {
[k: string]: string
}
uid?: string
resourceVersion?: string
generation?: number
creationTimestamp?: string
deletionTimestamp?: string
deletionGracePeriodSeconds?: number
/**
 * @maxItems 256
 */
finalizers?: string[]
/**
 * @maxItems 256
 */
ownerReferences?: {

}[]
/**
 * @maxItems 256
 */
managedFields?: {

}[]
selfLink?: string
}
/**
 * Which Database is put back to which backup.
 */
spec: {
/**
 * The Database, in the same namespace, that this object is about.
 */
databaseRef: {
/**
 * Name of the Database.
 */
name: string
}
/**
 * The DatabaseBackup, in the same namespace, to restore from.
 */
backupRef?: {
/**
 * Name of the DatabaseBackup.
 */
name: string
}
/**
 * Name of a backup in the repository, instead of backupRef.
 */
backup?: string
/**
 * Point in time to restore to, in RFC 3339 with a zone, for example 2026-11-20T10:00:00Z. Without any target, the end of the backup that is named.
 */
targetTime?: string
/**
 * Position in the WAL to restore to, as pg_current_wal_lsn() gives it, for example 16/B374D848: everything that was written before it.
 */
targetLSN?: string
/**
 * Restore point to restore to, made with pg_create_restore_point(). It needs the backup from which the replay reaches it.
 */
targetName?: string
/**
 * The name of the Database once more: says that its present data may be overwritten.
 */
confirmOverwrite?: string
}
status?: {

}
}

/**
 * A user of a Database with its rights.
 */
export interface DatabaseUser {
apiVersion: "db.example.com/v1alpha1"
kind: "DatabaseUser"
/**
 * Name, namespace, labels and annotations of the object.
 */
metadata: {
/**
 * Name of the object, unique in its namespace.
 */
name?: string
/**
 * Prefix of a name that the API server completes.
 */
generateName?: string
/**
 * Namespace of the object; that of --namespace, else default, when absent.
 */
namespace?: string
/**
 * Labels of the object.
 */
labels?: {
[k: string]: string
}
/**
 * Annotations of the object.
 */
annotations?: {
[k: string]: string
}
uid?: string
resourceVersion?: string
generation?: number
creationTimestamp?: string
deletionTimestamp?: string
deletionGracePeriodSeconds?: number
/**
 * @maxItems 256
 */
finalizers?: string[]
/**
 * @maxItems 256
 */
ownerReferences?: {

}[]
/**
 * @maxItems 256
 */
managedFields?: {

}[]
selfLink?: string
}
/**
 * Who the user is and what it may do.
 */
spec: {
/**
 * The Database, in the same namespace, that this object is about.
 */
databaseRef: {
/**
 * Name of the Database.
 */
name: string
}
/**
 * Name that the user logs in with; the name of this object when absent.
 */
username?: string
/**
 * What the user may do, a line for each database of the server.
 * 
 * @maxItems 64
 * 
 * Items: The rights in one database of the server.
 */
permissions?: {
/**
 * Name of the database inside the server, for example app.
 */
database: string
/**
 * readOnly, readWrite or owner.
 */
access: ("readOnly" | "readWrite" | "owner")
}[]
/**
 * Connections at most; no limit when absent.
 */
connectionLimit?: number
/**
 * Secret, in the same namespace, with the password; the controller makes one when absent.
 */
passwordSecretRef?: {
/**
 * Name of the Secret.
 */
name: string
/**
 * Key inside it.
 */
key: string
}
/**
 * Whether the user stays in the database (Retain) or is dropped (Delete).
 */
deletionPolicy: ("Retain" | "Delete")
}
status?: {

}
}

/**
 * What the controller last saw. Only the controller writes it.
 */
export interface DatabaseStatus {
/**
 * One word for the state.
 */
phase?: ("Pending" | "Creating" | "Running" | "Scaling" | "Updating" | "Restoring" | "FailingOver" | "Failed" | "Deleting")
/**
 * The generation of the spec that this status describes.
 */
observedGeneration?: number
/**
 * Members that exist.
 */
replicas?: number
/**
 * Members that serve.
 */
readyReplicas?: number
/**
 * Ready members of those wanted, for example 2/3.
 */
ready?: string
/**
 * Pod of the primary.
 */
primary?: string
/**
 * Version that runs.
 */
version?: string
/**
 * Label selector of the members, for autoscalers and `kubectl scale`.
 */
selector?: string
/**
 * Where clients connect.
 */
endpoints?: {
/**
 * host:port for reads and writes.
 */
primary?: string
/**
 * host:port for reads.
 */
readOnly?: string
}
/**
 * The latest finished backup.
 */
lastBackup?: {
/**
 * Name of the backup.
 */
name?: string
/**
 * When it ended.
 */
time?: string
/**
 * Its size as a quantity.
 */
size?: string
/**
 * Succeeded or Failed.
 */
result?: ("Succeeded" | "Failed")
}
/**
 * The latest verification of a backup.
 */
lastVerified?: {
/**
 * Name of the backup that was verified; absent when none could be chosen.
 */
name?: string
/**
 * When the verification ended.
 */
time?: string
/**
 * Succeeded or Failed; the condition BackupHealthy says why.
 */
result?: ("Succeeded" | "Failed")
}
/**
 * Size of the largest volume, there or asked for, as a quantity: storage.size may go back to it.
 */
largestVolume?: string
/**
 * Size that the largest claim of a volume asks for, as a quantity.
 */
largestClaim?: string
/**
 * Whether the storage class of the volumes lets them grow; absent while it is not known.
 */
volumesCanGrow?: boolean
/**
 * When the next backup starts.
 */
nextBackup?: string
/**
 * Backups that are kept.
 */
backupCount?: number
/**
 * The points in time that can be restored.
 */
restorable?: {
/**
 * The earliest one: the end of the oldest backup.
 */
from?: string
/**
 * The latest one, while the log after it waits to be archived or was given up. Absent while the log is archived as it is written: the latest is then a minute ago at most.
 */
to?: string
}
/**
 * What has the Database to itself: nothing else that follows from the spec is done meanwhile.
 */
operation?: {
/**
 * Which operation it is.
 */
name?: ("teardown" | "restore")
/**
 * When it began.
 */
startTime?: string
/**
 * The step that goes on.
 */
step?: string
/**
 * Since when this step goes on.
 */
since?: string
}
/**
 * What the controller remembers from one look to the next.
 */
handled?: {
/**
 * The last primary that was seen.
 */
primary?: string
/**
 * The request in the annotation db.example.com/switchover that was taken up last.
 */
switchover?: {
/**
 * Value of the annotation.
 */
request?: string
/**
 * Primary when the request was taken up; absent once it is done.
 */
from?: string
/**
 * What became of it.
 */
result?: string
}
/**
 * The request in the annotation db.example.com/restart that was taken up last.
 */
restart?: {
/**
 * Value of the annotation.
 */
request?: string
/**
 * The uids of the pods that are still to be recreated; absent once it is done.
 * 
 * @maxItems 99
 * 
 * Items: A uid.
 */
pods?: string[]
}
/**
 * Value of the annotation db.example.com/rotate-credentials that was acted on last.
 */
rotation?: string
/**
 * Value of the annotation db.example.com/backup that was acted on last.
 */
backup?: string
}
/**
 * The latest observations, in the form that kstatus and `kubectl wait` read.
 * 
 * @maxItems 16
 * 
 * Items: One aspect of the state.
 */
conditions?: {
/**
 * What the condition is about, for example Ready.
 */
type: string
/**
 * True, False or Unknown.
 */
status: ("True" | "False" | "Unknown")
/**
 * One word in CamelCase for programs.
 */
reason: string
/**
 * A sentence for people.
 */
message: string
/**
 * When the status last changed.
 */
lastTransitionTime: string
/**
 * The generation that this was true of.
 */
observedGeneration?: number
}[]
}

/**
 * What the controller last saw. Only the controller writes it.
 */
export interface DatabaseBackupStatus {
/**
 * One word for the state; of a schedule Scheduled or Suspended.
 */
phase?: ("Pending" | "Running" | "Succeeded" | "Failed" | "Scheduled" | "Suspended")
/**
 * The generation of the spec that this status describes.
 */
observedGeneration?: number
/**
 * What it waits for, or what became of it, as a sentence.
 */
message?: string
/**
 * Name of the backup in its repository.
 */
backupName?: string
/**
 * What it was made as: full, differential or incremental.
 */
type?: ("full" | "differential" | "incremental")
/**
 * When it started.
 */
startTime?: string
/**
 * When it ended.
 */
completionTime?: string
/**
 * How many seconds it took.
 */
duration?: number
/**
 * What it takes in its repository, as a quantity.
 */
size?: string
/**
 * Size of the database that it holds, as a quantity.
 */
databaseSize?: string
/**
 * The earliest point in time that can be restored from it: its end.
 */
restorableFrom?: string
/**
 * The part of the log without which it cannot be restored, by the names of the engine.
 */
log?: {
/**
 * The first one.
 */
start?: string
/**
 * The last one.
 */
end?: string
}
/**
 * Of a schedule: when the next backup starts.
 */
nextTime?: string
/**
 * Of a schedule: when the last run started.
 */
lastTime?: string
/**
 * Of a schedule: the DatabaseBackup of the newest backup that it made.
 */
lastBackup?: string
/**
 * Of a schedule: backups that it made and that are kept.
 */
backupCount?: number
/**
 * The latest observations, in the form that kstatus and `kubectl wait` read.
 * 
 * @maxItems 16
 * 
 * Items: One aspect of the state.
 */
conditions?: {
/**
 * What the condition is about, for example Ready.
 */
type: string
/**
 * True, False or Unknown.
 */
status: ("True" | "False" | "Unknown")
/**
 * One word in CamelCase for programs.
 */
reason: string
/**
 * A sentence for people.
 */
message: string
/**
 * When the status last changed.
 */
lastTransitionTime: string
/**
 * The generation that this was true of.
 */
observedGeneration?: number
}[]
}

/**
 * What the controller last saw. Only the controller writes it.
 */
export interface DatabaseRestoreStatus {
/**
 * One word for the state.
 */
phase?: ("Pending" | "BackingUp" | "Stopping" | "Restoring" | "Starting" | "Succeeded" | "Failed")
/**
 * The generation of the spec that this status describes.
 */
observedGeneration?: number
/**
 * What it waits for, or what became of it, as a sentence.
 */
message?: string
/**
 * Name of the backup in its repository that was restored.
 */
backupName?: string
/**
 * The DatabaseBackup of the data that were there before.
 */
backupBefore?: string
/**
 * When the members began to stop.
 */
startTime?: string
/**
 * When it ended.
 */
completionTime?: string
/**
 * The latest observations, in the form that kstatus and `kubectl wait` read.
 * 
 * @maxItems 16
 * 
 * Items: One aspect of the state.
 */
conditions?: {
/**
 * What the condition is about, for example Ready.
 */
type: string
/**
 * True, False or Unknown.
 */
status: ("True" | "False" | "Unknown")
/**
 * One word in CamelCase for programs.
 */
reason: string
/**
 * A sentence for people.
 */
message: string
/**
 * When the status last changed.
 */
lastTransitionTime: string
/**
 * The generation that this was true of.
 */
observedGeneration?: number
}[]
}

/**
 * What a cluster says of its Databases; `ballast facts` prints it.
 */
export interface Facts {
/**
 * When it was read.
 */
observedAt: string
/**
 * The Databases, by namespace and name.
 * 
 * @maxItems 50000
 * 
 * Items: One Database.
 */
databases: {
/**
 * Its namespace.
 */
namespace: string
/**
 * Its name.
 */
name: string
/**
 * The generation of its spec.
 */
generation: number
/**
 * Fingerprint of the place of its backups; absent when it has none.
 */
backups?: string
/**
 * What rules read of its status.
 */
status: {
/**
 * The generation of the spec that this status describes.
 */
observedGeneration?: number
/**
 * Version that runs.
 */
version?: string
/**
 * Size of the largest volume, there or asked for, as a quantity: storage.size may go back to it.
 */
largestVolume?: string
/**
 * Size that the largest claim of a volume asks for, as a quantity.
 */
largestClaim?: string
/**
 * Whether the storage class of the volumes lets them grow; absent while it is not known.
 */
volumesCanGrow?: boolean
/**
 * The latest verification of a backup.
 */
lastVerified?: {
/**
 * Name of the backup that was verified; absent when none could be chosen.
 */
name?: string
/**
 * When the verification ended.
 */
time?: string
/**
 * Succeeded or Failed; the condition BackupHealthy says why.
 */
result?: ("Succeeded" | "Failed")
}
}
}[]
}

/**
 * What depends on the installation, not on a database.
 */
export interface Settings {
/**
 * Container images by version: a major (16) or an exact version (16.3); a digest may be part of it.
 */
images?: {
/**
 * Images of PostgreSQL with Patroni and pgBackRest; ballast/postgresql:<major> when absent.
 */
postgresql?: {
[k: string]: string
}
/**
 * Images of MySQL; ballast/mysql:<major> when absent.
 */
mysql?: {
[k: string]: string
}
/**
 * Images of MongoDB; ballast/mongodb:<major> when absent.
 */
mongodb?: {
[k: string]: string
}
/**
 * Images of the metrics exporters by engine; when absent, the one of the member for PostgreSQL, and ballast/<engine>-exporter.
 */
exporters?: {
[k: string]: string
}
}
/**
 * DNS domain of the cluster.
 */
clusterDomain: string
/**
 * The service account that the controller runs under.
 */
controller: {
/**
 * Namespace of the controller.
 */
namespace: string
/**
 * Name of its service account.
 */
serviceAccount: string
}
/**
 * StorageClass of volumes whose Database names none.
 */
storageClassName?: string
/**
 * Labels for every rendered object.
 */
labels?: {
[k: string]: string
}
/**
 * Annotations for every rendered object.
 */
annotations?: {
[k: string]: string
}
/**
 * Whether monitoring is on in a Database that does not say.
 */
monitoring: boolean
}
