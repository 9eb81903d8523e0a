import type { WrittenDestination } from '../../database/destination.ts';
import { readDestination } from '../../database/destination.ts';
import type { DatabaseSpec } from '../../database/object.ts';
import type { Retention } from '../../database/resolve.ts';
import { retentionOf } from '../../database/resolve.ts';
import type { Effect } from './effect.ts';

/** Where backups lie, in whichever form that was written. */
function placeOf(written: WrittenDestination | undefined): string {
  const result = written === undefined ? undefined : readDestination(written);
  if (!result?.ok) return '';
  if (result.destination.type === 'pvc') return 'pvc';
  const { bucket, prefix, endpoint = '' } = result.destination;
  return JSON.stringify([endpoint, bucket, prefix]);
}

function told({ days, count }: Retention): string {
  const parts = [...(days === undefined ? [] : [`${days} days`]), ...(count === undefined ? [] : [`${count} backups`])];
  return parts.join(' or ');
}

/** A backup stays while either rule keeps it, so that either one alone can let some go. */
const keepsLess = (now: Retention, old: Retention): boolean =>
  (now.days ?? 0) < (old.days ?? 0) || (now.count ?? 0) < (old.count ?? 0);

/** What a change does to backups that are made: they stop, go elsewhere, or are kept for less time. */
export function backupEffects(old: DatabaseSpec, now: DatabaseSpec): Effect[] {
  const before = old.backup?.enabled ? old.backup : undefined;
  if (!before) return [];
  if (!now.backup?.enabled) return [{ level: 'data-loss', text: 'backups stop: from here on nothing can be restored' }];
  if (placeOf(before.destination) !== placeOf(now.backup.destination)) {
    const text = 'backups go to another place: point-in-time recovery starts anew there, with a full backup';
    return [{ level: 'none', text }];
  }
  const [was, is] = [retentionOf(before.retention), retentionOf(now.backup.retention)];
  if (!keepsLess(is, was)) return [];
  return [
    { level: 'data-loss', text: `backups are kept for ${told(is)}, no longer ${told(was)}: older ones are deleted` },
  ];
}
