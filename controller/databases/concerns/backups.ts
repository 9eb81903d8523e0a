import { API_VERSION } from '../../../database/schema/common.ts';
import { BACKUP } from '../../../database/vocabulary.ts';
import { backupNames } from '../../../generator/backup-names.ts';
import { RESOURCES } from '../../resources.ts';
import type { BackupEntry, BackupList } from '../../cluster/backup-list.ts';
import { isGoneFrom, isListOf } from '../../cluster/backup-list.ts';
import { isConfigurationTakenUp } from '../state/configuration.ts';
import { nameOf } from '../state/database.ts';
import { canWrite } from '../state/members.ts';
import { membersToRoll } from '../state/rollout.ts';
import type { Observation } from '../observation.ts';
import type { BackupOfDatabase } from '../observed-backups.ts';
import type { Choice, Do } from './concern.ts';
import { firstOf } from './concern.ts';

/** The list of backups, where it is that of the present repository. */
function listOf({ backupList, repository }: Observation): BackupList | undefined {
  return repository !== undefined && isListOf(backupList, repository) ? backupList : undefined;
}

function isThere({ backups }: Observation, name: string): boolean {
  return backups.some((one) => one.name === name);
}

/**
 * Asks for the first backup in a repository, which makes that, as soon as the primary takes writes and archives; once for each repository:
 * when it fails, its Job and the schedule try again.
 */
export function requestFirstBackup(seen: Observation, now: Date): Choice | undefined {
  const { repository, control } = seen;
  if (repository === undefined || !control.facts.can.backsUp || (listOf(seen)?.backups.length ?? 0) > 0)
    return undefined;
  if (!canWrite(seen) || membersToRoll(seen, now).length > 0 || !isConfigurationTakenUp(seen, now)) return undefined;
  const name = backupNames.first(nameOf(seen), repository);
  if (isThere(seen, name)) return undefined;
  return { step: { do: 'request-backup', name }, because: 'there is no backup yet where backups are kept' };
}

/** The backup that the annotation asks for: its name, and the value of the annotation. */
function requestedIn(seen: Observation): { readonly name: string; readonly value: string } | undefined {
  const value = seen.own.annotations[BACKUP];
  return value === undefined || value === '' ? undefined : { name: backupNames.requested(nameOf(seen), value), value };
}

/** Asks for one backup for each new value of the annotation. */
export function requestBackup(seen: Observation): Choice | undefined {
  const asked = requestedIn(seen);
  if (!asked || asked.value === seen.own.status?.handled?.backup || isThere(seen, asked.name)) return undefined;
  return { step: { do: 'request-backup', name: asked.name }, because: `a backup is asked for: ${asked.value}` };
}

/** Whether an object shows a backup, or is about to. */
function shows({ name, recorded, label, isScheduled }: BackupOfDatabase, entry: BackupEntry): boolean {
  if (isScheduled) return false;
  return label === undefined && recorded === undefined ? name === entry.request : label === entry.label;
}

function recordsOf(seen: Observation, { backups: entries }: BackupList): Do[] {
  return entries.flatMap((entry): Do[] => {
    const name = backupNames.recorded(nameOf(seen), entry.label);
    // A name that another object has is left to that.
    if (isThere(seen, name) || seen.backups.some((one) => shows(one, entry))) return [];
    const { label } = entry;
    return [{ step: { do: 'record-backup', name, label }, because: `no object shows the backup ${label}` }];
  });
}

/** Whether another object shows the backup of a recorded one. */
function isShownTwice({ backups }: Observation, { recorded }: BackupOfDatabase): boolean {
  return backups.some((other) => other.recorded === undefined && other.label === recorded);
}

function forgettingsOf(seen: Observation, list: BackupList): Do[] {
  return seen.backups.flatMap((one): Do[] => {
    const { name, uid, resourceVersion, recorded, isOurs, deleting, endedAt } = one;
    if (recorded === undefined || !isOurs || deleting) return [];
    if (!isGoneFrom(list, recorded, endedAt?.getTime()) && !isShownTwice(seen, one)) return [];
    const { kind } = RESOURCES.DatabaseBackup;
    const object = { apiVersion: API_VERSION, kind, name, uid, resourceVersion };
    return [
      { step: { do: 'forget-backup', object }, because: `the backup ${recorded} is gone, or another object shows it` },
    ];
  });
}

/** Makes an object for each backup that the repository holds, and removes those of backups that it holds no more. */
export function recordBackups(seen: Observation): Choice | undefined {
  const list = listOf(seen);
  return list && firstOf(seen, [...recordsOf(seen, list), ...forgettingsOf(seen, list)]);
}
