import type { Database } from '../../database/object.ts';
import type { Retention } from '../../database/resolve.ts';
import { retentionOf } from '../../database/resolve.ts';
import { repositoryOf } from '../../policies/summary.ts';
import type { Effect } from './effect.ts';

function told({ days, count }: Retention): string {
  const parts = [...(days === undefined ? [] : [`${days} days`]), ...(count === undefined ? [] : [`${count} backups`])];
  return parts.join(' or ');
}

/** Either rule keeps a backup, so a smaller value of one rule alone can let backups expire. */
const keepsLess = (now: Retention, old: Retention): boolean =>
  (now.days ?? 0) < (old.days ?? 0) || (now.count ?? 0) < (old.count ?? 0);

/** The effects of a change on backups: they stop, go elsewhere, or are kept for less time. */
export function backupEffects(old: Database, now: Database): Effect[] {
  const [before, after] = [old.spec.backup, now.spec.backup];
  if (!before?.enabled) return [];
  if (!after?.enabled) return [{ level: 'data-loss', text: 'backups stop: from here on nothing can be restored' }];
  if (repositoryOf(old) !== repositoryOf(now)) {
    const text = 'backups go to another place: point-in-time recovery starts anew there, with a full backup';
    return [{ level: 'none', text }];
  }
  const [was, is] = [retentionOf(before.retention), retentionOf(after.retention)];
  if (!keepsLess(is, was)) return [];
  return [
    { level: 'data-loss', text: `backups are kept for ${told(is)}, no longer ${told(was)}: older ones are deleted` },
  ];
}
