import type { Keys } from '../../certificates/keys.ts';
import type { ActionContext, StepEffect } from '../databases/acts/action.ts';
import { isConflict } from '../databases/acts/action.ts';
import { act } from '../databases/acts/act.ts';
import type { Servers } from '../databases/acts/servers.ts';
import type { OnEnd } from './background.ts';
import { Background } from './background.ts';
import type { IsVerifierOf } from '../credentials/scram.ts';
import type { Decision, Step } from '../databases/decision.ts';
import { subjectOfStep } from '../databases/decision.ts';
import { failureFields, failureOf, isAnswer } from './failures.ts';
import { subjectOf } from '../databases/hold.ts';
import type { Api } from '../../kubernetes/api.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { EventRecorder } from '../../kubernetes/events.ts';
import type { Log } from '../../kubernetes/log.ts';
import type { Outcome } from '../../kubernetes/work-queue.ts';
import { expectEffect, awaitsEffects } from '../databases/observe/memory.ts';
import type { Look, LookOptions } from '../databases/observe/observe.ts';
import { eventOfStep, eventOfFailure } from '../databases/event-messages.ts';

/** What steps are done with. */
export interface StepRunnerOptions {
  readonly api: Api;
  readonly looking: LookOptions;
  readonly servers: Servers;
  readonly makeKeys: () => Promise<Keys>;
  readonly isVerifierOf: IsVerifierOf;
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: Pick<EventRecorder, 'record'>;
  /** Whether this process may act now. */
  readonly leads: () => boolean;
  /** Has a Database looked at again, because a step has ended that went on by itself. */
  readonly wake: (owner: string) => void;
}

/** A decision that has a step. */
export type DecisionToAct = Decision & { readonly step: Step };

/** How soon to look again when no event came: an event comes sooner. */
export const UNSEEN_MS = 1000;
/** How soon to look whether one more step may go on outside of its pass. */
const FULL_MS = 5000;
/** What is told of a bug; all about it is in the log. */
const INTERNAL = 'the controller failed with an error of its own, of which its log tells more; report it';

/** Does the step of a decision, and remembers what came of it. */
export class StepRunner {
  readonly #options: StepRunnerOptions;
  readonly #background: Background;
  /** Failures of steps: they show in what the next pass tells. */
  readonly #told = new WeakSet();

  constructor(options: StepRunnerOptions) {
    this.#options = options;
    this.#background = new Background(options.clock);
  }

  /** Whether a pass failed by its step, which the next pass tells. */
  hasFailedBy(error: unknown): boolean {
    return error instanceof Error && this.#told.has(error);
  }

  /** Does a step over the version of the Database that its status was written to. Rejected when it failed. */
  async run(looked: Look, decision: DecisionToAct, resourceVersion: string): Promise<Outcome> {
    const { api, looking, servers, makeKeys, isVerifierOf, clock, log, leads } = this.#options;
    const { kept, seen, remembered } = looked;
    const { step, because } = decision;
    // The write of the status may have taken its time.
    if (!leads()) return {};
    const waitMs = remembered.pacing.waitMs(step);
    if (waitMs > 0) return { againMs: waitMs };
    if (step.do === 'restart-server' && this.#background.isFull) return { againMs: FULL_MS };
    const means = { api, looking, servers, makeKeys, isVerifierOf };
    const acting: ActionContext = { ...means, seen, remembered, resourceVersion, now: clock.date };
    log.info({ database: kept.owner, step: step.do, because }, 'acting');
    try {
      const effect = await act(step, acting);
      if (effect.rest && !(await this.#background.endsSoon(effect.rest))) {
        this.#background.follow(effect.rest, this.#onEnd(looked, decision));
        return {};
      }
      return this.#done(looked, decision, effect);
    } catch (error) {
      if (!isConflict(error)) {
        if (error instanceof Error) this.#told.add(error);
        this.#failed(looked, step, error);
      }
      throw error;
    }
  }

  /** Notes that a step goes on outside of its pass, and what happens when it ends. */
  #onEnd(looked: Look, decision: DecisionToAct): OnEnd {
    const { wake, log } = this.#options;
    const { owner } = looked.kept;
    const { underWay } = looked.remembered;
    const { step } = decision;
    underWay.add(subjectOfStep(step));
    return {
      done: () => {
        underWay.delete(subjectOfStep(step));
        this.#done(looked, decision, {});
        wake(owner);
      },
      failed: (error) => {
        underWay.delete(subjectOfStep(step));
        log.error({ database: owner, step: step.do, ...failureFields(error) }, 'a step failed');
        this.#failed(looked, step, error);
        wake(owner);
      },
    };
  }

  /** When to look again after a step: as soon as the watches show it. */
  #done({ kept, remembered }: Look, decision: DecisionToAct, effect: StepEffect): Outcome {
    const { clock, recorder } = this.#options;
    const { waitsFor, isIdle = false } = effect;
    const occurrence = waitsFor === undefined && !isIdle ? eventOfStep(decision) : undefined;
    if (occurrence) recorder.record(subjectOf(kept), occurrence);
    remembered.failure = waitsFor === undefined ? undefined : `it waits for ${waitsFor}`;
    const { pacing } = remembered;
    const pauseMs = waitsFor === undefined ? pacing.done(decision.step) : pacing.waits(decision.step, waitsFor);
    expectEffect(remembered, effect, clock.now());
    return { againMs: Math.max(pauseMs, awaitsEffects(remembered, clock.now()) ? UNSEEN_MS : 0) };
  }

  #failed({ kept, remembered }: Look, step: Step, error: unknown): void {
    const { recorder } = this.#options;
    const failure = failureOf(error) ?? INTERNAL;
    remembered.pacing.failed(step, failure, isAnswer(error));
    remembered.failure = failure;
    recorder.record(subjectOf(kept), eventOfFailure(step, failure));
  }
}
