import type { Step } from '../decision.ts';
import { subjectOfStep } from '../decision.ts';
import type { Observation } from '../observation.ts';

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

/** A row of a table of concerns. */
export interface Row {
  readonly choose: Concern;
  /** What becomes of later rows while a step of this one fails again and again: those that depend on it are held. */
  readonly whenRefused: 'go on' | 'hold';
}

/** Whether a step is not to be begun now: it goes on, or it failed so often in a row that others go first. */
function isSetAside({ failing = [], underWay }: Observation, step: Step): boolean {
  const subject = subjectOfStep(step);
  return (underWay?.has(subject) ?? false) || failing.some((one) => one.isSetAside && one.subject === subject);
}

/** Of several steps that need not wait for each other the first that is not set aside; the first when all are. */
export function firstOf(seen: Observation, steps: readonly Do[]): Do | undefined {
  return steps.find(({ step }) => !isSetAside(seen, step)) ?? steps[0];
}

/** The first step that a row has; while none has, the first thing that is waited for. Steps that are set aside are waited for. */
export function chooseFrom(rows: readonly Row[], seen: Observation, now: Date): Choice | undefined {
  let waiting: Wait | undefined;
  for (const { choose, whenRefused } of rows) {
    const choice = choose(seen, now);
    if (choice?.step && !isSetAside(seen, choice.step)) return choice;
    const holds = choice?.step ? whenRefused === 'hold' : choice?.stops === true;
    waiting ??= choice?.step ? { because: choice.because } : choice;
    if (holds) return waiting;
  }
  return waiting;
}
