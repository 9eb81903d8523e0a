import type { Observation } from '../observation.ts';
import type { Step } from '../decision.ts';

/** Something to do, and why, as a clause for the log and the event. */
export interface Do {
  readonly step: Step;
  readonly because: string;
}

/** Something that is waited for. */
export interface Wait {
  readonly step?: undefined;
  readonly because: string;
  /** Nothing that comes later in the table may be done meanwhile. */
  readonly stops?: true;
  /** When to look again even if nothing changes. */
  readonly seconds?: number;
}

/** What a concern comes to. */
export type Choice = Do | Wait;

/** One thing to take care of: what to do about it now, or what it waits for; undefined when all is well. */
export type Concern = (seen: Observation, now: Date) => Choice | undefined;
