/** What every step has: the name of its kind. */
export interface StepShape {
  readonly do: string;
}

/** A step that came to nothing several times in a row. */
export interface FailingStep {
  /** What the step is about, as `Reconciler.subjectOf` says it. */
  readonly subject: string;
  /** Whether it failed, or waits for something that is not there yet. */
  readonly is: 'failed' | 'waits';
  /** What the API server or the member answered last, or what the step waits for. */
  readonly why: string;
  /** When it first came to nothing. */
  readonly since: Date;
  /** Whether it has come to nothing for so long that a person should know. */
  readonly isLasting: boolean;
  /** Whether it is not tried now, so that others go on. */
  readonly isSetAside: boolean;
}

/** How earlier steps for one object went; part of what is seen, so that decisions stay pure. */
export interface StepHistory {
  /** Why the last step came to nothing, in a few words; absent once one was done. */
  readonly failure?: string;
  /** Subjects of steps that go on outside of a pass; absent where there are none. */
  readonly underWay?: ReadonlySet<string>;
  /** Steps that came to nothing several times in a row; absent where there are none. */
  readonly failing?: readonly FailingStep[];
}

/** Something to do, and why, as a clause for the log and the event. */
export interface Do<Step> {
  readonly step: Step;
  readonly because: string;
}

/** Something that a concern waits for. */
export interface Wait {
  readonly step?: undefined;
  readonly because: string;
  /** Whether no later row of the table may act meanwhile. */
  readonly stops?: true;
  /** When to look again even if nothing changes. */
  readonly seconds?: number;
}

/** What a concern chooses. */
export type Choice<Step> = (Do<Step> | Wait) & {
  /** The row of a table within this one that chose it. */
  readonly concern?: string;
};

/** A row of a table of concerns: one thing to take care of. */
export interface Concern<Seen, Step extends StepShape> {
  /** Names the row in the log and in the docs: what is not as it should be, or what is waited for. */
  readonly name: string;
  /** Why the row stands where it stands, as a sentence for the docs. */
  readonly why: string;
  /** Chooses what to do now, or what to wait for; undefined when all is well. */
  readonly choose: (seen: Seen, now: Date) => Choice<Step> | undefined;
  /** What later rows do while a step of this one fails again and again: those that depend on it are held. */
  readonly whenRefused: 'go on' | 'hold';
}

/** The choice of a table, and the row that made it. */
export type TableChoice<Step> = Choice<Step> & { readonly concern: string };

/** The ways to choose among steps of one kind of object. */
export interface Chooser<Seen, Step extends StepShape> {
  /** The first step that a row has; while none has, the first thing that is waited for. Steps that are set aside are waited for. */
  readonly chooseFrom: (rows: readonly Concern<Seen, Step>[], seen: Seen, now: Date) => TableChoice<Step> | undefined;
  /** Of several steps that need not wait for each other the first that is not set aside; the first when all are. */
  readonly firstOf: (seen: Seen, steps: readonly Do<Step>[]) => Do<Step> | undefined;
}

function isStep<Step extends StepShape>(choice: Choice<Step> | undefined): choice is Choice<Step> & Do<Step> {
  return choice?.step !== undefined;
}

/** What a row waits for that cannot act now: one that holds later rows does so while its step is refused, too. */
function waitIn<Step extends StepShape>(
  choice: Choice<Step> | undefined,
  whenRefused: 'go on' | 'hold',
): Wait | undefined {
  if (!isStep(choice)) return choice;
  return { because: choice.because, ...(whenRefused === 'hold' && { stops: true }) };
}

/** Makes the functions that choose, for steps whose subjects are told apart by `subjectOf`. */
export function chooser<Seen extends StepHistory, Step extends StepShape>(
  subjectOf: (step: Step) => string,
): Chooser<Seen, Step> {
  // A step is not begun while it goes on, nor while it failed so often in a row that others go first.
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
