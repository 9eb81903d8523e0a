import type { StepHistory } from './concern.ts';
import type { PacingClock } from './pacing.ts';
import { Pacing } from './pacing.ts';

/** The effect of an action, and its pending part. */
export interface StepEffect {
  /** Whether the watches show the effect; absent when there is nothing to wait for. */
  readonly isSeen?: () => boolean;
  /** Why the step could not be done yet. */
  readonly waitsFor?: string;
  /** The part of the step that may take minutes; rejects when it fails. */
  readonly rest?: Promise<void>;
  /** Whether there was nothing to change. */
  readonly isIdle?: boolean;
}

interface ExpectedEffect {
  readonly isSeen: () => boolean;
  /** End of the wait, on the clock's `now`. */
  readonly until: number;
}

/** The watches show a write within milliseconds; after this time the controller assumes that they never will. */
const EXPECTED_MS = 5000;

/** The runtime's memory of one object between passes. All of it may be lost. */
export class Progress {
  readonly pacing: Pacing;
  /** Subjects of steps that continue in the background. */
  readonly underWay = new Set<string>();
  /** Why the last step failed. */
  failure: string | undefined;
  #expected: readonly ExpectedEffect[] = [];

  constructor(clock: PacingClock) {
    this.pacing = new Pacing(clock);
  }

  /** Waits until the watches show an effect; `now` is the clock's. */
  expect({ isSeen }: Pick<StepEffect, 'isSeen'>, now: number): void {
    if (isSeen) this.#expected = [...this.#expected, { isSeen, until: now + EXPECTED_MS }];
  }

  /** Whether a write is not visible yet, within its time. */
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
