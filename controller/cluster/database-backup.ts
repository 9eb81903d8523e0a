import { RECORDED } from '../../database/vocabulary.ts';
import type { DatabaseBackupStatus } from '../../database/types.ts';
import { MANAGED_BY_LABEL } from '../../generator/metadata.ts';
import type { BackupOfDatabase } from '../databases/observed-backups.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { ObjectChange } from '../../kubernetes/store.ts';
import { storedStatus } from './database.ts';
import type { DependentProjection } from './dependent.ts';
import { dependentProjectionOf, specOf } from './dependent.ts';
import { dateOf, holdsAt, isAt, listAt, read, withoutAbsent } from './json-path.ts';
import { packStatus } from './packed-status.ts';
import { backupLabel, time } from './values.ts';

/** The stored part of a DatabaseBackup. */
export interface DatabaseBackupProjection extends DependentProjection {
  /** Whether the controller made it, by its labels. */
  readonly isOurs: boolean;
  /** The backup that the controller made it for; empty when that is unreadable, absent for a request. */
  readonly recorded?: string;
  /** As the API server returns it; absent once nothing asks for it, or when it is too large to be one that means anything. */
  readonly spec?: unknown;
  /** What decisions about others read of the status. */
  readonly phase?: DatabaseBackupStatus['phase'];
  /** Its backup in the repository, unless `recorded` says that. */
  readonly label?: string;
  /** When its backup ended, in milliseconds. */
  readonly endedAt?: number;
  /** Whether only a person can help it. */
  readonly isStalled: boolean;
  /** Whether it is a schedule, which never ends. */
  readonly isScheduled: boolean;
  /** The whole status, packed. */
  readonly status?: string;
}

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Scheduled', 'Suspended'] as const;
const ENDED: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed']);

/** Projects a DatabaseBackup to the part that decisions read. */
export function projectDatabaseBackup(raw: KubernetesObject): DatabaseBackupProjection | undefined {
  const kept = dependentProjectionOf(raw);
  if (!kept) return undefined;
  const { metadata, spec } = raw;
  const status = storedStatus(raw) as DatabaseBackupStatus | undefined;
  const { phase } = status ?? {};
  const recorded = isAt(metadata, 'annotations', RECORDED)
    ? (read(backupLabel, metadata, 'annotations', RECORDED) ?? '')
    : undefined;
  return {
    ...kept,
    isOurs: holdsAt('ballast', metadata, 'labels', MANAGED_BY_LABEL),
    isStalled: listAt(status, 'conditions').some(
      (one) => holdsAt('Stalled', one, 'type') && holdsAt('True', one, 'status'),
    ),
    isScheduled: recorded === undefined && isAt(spec, 'schedule'),
    ...withoutAbsent({
      recorded,
      spec: recorded !== undefined || ENDED.has(phase) ? undefined : specOf(raw),
      phase: PHASES.find((one) => one === phase),
      label: recorded === undefined ? read(backupLabel, status, 'backupName') : undefined,
      endedAt: read(time, status, 'completionTime'),
      status: status && packStatus(status),
    }),
  };
}

/** A DatabaseBackup as decisions about its Database read it. */
export function backupOfDatabase(kept: DatabaseBackupProjection): BackupOfDatabase {
  const { name, uid, resourceVersion, deleting, isOurs, isStalled, isScheduled, recorded, endedAt, phase } = kept;
  const label = recorded ?? kept.label;
  return {
    name,
    uid,
    resourceVersion,
    deleting,
    isOurs,
    isStalled,
    isScheduled,
    ...withoutAbsent({ recorded, label, endedAt: dateOf(endedAt), phase }),
  };
}

/** Whether a change of a DatabaseBackup matters to its Database: another status of the same backup does not. */
export function isNewsForDatabase(change: ObjectChange<DatabaseBackupProjection>): boolean {
  if (change.type !== 'changed') return true;
  const { before, after } = change;
  return before.label !== after.label || hasEnded(before) !== hasEnded(after) || before.isStalled !== after.isStalled;
}

/** Whether a backup has ended, by the stored status of its object. */
export function hasEnded({ phase }: DatabaseBackupProjection): boolean {
  return ENDED.has(phase);
}
