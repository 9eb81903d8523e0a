import { isInvalid } from '../state/database.ts';
import { canWrite } from '../state/members.ts';
import { mustNotScaleDown } from '../state/scale-down.ts';
import { foreignClaims } from '../state/volumes.ts';
import type { Observation } from '../observation.ts';
import type { ConditionValue } from './conditions.ts';

/**
 * WorkloadMayChange: whether the manifests may be applied as they are in Git. False only for conditions that must hold before, never for
 * those that the workload itself brings about: a sync that waits for this condition can proceed.
 */
export function workloadMayChange(seen: Observation): ConditionValue {
  const no = (reason: string, message: string): ConditionValue => ({ status: 'False', reason, message });
  if (foreignClaims(seen).length > 0) {
    return no('VolumesOfAnotherDatabase', 'members would start on the data of another Database');
  }
  if (isInvalid(seen)) return no('Invalid', 'the Database breaks rules');
  if (mustNotScaleDown(seen)) {
    const why = canWrite(seen) ? 'the primary is among the members that are to go' : 'nobody leads';
    return no('PrimaryLeaves', `members must not go yet: ${why}`);
  }
  return { status: 'True', reason: 'Free', message: 'the workload may be as it is rendered' };
}
