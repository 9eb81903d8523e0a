import type { Step } from '../databases/decision.ts';
import { subjectOfStep } from '../databases/decision.ts';
import type { Backoff, Clock } from '../../kubernetes/clock.ts';
import { backoffMs } from '../../kubernetes/clock.ts';
import type { FailingStep } from '../databases/observation.ts';
import { sha1Of } from '../cluster/managed-object.ts';

/** Done more than so often in a row, the same step changes nothing, and is not done again without pause. */
const MOST_REPEATS = 3;
/** A step that came to nothing so often in a row is set aside: until it is tried again, others go on. */
const SET_ASIDE = 3;
/** What has come to nothing for so long does not pass by itself; what only waits for something may take a rollout of others. */
const LASTING_MS = { failed: 60_000, waits: 300_000 } as const;
/** A step that was due for so long and that nobody chose is no longer wanted. */
const FORGOTTEN_MS = 180_000;
const PAUSES: Backoff = { firstMs: 250, mostMs: 60_000 };

/** The last step that was done: how often in a row, and when it may be done again. */
interface Repetition {
  readonly text: string;
  readonly times: number;
  readonly notBefore: number;
}

interface Failure {
  readonly is: keyof typeof LASTING_MS;
  readonly times: number;
  /** How often of these it was told why. */
  readonly answers: number;
  readonly why: string;
  readonly since: Date;
  readonly begun: number;
  readonly retryAt: number;
}

/** What pacing works with. */
export type Means = Pick<Clock, 'now' | 'date' | 'random'>;

/** When each step of one Database may be done again: one that fails, or changes nothing, is not repeated without pause. */
export class Pacing {
  readonly #means: Means;
  #last: Repetition | undefined;
  readonly #failing = new Map<string, Failure>();

  constructor(means: Means) {
    this.#means = means;
  }

  /** How long a step has to wait, in milliseconds; 0 when it may be done. */
  waitMs(step: Step): number {
    const repeated = this.#last?.text === sha1Of(step) ? this.#last.notBefore : 0;
    const failed = this.#failing.get(subjectOfStep(step))?.retryAt ?? 0;
    return Math.max(0, Math.max(repeated, failed) - this.#means.now());
  }

  /** A step was done; gives the pause before it may be done again, in milliseconds. */
  done(step: Step): number {
    this.#failing.delete(subjectOfStep(step));
    const text = sha1Of(step);
    const times = (this.#last?.text === text ? this.#last.times : 0) + 1;
    const pauseMs = times > MOST_REPEATS ? this.#pauseMs(times) : 0;
    this.#last = { text, times, notBefore: this.#means.now() + pauseMs };
    return pauseMs;
  }

  /** A step waits for something that is not there yet; gives the pause before it is tried again. */
  waits(step: Step, why: string): number {
    return this.#cameToNothing(step, { is: 'waits', why, counts: true });
  }

  /** A step failed. Where nothing answers, others would fail as well: such a failure sets no step aside. */
  failed(step: Step, why: string, isAnswered: boolean): void {
    this.#cameToNothing(step, { is: 'failed', why, counts: isAnswered });
  }

  #cameToNothing(step: Step, { counts, ...how }: Pick<Failure, 'is' | 'why'> & { readonly counts: boolean }): number {
    const now = this.#means.now();
    const subject = subjectOfStep(step);
    const before = this.#failing.get(subject);
    const { since, begun } = before ?? { since: this.#means.date(), begun: now };
    const times = (before?.times ?? 0) + 1;
    const pauseMs = this.#pauseMs(times);
    const answers = (before?.answers ?? 0) + (counts ? 1 : 0);
    this.#failing.set(subject, { ...how, times, answers, since, begun, retryAt: now + pauseMs });
    return pauseMs;
  }

  /** There is nothing to do: whatever is done next is no repetition. */
  rest(): void {
    this.#last = undefined;
  }

  /** The steps that failed too often in a row, oldest first. */
  failing(): FailingStep[] {
    const now = this.#means.now();
    for (const [subject, { retryAt }] of this.#failing) {
      if (retryAt + FORGOTTEN_MS < now) this.#failing.delete(subject);
    }
    return [...this.#failing]
      .filter(([, { answers }]) => answers >= SET_ASIDE)
      .map(([subject, { is, why, since, begun, retryAt }]) => {
        const isSetAside = retryAt > now;
        const changesInSeconds = ((isSetAside ? retryAt : retryAt + FORGOTTEN_MS) - now) / 1000;
        return { subject, is, why, since, isLasting: now - begun >= LASTING_MS[is], isSetAside, changesInSeconds };
      });
  }

  #pauseMs(times: number): number {
    return backoffMs(PAUSES, times, this.#means.random);
  }
}
