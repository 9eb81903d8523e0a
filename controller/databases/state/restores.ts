import { backupNames } from '../../../generator/backup-names.ts';
import type { BackupEntry } from '../../cluster/backup-list.ts';
import { isListOf } from '../../cluster/backup-list.ts';
import { moment } from '../../runtime/hold.ts';
import type { Observation } from '../observation.ts';
import type { BackupOfDatabase, RestoreOfDatabase, RestoreRequest, RestoreResult } from '../observed-backups.ts';
import { isHibernating, isPaused } from './database.ts';
import { canWrite, firstUnhealthy, primaryOf } from './members.ts';

/** What a DatabaseRestore waits for. */
export interface RestoreWait {
  readonly reason: string;
  readonly message: string;
  /** Whether only a person can change that. */
  readonly isStalled: boolean;
}

const until = (reason: string, message: string): RestoreWait => ({ reason, message, isStalled: false });
const stalled = (reason: string, message: string): RestoreWait => ({ reason, message, isStalled: true });

const ENDED: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed']);

/** Whether a restore has ended, by its stored status: it never runs again. */
export function hasEnded({ status }: Pick<RestoreOfDatabase, 'status'>): boolean {
  return ENDED.has(status?.phase);
}

/** Whether the data of the primary went through this restore; undefined while the primary has not said. */
export function isDone(seen: Observation, { id }: RestoreOfDatabase): boolean | undefined {
  return primaryOf(seen)?.restores?.done?.includes(id);
}

/**
 * What became of the restore: what its member has reported, else what the member says of its data once it has started with them. A
 * report may be refused.
 */
export function resultOf({ pods }: Observation, { id, member, result }: RestoreRequest): RestoreResult | undefined {
  const done = pods.find(({ name }) => name === member)?.restores?.done;
  return result ?? (done && { state: done.includes(id) ? 'restored' : 'failed' });
}

/** The backup in the list that a restore names; undefined without one. */
function entryOf({ backupList, backups }: Observation, { spec }: RestoreOfDatabase): BackupEntry | undefined {
  const name = spec.backupRef?.name ?? spec.backup;
  const label = spec.backupRef && backups.find((one) => one.name === name)?.label;
  return backupList?.backups.find((entry) => [entry.label, entry.request].includes(name) || entry.label === label);
}

/** The label of the backup to restore from; undefined where the newest before the target is meant. */
export function labelOf(seen: Observation, restore: RestoreOfDatabase): string | undefined {
  return entryOf(seen, restore)?.label;
}

/** The backup that is made before a restore. */
export function backupBefore({ backups }: Observation, { name }: RestoreOfDatabase): BackupOfDatabase | undefined {
  return backups.find((one) => one.name === backupNames.beforeRestore(name));
}

/** Why the Database cannot be restored in place now. */
function unready(seen: Observation): RestoreWait | undefined {
  const { own, control, problems, repository, switchover } = seen;
  const name = own.database.metadata.name ?? '';
  if (own.deletionRequestedAt) return until('DatabaseDeleting', `the Database ${name} is being deleted`);
  if (!control.facts.can.backsUp) return stalled('EngineCannot', `${control.facts.title} is not restored in place yet`);
  if (problems.length > 0) return until('DatabaseInvalid', `the Database ${name} breaks rules, as its status says`);
  if (repository === undefined) return stalled('BackupsOff', `the Database ${name} asks for no backups (spec.backup)`);
  if (isHibernating(seen)) return until('Hibernated', `the Database ${name} sleeps`);
  if (isPaused(seen)) return until('Paused', 'Patroni is paused');
  if (!canWrite(seen)) return until('DatabaseNotReady', `the Database ${name} takes no writes`);
  if (switchover?.from !== undefined) return until('Switchover', 'a switchover is under way');
  const trouble = firstUnhealthy(seen);
  return trouble === undefined ? undefined : until('MembersMissing', `all members must serve: ${trouble}`);
}

