import type { Clock } from '../../kubernetes/clock.ts';
import type { EventRecorder } from '../../kubernetes/events.ts';
import type { Log } from '../../kubernetes/log.ts';
import type { Outcome } from '../../kubernetes/work-queue.ts';
import type { OnEnd } from './background.ts';
import { Background } from './background.ts';
import type { StepShape } from './concern.ts';
import { failureFields, failureOf, isAnswer, isConflict } from './failures.ts';
import type { PacedStep } from './pacing.ts';
import type { StepEffect } from './progress.ts';
import type { DecisionToAct, Look, Reconciler } from './reconciler.ts';
import { eventSubject } from './reconciler.ts';

/** Dependencies of the step runner. */
export interface StepRunnerOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: Pick<EventRecorder, 'record'>;
  /** Whether this process may act now. */
  readonly leads: () => boolean;
  /** Makes an object due, because one of its background steps has ended. */
  readonly wake: (key: string) => void;
}

/** Milliseconds until the next look without an event; an event makes it due sooner. */
export const UNSEEN_MS = 1000;
/** Milliseconds until the next check whether another step may run in the background. */
const FULL_MS = 5000;
/** The status after a bug; the log describes the bug. */
const INTERNAL = 'the controller failed with an error of its own, of which its log tells more; report it';

/** Does the steps of decisions about objects of one kind, and remembers how they went. */
export class StepRunner<Seen extends Look, Step extends StepShape, Status extends object> {
  readonly #reconciler: Reconciler<Seen, Step, Status>;
  readonly #options: StepRunnerOptions;
  readonly #background: Background;
  /** Failures of steps, which the next pass reports. */
  readonly #told = new WeakSet();

  constructor(reconciler: Reconciler<Seen, Step, Status>, options: StepRunnerOptions) {
    this.#reconciler = reconciler;
    this.#options = options;
    this.#background = new Background(options.clock);
  }

  /** Whether a pass failed by its step; the next pass reports that. */
  hasFailedBy(error: unknown): boolean {
    return error instanceof Error && this.#told.has(error);
  }

  /** Does a step at the version of the object after its status was written. Rejects when the step failed. */
  async run(look: Seen, decision: DecisionToAct<Step, Status>, resourceVersion: string): Promise<Outcome> {
    const { log, leads } = this.#options;
    const { step, because, concern } = decision;
    // Leadership may have ended during the write of the status.
    if (!leads()) return {};
    const waitMs = look.progress.pacing.waitMs(this.#paced(step));
    if (waitMs > 0) return { againMs: waitMs };
    if (this.#reconciler.mannerOf(step) === 'takes minutes' && this.#background.isFull) return { againMs: FULL_MS };
    log.info({ ...this.#logged(look), step: step.do, concern, because }, 'acting');
    try {
      const effect = await this.#reconciler.act(step, look, resourceVersion);
      if (effect.rest && !(await this.#background.endsSoon(effect.rest))) {
        this.#background.follow(effect.rest, this.#onEnd(look, decision));
        return {};
      }
      return this.#done(look, decision, effect);
    } catch (error) {
      if (!isConflict(error)) {
        if (error instanceof Error) this.#told.add(error);
        this.#failed(look, step, error);
      }
      throw error;
    }
  }

  /** Records that a step continues in the background, and the handler of its end. */
  #onEnd(look: Seen, decision: DecisionToAct<Step, Status>): OnEnd {
    const { wake, log } = this.#options;
    const { key } = look.object;
    const { underWay } = look.progress;
    const { step } = decision;
    const { subject } = this.#paced(step);
    underWay.add(subject);
    return {
      done: () => {
        underWay.delete(subject);
        this.#done(look, decision, {});
        wake(key);
      },
      failed: (error) => {
        underWay.delete(subject);
        log.error({ ...this.#logged(look), step: step.do, ...failureFields(error) }, 'a step failed');
        this.#failed(look, step, error);
        wake(key);
      },
    };
  }

  /** When to look again after a step: as soon as the watches show its effect. */
  #done(look: Seen, decision: DecisionToAct<Step, Status>, effect: StepEffect): Outcome {
    const { clock, recorder } = this.#options;
    const { object, progress } = look;
    const { waitsFor, isIdle = false } = effect;
    const occurrence = waitsFor === undefined && !isIdle ? this.#reconciler.eventOfStep(decision) : undefined;
    if (occurrence) recorder.record(eventSubject(this.#reconciler.resource, object), occurrence);
    progress.failure = waitsFor === undefined ? undefined : `it waits for ${waitsFor}`;
    const paced = this.#paced(decision.step);
    const pauseMs = waitsFor === undefined ? progress.pacing.done(paced) : progress.pacing.waits(paced, waitsFor);
    progress.expect(effect, clock.now());
    return { againMs: Math.max(pauseMs, progress.awaitsEffects(clock.now()) ? UNSEEN_MS : 0) };
  }

  #failed({ object, progress }: Seen, step: Step, error: unknown): void {
    const { recorder } = this.#options;
    const failure = failureOf(error) ?? INTERNAL;
    progress.pacing.failed(this.#paced(step), failure, isAnswer(error));
    progress.failure = failure;
    const subject = eventSubject(this.#reconciler.resource, object);
    recorder.record(subject, this.#reconciler.eventOfFailure(step, failure));
  }

  #paced(step: Step): PacedStep {
    return { step, subject: this.#reconciler.subjectOf(step) };
  }

  /** The object in lines of the log: `{"database": "shop/orders"}`. */
  #logged({ object }: Seen): Readonly<Record<string, string>> {
    return { [this.#reconciler.resource.kind.toLowerCase()]: object.key };
  }
}
