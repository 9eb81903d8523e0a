import type { Observation } from '../observation.ts';
import type { Choice } from './concern.ts';

/** Frees the leader lock of a primary whose death is proven. */
export function releaseLockOfDeadLeader(seen: Observation): Choice | undefined {
  return seen.control.replication?.releaseLockOfDeadLeader(seen);
}

/** Takes the label of a primary from a pod that is none any more. */
export function relabelFormerPrimary(seen: Observation, now: Date): Choice | undefined {
  return seen.control.replication?.relabelFormerPrimary(seen, now);
}
