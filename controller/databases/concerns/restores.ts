import { backupNames } from '../../../generator/backup-names.ts';
import { isListOf } from '../../cluster/backup-list.ts';
import { canWrite } from '../state/members.ts';
import { backupBefore, nextRestore } from '../state/restores.ts';
import type { Observation } from '../observation.ts';
import type { RestoreOfDatabase } from '../observed-backups.ts';
import type { Choice } from './concern.ts';

/** Asks for a backup of the present data before a restore in place replaces them. */
function before(seen: Observation): Choice | undefined {
  const restore = nextRestore(seen);
  if (!restore || backupBefore(seen, restore)) return undefined;
  const name = backupNames.beforeRestore(restore.name);
  return { step: { do: 'request-backup', name }, because: `${restore.name} is going to replace the present data` };
}

/** Whether no backup was made since the data were restored. */
function lacksBackup(seen: Observation, { name, status }: RestoreOfDatabase): boolean {
  const { repository, backupList: list, backups } = seen;
  const restoredAt = Date.parse(status?.completionTime ?? '');
  if (status?.phase !== 'Succeeded' || status.startTime === undefined || repository === undefined) return false;
  const [newest] = isListOf(list, repository) ? list.backups : [];
  if (newest && newest.startedAt > restoredAt) return false;
  return canWrite(seen) && !backups.some((one) => one.name === backupNames.afterRestore(name));
}

/**
 * Asks for the first backup of the restored data: what says that they went through the restore lies in the data, and a backup from before
 * knows nothing of it.
 */
function after(seen: Observation): Choice | undefined {
  const restore = seen.restores.find((one) => lacksBackup(seen, one));
  if (!restore) return undefined;
  const name = backupNames.afterRestore(restore.name);
  return { step: { do: 'request-backup', name }, because: `the data were restored by ${restore.name}` };
}

/** Asks for the backups before and after a restore in place. */
export function backUpAroundRestore(seen: Observation): Choice | undefined {
  return before(seen) ?? after(seen);
}
