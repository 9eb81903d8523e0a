/** The part that all steps have: the name of their kind. */
export interface StepShape {
  readonly do: string;
}

/** A step that failed several times in a row. */
export interface FailingStep {
  /** The step's subject, as `Reconciler.subjectOf` returns it. */
  readonly subject: string;
  /** Whether it failed, or waits for an object that does not exist yet. */
  readonly is: 'failed' | 'waits';
  /** The last answer of the API server or the member, or the reason for waiting. */
  readonly why: string;
  /** When it first failed. */
  readonly since: Date;
  /** Whether it has failed for so long that a user should know. */
  readonly isLasting: boolean;
  /** Whether it is not tried now, so that other steps go on. */
  readonly isSetAside: boolean;
}

/** How earlier steps for one object went; part of the observation, so that decisions stay pure. */
export interface StepHistory {
  /** Why the last step failed, in a few words; absent after a successful one. */
  readonly failure?: string;
  /** Subjects of steps that continue in the background; absent where there are none. */
  readonly underWay?: ReadonlySet<string>;
  /** Steps that failed several times in a row; absent where there are none. */
  readonly failing?: readonly FailingStep[];
}

/** A step with its reason, as a clause for the log and the event. */
export interface Do<Step> {
  readonly step: Step;
  readonly because: string;
}

/** A reason for waiting. */
export interface Wait {
  readonly step?: undefined;
  readonly because: string;
  /** Whether no later row of the table may act meanwhile. */
  readonly stops?: true;
  /** When to look again without an event. */
  readonly seconds?: number;
}

/** The choice of a concern. */
export type Choice<Step> = (Do<Step> | Wait) & {
  /** The row of a nested table that made the choice. */
  readonly concern?: string;
};

/** A row of a table of concerns. */
export interface Concern<Seen, Step extends StepShape> {
  /** The row's name in the log and the docs: the fault to correct, or the event to wait for. */
  readonly name: string;
  /** Why the row stands at its place, as a sentence for the docs. */
  readonly why: string;
  /** Chooses the next step, or a reason for waiting; undefined when all is well. */
  readonly choose: (seen: Seen, now: Date) => Choice<Step> | undefined;
  /** Whether later rows go on while a step of this row keeps failing: those that depend on it are held. */
  readonly whenRefused: 'go on' | 'hold';
}

/** The choice of a table, with the row that made it. */
export type TableChoice<Step> = Choice<Step> & { readonly concern: string };

/** Functions that choose among the steps for one kind of object. */
export interface Chooser<Seen, Step extends StepShape> {
  /** The first step of any row; without one, the first wait. A step that was set aside counts as a wait. */
  readonly chooseFrom: (rows: readonly Concern<Seen, Step>[], seen: Seen, now: Date) => TableChoice<Step> | undefined;
  /** The first of several independent steps that is not set aside; the first one when all are. */
  readonly firstOf: (seen: Seen, steps: readonly Do<Step>[]) => Do<Step> | undefined;
}

function isStep<Step extends StepShape>(choice: Choice<Step> | undefined): choice is Choice<Step> & Do<Step> {
  return choice?.step !== undefined;
}

/** The wait of a row that cannot act now; a row that holds later rows does so while its step is refused, too. */
function waitIn<Step extends StepShape>(
  choice: Choice<Step> | undefined,
  whenRefused: 'go on' | 'hold',
): Wait | undefined {
  if (!isStep(choice)) return choice;
  return { because: choice.because, ...(whenRefused === 'hold' && { stops: true }) };
}

/** Makes the choosing functions for steps whose subjects `subjectOf` tells apart. */
export function chooser<Seen extends StepHistory, Step extends StepShape>(
  subjectOf: (step: Step) => string,
): Chooser<Seen, Step> {
  // A step is not started while it continues in the background, nor while it is set aside.
  const isSetAside = ({ failing = [], underWay }: Seen, step: Step): boolean => {
    const subject = subjectOf(step);
    return (underWay?.has(subject) ?? false) || failing.some((one) => one.isSetAside && one.subject === subject);
  };
  return {
    firstOf: (seen, steps) => steps.find(({ step }) => !isSetAside(seen, step)) ?? steps[0],
    chooseFrom: (rows, seen, now) => {
      let waiting: TableChoice<Step> | undefined;
      for (const { name, choose, whenRefused } of rows) {
        const choice = choose(seen, now);
        if (choice?.step && !isSetAside(seen, choice.step)) return { concern: name, ...choice };
        const waits = waitIn(choice, whenRefused);
        waiting ??= waits && { concern: name, ...waits };
        if (waits?.stops) return waiting;
      }
      return waiting;
    },
  };
}
