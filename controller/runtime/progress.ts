import type { StepHistory } from './concern.ts';
import type { PacingClock } from './pacing.ts';
import { Pacing } from './pacing.ts';

/** What an action did, and what is still to come of it. */
export interface StepEffect {
  /** Whether the watches show the effect; absent when there is nothing to wait for. */
  readonly isSeen?: () => boolean;
  /** Why the step could not be done yet. */
  readonly waitsFor?: string;
  /** The part of the step that may take minutes; rejected when it failed. */
  readonly rest?: Promise<void>;
  /** Whether everything was as it should be already. */
  readonly isIdle?: boolean;
}

interface ExpectedEffect {
  readonly isSeen: () => boolean;
  /** When the wait ends, on the clock's `now`. */
  readonly until: number;
}

/** The watches show a write within milliseconds; after so long the controller takes it that they never will. */
const EXPECTED_MS = 5000;

/** What the runtime remembers of one object between passes. All of it can be lost. */
export class Progress {
  readonly pacing: Pacing;
  /** Subjects of steps that go on outside of a pass. */
  readonly underWay = new Set<string>();
  /** Why the last step came to nothing. */
  failure: string | undefined;
  #expected: readonly ExpectedEffect[] = [];

  constructor(clock: PacingClock) {
    this.pacing = new Pacing(clock);
  }

  /** Waits from now on until the watches show an effect; `now` is the clock's. */
  expect({ isSeen }: Pick<StepEffect, 'isSeen'>, now: number): void {
    if (isSeen) this.#expected = [...this.#expected, { isSeen, until: now + EXPECTED_MS }];
  }

  /** Whether something that was written does not show yet, and has had less than its time. */
  awaitsEffects(now: number): boolean {
    this.#expected = this.#expected.filter(({ isSeen, until }) => now < until && !isSeen());
    return this.#expected.length > 0;
  }

  /** How earlier steps went, for the decision. */
  history(): StepHistory {
    const failing = this.pacing.failing();
    return {
      ...(this.failure !== undefined && { failure: this.failure }),
      ...(failing.length > 0 && { failing }),
      ...(this.underWay.size > 0 && { underWay: new Set(this.underWay) }),
    };
  }
}
