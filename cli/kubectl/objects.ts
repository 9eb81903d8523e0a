import { GROUP } from '../../database/schema/common.ts';
import { KINDS } from '../../database/schema/kinds.ts';
import type { DatabaseBackupStatus, DatabaseRestoreStatus, DatabaseStatus } from '../../database/types.ts';
import type { Database, DatabaseBackup, DatabaseRestore } from '../../database/object.ts';

/** Metadata of an object of the cluster. */
export interface StoredMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly { readonly manager?: string; readonly fieldsV1?: unknown }[];
}

interface Stored<Spec, Status> {
  readonly metadata: StoredMetadata;
  readonly spec: Spec;
  readonly status?: Status;
}

/** A Database of the cluster. */
export type StoredDatabase = Stored<Database['spec'], DatabaseStatus>;
/** A DatabaseBackup of the cluster. */
export type StoredBackup = Stored<DatabaseBackup['spec'], DatabaseBackupStatus>;
/** A DatabaseRestore of the cluster. */
export type StoredRestore = Stored<DatabaseRestore['spec'], DatabaseRestoreStatus>;

/** The part of a pod that is shown. */
export interface StoredPod {
  readonly metadata: StoredMetadata;
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly { readonly ready: boolean; readonly restartCount: number }[];
  };
}

/** The part of an event that is shown. */
export interface StoredEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly metadata: { readonly creationTimestamp?: string };
}

/** A list of objects as kubectl prints it. */
export interface ListOf<T> {
  readonly items: readonly T[];
}

/** The name of a kind for kubectl, with its group: other groups have kinds of these names too. */
export function resourceOf(kind: string): string {
  const { plural = '' } = KINDS.find((known) => known.kind === kind) ?? {};
  return `${plural}.${GROUP}`;
}
