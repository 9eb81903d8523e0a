import { hash } from 'node:crypto';
import type { Backoff, Clock } from '../../kubernetes/clock.ts';
import { backoffMs } from '../../kubernetes/clock.ts';
import type { FailingStep } from './concern.ts';

/** A step done more often than this in a row changes nothing, and is not repeated without a pause. */
const MOST_REPEATS = 3;
/** A step that failed this often in a row is set aside: until its next try, other steps go on. */
const SET_ASIDE = 3;
/** Milliseconds after which a failure does not resolve itself; a step that only waits may outlast a rollout of other members. */
const LASTING_MS = { failed: 60_000, waits: 300_000 } as const;
/** A step that was due for this long without being chosen is no longer wanted. */
const FORGOTTEN_MS = 180_000;
const PAUSES: Backoff = { firstMs: 250, mostMs: 60_000 };

/** A step chosen again: how often in a row, and the earliest time it may be repeated. */
interface Repetition {
  readonly text: string;
  readonly times: number;
  readonly notBefore: number;
}

interface Failure {
  readonly is: keyof typeof LASTING_MS;
  readonly times: number;
  /** How many of these tries got an answer with a reason. */
  readonly answers: number;
  readonly why: string;
  readonly since: Date;
  readonly begun: number;
  readonly retryAt: number;
}

/** The parts of a clock that pacing reads. */
export type PacingClock = Pick<Clock, 'now' | 'date' | 'random'>;

/** A step for pacing: its subject identifies the tries of one step, its full text identifies repetitions. */
export interface PacedStep {
  readonly subject: string;
  readonly step: object;
}

const textOf = ({ step }: PacedStep): string => hash('sha1', JSON.stringify(step), 'base64url');

/** The earliest time of each step for one object: a step that fails, or changes nothing, is not repeated without a pause. */
export class Pacing {
  readonly #clock: PacingClock;
  #last: Repetition | undefined;
  readonly #failing = new Map<string, Failure>();

  constructor(clock: PacingClock) {
    this.#clock = clock;
  }

  /** Milliseconds until a step may be done; 0 when it may be done now. */
  waitMs(paced: PacedStep): number {
    const repeated = this.#last?.text === textOf(paced) ? this.#last.notBefore : 0;
    const failed = this.#failing.get(paced.subject)?.retryAt ?? 0;
    return Math.max(0, Math.max(repeated, failed) - this.#clock.now());
  }

  /** Records a done step; returns the pause before its repetition, in milliseconds. */
  done(paced: PacedStep): number {
    this.#failing.delete(paced.subject);
    const text = textOf(paced);
    const times = (this.#last?.text === text ? this.#last.times : 0) + 1;
    const pauseMs = times > MOST_REPEATS ? this.#pauseMs(times) : 0;
    this.#last = { text, times, notBefore: this.#clock.now() + pauseMs };
    return pauseMs;
  }

  /** Records a step that waits for an object; returns the pause before its next try, in milliseconds. */
  waits(paced: PacedStep, why: string): number {
    return this.#cameToNothing(paced, { is: 'waits', why, counts: true });
  }

  /** Records a failed step. Without an answer other steps would fail as well: such a failure sets no step aside. */
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

  /** Records that there is nothing to do: the next step is no repetition. */
  rest(): void {
    this.#last = undefined;
  }

  /** The steps that failed too often in a row, the oldest first. */
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

  /** Milliseconds, in whole seconds, until a failing step may be tried again or is forgotten; undefined while none fails. */
  nextChangeMs(): number | undefined {
    const now = this.#clock.now();
    const pauses = [...this.#failing.values()]
      .filter(({ answers }) => answers >= SET_ASIDE)
      .map(({ retryAt }) => (retryAt > now ? retryAt : retryAt + FORGOTTEN_MS) - now);
    // Never 0: the pass that asks handles what is due now.
    return pauses.length === 0 ? undefined : Math.max(1, Math.ceil(Math.min(...pauses) / 1000)) * 1000;
  }

  #pauseMs(times: number): number {
    return backoffMs(PAUSES, times, this.#clock.random);
  }
}
