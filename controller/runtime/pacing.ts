import { hash } from 'node:crypto';
import type { Backoff, Clock } from '../../kubernetes/clock.ts';
import { backoffMs } from '../../kubernetes/clock.ts';
import type { FailingStep } from './concern.ts';

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

/** The parts of a clock that pacing reads. */
export type PacingClock = Pick<Clock, 'now' | 'date' | 'random'>;

/** A step as pacing knows it: its subject tells tries of it apart from other steps, its whole text tells repetitions. */
export interface PacedStep {
  readonly subject: string;
  readonly step: object;
}

const textOf = ({ step }: PacedStep): string => hash('sha1', JSON.stringify(step), 'base64url');

/** When each step for one object may be done again: one that fails, or changes nothing, is not repeated without pause. */
export class Pacing {
  readonly #clock: PacingClock;
  #last: Repetition | undefined;
  readonly #failing = new Map<string, Failure>();

  constructor(clock: PacingClock) {
    this.#clock = clock;
  }

  /** How long a step has to wait, in milliseconds; 0 when it may be done. */
  waitMs(paced: PacedStep): number {
    const repeated = this.#last?.text === textOf(paced) ? this.#last.notBefore : 0;
    const failed = this.#failing.get(paced.subject)?.retryAt ?? 0;
    return Math.max(0, Math.max(repeated, failed) - this.#clock.now());
  }

  /** A step was done; gives the pause before it may be done again, in milliseconds. */
  done(paced: PacedStep): number {
    this.#failing.delete(paced.subject);
    const text = textOf(paced);
    const times = (this.#last?.text === text ? this.#last.times : 0) + 1;
    const pauseMs = times > MOST_REPEATS ? this.#pauseMs(times) : 0;
    this.#last = { text, times, notBefore: this.#clock.now() + pauseMs };
    return pauseMs;
  }

  /** A step waits for something that is not there yet; gives the pause before it is tried again. */
  waits(paced: PacedStep, why: string): number {
    return this.#cameToNothing(paced, { is: 'waits', why, counts: true });
  }

  /** A step failed. Where nothing answers, others would fail as well: such a failure sets no step aside. */
  failed(paced: PacedStep, why: string, isAnswered: boolean): void {
    this.#cameToNothing(paced, { is: 'failed', why, counts: isAnswered });
  }

  #cameToNothing(
    paced: PacedStep,
    { counts, ...how }: Pick<Failure, 'is' | 'why'> & { readonly counts: boolean },
  ): number {
    const now = this.#clock.now();
    const { subject } = paced;
    const before = this.#failing.get(subject);
    const { since, begun } = before ?? { since: this.#clock.date(), begun: now };
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
    const now = this.#clock.now();
    for (const [subject, { retryAt }] of this.#failing) {
      if (retryAt + FORGOTTEN_MS < now) this.#failing.delete(subject);
    }
    return [...this.#failing]
      .filter(([, { answers }]) => answers >= SET_ASIDE)
      .map(([subject, { is, why, since, begun, retryAt }]) => {
        const isSetAside = retryAt > now;
        return { subject, is, why, since, isLasting: now - begun >= LASTING_MS[is], isSetAside };
      });
  }

  /** How soon a failing step may be tried again, or is forgotten, in whole seconds' milliseconds; undefined while none fails. */
  nextChangeMs(): number | undefined {
    const now = this.#clock.now();
    const pauses = [...this.#failing.values()]
      .filter(({ answers }) => answers >= SET_ASIDE)
      .map(({ retryAt }) => (retryAt > now ? retryAt : retryAt + FORGOTTEN_MS) - now);
    // Never at once: what is due now is due for the pass that asks.
    return pauses.length === 0 ? undefined : Math.max(1, Math.ceil(Math.min(...pauses) / 1000)) * 1000;
  }

  #pauseMs(times: number): number {
    return backoffMs(PAUSES, times, this.#clock.random);
  }
}
