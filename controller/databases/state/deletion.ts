import { CONFIRM_DELETE } from '../../../database/vocabulary.ts';
import type { Observation } from '../observation.ts';
import { nameOf } from './database.ts';

/**
 * What a deletion comes to: `protected` and `unconfirmed` are held, as if nobody had asked; `retain` takes the workload
 * away, `delete` the data and the credentials too.
 */
export type Deletion = 'protected' | 'unconfirmed' | 'retain' | 'delete';

/** What the requested deletion comes to; undefined while none is requested. */
export function deletionOf(seen: Observation): Deletion | undefined {
  const { database, annotations, deletionRequestedAt } = seen.own;
  if (!deletionRequestedAt) return undefined;
  switch (database.spec.deletionPolicy) {
    case 'Protect':
      return 'protected';
    case 'Delete':
      return annotations[CONFIRM_DELETE] === nameOf(seen) ? 'delete' : 'unconfirmed';
    default:
      return 'retain';
  }
}

/** Whether the Database is being taken down. */
export function isGoing(seen: Observation): boolean {
  const deletion = deletionOf(seen);
  return deletion === 'retain' || deletion === 'delete';
}
