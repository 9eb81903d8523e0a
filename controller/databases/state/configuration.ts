import type { Observation } from '../observation.ts';
import { isHibernating, isInitialized, isInvalid } from './database.ts';

/** Whether members that replicate can be given their configuration: the cluster is awake, and the spec says how it is to be. */
export function canConfigure(seen: Observation): boolean {
  return seen.control.replication !== undefined && !isInvalid(seen) && isInitialized(seen) && !isHibernating(seen);
}

/** Whether the members have the settings of the spec; those of an engine that does not replicate have them by their start. */
export function isConfigurationTakenUp(seen: Observation, now: Date): boolean {
  return seen.control.replication?.isConfigurationTakenUp(seen, now) ?? true;
}
