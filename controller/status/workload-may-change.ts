import { isInvalid } from '../facts/database.ts';
import { canWrite } from '../facts/members.ts';
import { mustNotShrink } from '../facts/shrink.ts';
import { foreignClaims } from '../facts/volumes.ts';
import type { Observation } from '../observation.ts';
import type { Said } from './conditions.ts';

/**
 * WorkloadMayChange: whether what is rendered may be applied as it is in Git. False only for what has to come before, never
 * for what the workload itself has to bring: a sync that waits for this goes on.
 */
export function workloadMayChange(seen: Observation): Said {
  const no = (reason: string, message: string): Said => ({ status: 'False', reason, message });
  if (foreignClaims(seen).length > 0) {
    return no('VolumesOfAnotherDatabase', 'members would start on the data of another Database');
  }
  if (isInvalid(seen)) return no('Invalid', 'the Database breaks rules');
  if (mustNotShrink(seen)) {
    const why = canWrite(seen) ? 'the primary is among the members that are to go' : 'nobody leads';
    return no('PrimaryLeaves', `members must not go yet: ${why}`);
  }
  return { status: 'True', reason: 'Free', message: 'the workload may be as it is rendered' };
}
