import type { Observation } from '../observation.ts';
import type { Choice } from './concern.ts';
import { planSwitchover } from './switchover.ts';

/** Carries the settings of the spec to the members that run; all standbys are synchronous while a switchover needs that. */
export function configure(seen: Observation, now: Date): Choice | undefined {
  const isRefused = seen.failing?.some(({ subject }) => subject === 'switchover') ?? false;
  const allSynchronous = !isRefused && planSwitchover(seen, now)?.is === 'nobody synchronous';
  return seen.control.replication?.configure(seen, { allSynchronous });
}
