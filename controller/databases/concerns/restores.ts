import { backupNames } from '../../../generator/backup-names.ts';
import { backupBefore, nextRestore } from '../state/restores.ts';
import type { Observation } from '../observation.ts';
import type { Choice } from './concern.ts';

/** Asks for a backup of the present data before a restore in place replaces them. */
export function backUpBeforeRestore(seen: Observation): Choice | undefined {
  const restore = nextRestore(seen);
  if (!restore) return undefined;
  const name = backupNames.beforeRestore(restore.name);
  if (backupBefore(seen, restore)) return undefined;
  return { step: { do: 'request-backup', name }, because: `${restore.name} is going to replace the present data` };
}
