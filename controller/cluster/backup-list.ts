import { isRecord } from '../../database/record.ts';
import type { LogGap } from '../engines/engine-control.ts';
import { exactLengthList, intern } from './intern.ts';
import { read, recordAt, withoutAbsent } from './json-path.ts';
import { backupLabel, json, message, objectName, time, whole, word } from './values.ts';

/** One backup in its repository, as the job that made it reports it. Times are in milliseconds, sizes in bytes. */
export interface BackupEntry {
  /** Its name in the repository. */
  readonly label: string;
  readonly type: 'full' | 'differential' | 'incremental';
  readonly startedAt: number;
  readonly endedAt: number;
  /** What it takes in the repository. */
  readonly size?: number;
  readonly databaseSize?: number;
  /** The first and the last part of the log without which it cannot be restored. */
  readonly logStart?: string;
  readonly logEnd?: string;
  /** Name of the DatabaseBackup that asked for it. */
  readonly request?: string;
  /** Name of the DatabaseBackup whose schedule it was made by. */
  readonly schedule?: string;
}

/** How the last run went, scheduled or requested. */
export interface BackupRun {
  readonly at: number;
  readonly succeeded: boolean;
  /** The backup that it made. */
  readonly label?: string;
  /** Name of its Job. */
  readonly job?: string;
  /** Why it failed. */
  readonly reason?: string;
}

/** The backups of a repository, as the last run found them. */
export interface BackupList {
  /** Fingerprint of the repository; a list of another one says nothing about this one. */
  readonly repository: string;
  /** Newest first. */
  readonly backups: readonly BackupEntry[];
  /** How many of the oldest found no room in the list. */
  readonly left: number;
  /** Ranges of the log that the repository lacks, oldest first. */
  readonly gaps: readonly LogGap[];
  /** Whether every entry could be read; false also when a run could not read the repository. */
  readonly isWhole: boolean;
  readonly lastRun?: BackupRun;
}

/** No object's annotations are larger in sum. */
const LONGEST = 262_144;
const MOST_BACKUPS = 400;
const MOST_GAPS = 20;
const MOST_LEFT = 1_000_000;
const TYPES = ['full', 'differential', 'incremental'] as const;

function entryIn(value: unknown): BackupEntry | undefined {
  if (!isRecord(value)) return undefined;
  const label = backupLabel(value['label']);
  const type = TYPES.find((one) => one === value['type']);
  const [startedAt, endedAt] = [time(value['start']), time(value['stop'])];
  if (label === undefined || !type || startedAt === undefined || endedAt === undefined) return undefined;
  const [request, schedule] = [objectName(value['backup']), objectName(value['schedule'])];
  const optional = {
    size: whole(value['repositoryBytes']),
    databaseSize: whole(value['databaseBytes']),
    logStart: word(value['walStart']),
    logEnd: word(value['walStop']),
    request: request === undefined ? undefined : intern(request),
    schedule: schedule === undefined ? undefined : intern(schedule),
  };
  return { label, type, startedAt, endedAt, ...withoutAbsent(optional) };
}

function gapsIn(value: unknown): LogGap[] {
  const all: readonly unknown[] = Array.isArray(value) ? value.slice(0, MOST_GAPS) : [];
  return all.flatMap((one) => {
    const [from, to, count] = [read(word, one, 'from'), read(word, one, 'to'), read(whole, one, 'segments')];
    return from === undefined || to === undefined || count === undefined ? [] : [{ from, to, count }];
  });
}

function runIn(value: unknown): BackupRun | undefined {
  const at = read(time, value, 'at');
  const { succeeded } = recordAt(value);
  if (at === undefined || typeof succeeded !== 'boolean') return undefined;
  return {
    at,
    succeeded,
    ...withoutAbsent({
      label: read(backupLabel, value, 'label'),
      job: read(objectName, value, 'job'),
      reason: read(message, value, 'reason'),
    }),
  };
}

/**
 * Reads the list of backups that a backup job wrote: a member may have written it too, so entries that cannot be read are dropped, and the
 * list then counts as incomplete. Undefined for a text that is no such list.
 */
export function readBackupList(text: unknown): BackupList | undefined {
  const value = json(text, LONGEST);
  const repository = read(word, value, 'repository');
  const { backups: written } = recordAt(value);
  if (repository === undefined) return undefined;
  const all: readonly unknown[] = Array.isArray(written) ? written : [];
  const entries = all.slice(0, MOST_BACKUPS).flatMap((one) => entryIn(one) ?? []);
  const found = [...new Map(entries.map((entry) => [entry.label, entry])).values()];
  const dropped = Math.max(0, all.length - MOST_BACKUPS);
  const lastRun = runIn(recordAt(value)['lastRun']);
  return {
    repository: intern(repository),
    backups: exactLengthList(found.sort((a, b) => b.endedAt - a.endedAt)),
    left: Math.min(MOST_LEFT, (read(whole, value, 'left') ?? 0) + dropped),
    gaps: gapsIn(recordAt(value)['gaps']),
    isWhole: Array.isArray(written) && found.length === all.length - dropped,
    ...(lastRun && { lastRun }),
  };
}

/** Whether a list says which backups there are; one after a run that could not read the repository says only how that went. */
export function saysBackups({ backups, isWhole }: BackupList): boolean {
  return isWhole || backups.length > 0;
}

/** Whether a list is that of a repository; of any one while backups are off, so that the present one is not known. */
export function isListOf(list: BackupList | undefined, repository: string | undefined): list is BackupList {
  return list !== undefined && (repository === undefined || list.repository === repository);
}

/** Whether a list proves that the repository holds a backup no more; `endedAt` tells whether the list would reach back to it. */
export function isGoneFrom(list: BackupList, label: string, endedAt: number | undefined): boolean {
  const { backups, left, isWhole, lastRun } = list;
  // After a failed run the repository may have been out of reach.
  if (!isWhole || lastRun?.succeeded !== true || backups.some((one) => one.label === label)) return false;
  const oldest = backups.at(-1);
  return left === 0 || (oldest !== undefined && endedAt !== undefined && endedAt > oldest.endedAt);
}