/** Why the archive may lack what the backup before the restore is to save. */
function archiveWaits(seen: Observation): RestoreWait | undefined {
  const { archive } = primaryOf(seen)?.report ?? {};
  if (archive === undefined || archive.state === 'archiving') return undefined;
  return until('ArchiveWaits', 'WAL waits to be archived, as BackupHealthy of the Database says');
}

const namesBackup = ({ spec }: RestoreOfDatabase): string | undefined => spec.backupRef?.name ?? spec.backup;

/** Why the backups do not lead to the target. */
function unreachable(seen: Observation, restore: RestoreOfDatabase): RestoreWait | undefined {
  const { backupList: list, repository } = seen;
  if (!isListOf(list, repository)) return until('ListUnknown', 'the backups in the repository are not known yet');
  const [name, entry] = [namesBackup(restore), entryOf(seen, restore)];
  if (name !== undefined && !entry) return stalled('NoSuchBackup', `the repository has no backup ${name}`);
  const oldest = entry ?? list.backups.at(-1);
  if (!oldest) return stalled('NoSuchBackup', 'the repository has no backup');
  const target = Date.parse(restore.spec.targetTime?.replace(' ', 'T') ?? '');
  // Of a list without its oldest backups only the member knows more.
  if (Number.isNaN(target) || target > oldest.endedAt || (!entry && list.left > 0)) return undefined;
  const end = `the end of the backup ${oldest.label}, ${moment(new Date(oldest.endedAt))}`;
  return stalled('TargetTooEarly', `targetTime is not after ${end}`);
}

/** What a restore waits for by itself, whatever other restores there are; undefined when its turn may come. */
function waitsFor(seen: Observation, restore: RestoreOfDatabase): RestoreWait | undefined {
  if (restore.problems.length > 0) return stalled('Invalid', restore.problems.join('; '));
  if (restore.deleting) return until('Deleting', 'the object is being deleted');
  const told = unready(seen);
  if (told) return told;
  const done = isDone(seen, restore);
  if (done === undefined)
    return until('HistoryUnknown', 'the primary has not said yet which restores its data went through');
  return archiveWaits(seen) ?? unreachable(seen, restore);
}

/** The restore whose turn it is, while none is under way: one that a backup was made for, else the oldest that waits for nothing. */
export function nextRestore(seen: Observation): RestoreOfDatabase | undefined {
  if (seen.restoreRequest) return undefined;
  const due = seen.restores.filter((one) => {
    const hasFailed = backupBefore(seen, one)?.phase === 'Failed';
    return !hasEnded(one) && !hasFailed && isDone(seen, one) !== true && waitsFor(seen, one) === undefined;
  });
  return due.find((one) => backupBefore(seen, one)) ?? due[0];
}

/** What a restore waits for; undefined when it is its turn. */
export function waitOf(seen: Observation, restore: RestoreOfDatabase): RestoreWait | undefined {
  const own = waitsFor(seen, restore);
  if (own) return own;
  const before = seen.restoreRequest?.restore ?? nextRestore(seen)?.name;
  return before === restore.name ? undefined : until('AnotherRuns', `one restore is made at a time: ${before ?? ''}`);
}

/** Whether a backup is being made, or is about to be: the members must not stop under it. */
function isBackingUp({ backup, backups, scheduledBackupRuns }: Observation): boolean {
  const isAhead = ({ recorded, phase, isStalled, isScheduled }: BackupOfDatabase): boolean =>
    recorded === undefined && !ENDED.has(phase) && !isStalled && !isScheduled;
  return (backup?.active ?? 0) > 0 || scheduledBackupRuns === true || backups.some(isAhead);
}

/** The restore that may stop the members: it is its turn, the present data are backed up, and no other backup is made. */
export function restoreToBegin(seen: Observation): RestoreOfDatabase | undefined {
  const next = nextRestore(seen);
  return next && backupBefore(seen, next)?.phase === 'Succeeded' && !isBackingUp(seen) ? next : undefined;
}
