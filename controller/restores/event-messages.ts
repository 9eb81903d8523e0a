import type { DatabaseRestoreStatus } from '../../database/types.ts';
import type { Occurrence } from '../../kubernetes/events.ts';

const NEWS: ReadonlySet<string | undefined> = new Set(['Stopping', 'Restoring', 'Starting', 'Succeeded', 'Failed']);

/** The event of a phase that has begun. */
export function eventsOfStatus(before: DatabaseRestoreStatus | undefined, after: DatabaseRestoreStatus): Occurrence[] {
  const { phase, message = '' } = after;
  if (before?.phase === phase || !NEWS.has(phase)) return [];
  const type = phase === 'Failed' ? 'Warning' : 'Normal';
  return [{ type, reason: `Restore${String(phase)}`, action: 'Observe', note: message }];
}
