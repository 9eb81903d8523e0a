import type { Metrics } from '../../kubernetes/metrics.ts';
import { nameOf } from '../../kubernetes/objects.ts';
import type { QueueFigures, Outcome } from '../../kubernetes/work-queue.ts';
import { WorkQueue } from '../../kubernetes/work-queue.ts';
import type { StepShape } from './concern.ts';
import { failureFields, failureOf, isAnswer, isConflict } from './failures.ts';
import { internalError } from './hold.ts';
import type { Decision, Look, Reconciler } from './reconciler.ts';
import type { StatusWriterOptions } from './status-writer.ts';
import { StatusWriter } from './status-writer.ts';
import type { StepRunnerOptions } from './step-runner.ts';
import { StepRunner, UNSEEN_MS } from './step-runner.ts';

/** Dependencies of the loop over objects of one kind. */
export interface LoopOptions extends Omit<StepRunnerOptions, 'wake'>, StatusWriterOptions {
  readonly clock: StepRunnerOptions['clock'];
  readonly metrics: Pick<Metrics, 'reconciled'>;
}

/** When to look at an object: before all other due ones, together with them, or in a while. */
export type Urgency = 'first' | 'now' | 'soon';

/** Number of objects in work at a time: a pass mostly waits for the API server. */
const WORKERS = 16;
/** Milliseconds for which a change that only moves figures may wait. */
const SOON_MS = 10_000;

/** Reconciles all objects of one kind: a queue of due objects, and one pass for each. */
export class Loop<Seen extends Look, Step extends StepShape, Status extends object> {
  readonly #reconciler: Reconciler<Seen, Step, Status>;
  readonly #options: LoopOptions;
  readonly #steps: StepRunner<Seen, Step, Status>;
  readonly #statuses: StatusWriter<Status>;
  readonly #queue: WorkQueue;

  constructor(reconciler: Reconciler<Seen, Step, Status>, options: LoopOptions) {
    this.#reconciler = reconciler;
    this.#options = options;
    const wake = (key: string): void => {
      this.add(key);
    };
    this.#steps = new StepRunner(reconciler, { ...options, wake });
    this.#statuses = new StatusWriter(reconciler, options);
    this.#queue = new WorkQueue({
      clock: options.clock,
      workers: WORKERS,
      work: (key) => this.reconcile(key),
      groupOf: (key) => nameOf(key).namespace ?? '',
      onFailure: (key, error) => {
        options.log.error({ ...this.#logged(key), ...failureFields(error) }, 'a pass failed');
      },
    });
  }

  /** Makes an object due. */
  add(key: string, urgency: Urgency = 'now'): void {
    if (urgency === 'soon') this.#queue.addAfter(key, SOON_MS);
    else this.#queue.add(key, { isUrgent: urgency === 'first' });
  }

  /** Starts the work; objects may be added before. */
  start(): void {
    this.#queue.start();
  }

  /** Starts no more passes; resolves when the running ones have ended. */
  drain(): Promise<void> {
    return this.#queue.drain();
  }

  figures(): QueueFigures {
    return this.#queue.figures();
  }

  /** One pass over the object with this key. Rejects when the pass failed. */
  async reconcile(key: string): Promise<Outcome | undefined> {
    const { clock, metrics, leads } = this.#options;
    if (!leads()) return undefined;
    const startedAt = clock.now();
    let outcome: 'done' | 'failed' = 'failed';
    try {
      const next = await this.#pass(key);
      outcome = 'done';
      return next;
    } catch (error) {
      if (!isConflict(error)) {
        if (failureOf(error) === undefined && !this.#steps.hasFailedBy(error)) await this.#reportBug(key);
        throw error;
      }
      outcome = 'done';
      return { retry: true };
    } finally {
      metrics.reconciled((clock.now() - startedAt) / 1000, outcome);
    }
  }

  /** After a bug, reports in the object's status that nothing is done; all other objects go on. */
  async #reportBug(key: string): Promise<void> {
    const { resource, stored } = this.#reconciler;
    const object = stored(key);
    if (object && this.#options.leads()) await this.#statuses.writeHold(object, internalError(resource.kind, key));
  }

  async #pass(key: string): Promise<Outcome | undefined> {
    const { clock } = this.#options;
    const { look, forget } = this.#reconciler;
    const result = look(key, clock.date());
    switch (result.is) {
      case 'gone':
        forget(key);
        return { isGone: true };
      case 'not known yet':
        return { retry: true };
      case 'held':
        await this.#statuses.writeHold(result.object, result.hold);
        return { againMs: result.againMs };
      case 'seen':
        return this.#decideAndAct(result.look);
    }
  }

  async #decideAndAct(look: Seen): Promise<Outcome> {
    const { clock } = this.#options;
    const { decide, complete, mannerOf } = this.#reconciler;
    const { object, progress } = look;
    if (progress.awaitsEffects(clock.now())) return { againMs: UNSEEN_MS };
    if (await complete?.(look, clock.date())) return { againMs: 0 };
    const decision = decide(look, clock.date());
    const { step, lookAgainAfterSeconds } = decision;
    // A step that only reads runs before the status is written, because the status depends on it.
    const readsFirst = step !== undefined && mannerOf(step) === 'reads' && progress.failure === undefined;
    const told = readsFirst ? { resourceVersion: object.resourceVersion } : await this.#tryToTell(look, decision);
    const outcome = step && (await this.#steps.run(look, { ...decision, step }, told.resourceVersion));
    if (told.failure && !outcome) throw told.failure;
    if (outcome) return outcome;
    progress.pacing.rest();
    const times = [lookAgainAfterSeconds && lookAgainAfterSeconds * 1000, progress.pacing.nextChangeMs()];
    const againMs = Math.min(...times.filter((time) => time !== undefined));
    return Number.isFinite(againMs) ? { againMs } : {};
  }

  /**
   * Writes the status. When the API server refuses the status permanently, the step is done all the same: the decision depended on the
   * stored status.
   */
  async #tryToTell(
    look: Seen,
    decision: Decision<Step, Status>,
  ): Promise<{ readonly resourceVersion: string; readonly failure?: Error }> {
    const { object } = look;
    try {
      return { resourceVersion: await this.#tell(look, decision) };
    } catch (failure) {
      if (!(failure instanceof Error) || isConflict(failure) || !isAnswer(failure)) throw failure;
      const { log } = this.#options;
      log.warn({ ...this.#logged(object.key), error: failure.message }, 'the status could not be told');
      return { resourceVersion: object.resourceVersion, failure };
    }
  }

  /** Writes the status if it changed. Returns the version of the object after the write. */
  async #tell(look: Seen, { status }: Decision<Step, Status>): Promise<string> {
    const { object, progress } = look;
    this.#reconciler.onDecision?.(look);
    const written = await this.#statuses.write(object, status);
    if (!written) return object.resourceVersion;
    progress.expect(written, this.#options.clock.now());
    this.#reconciler.onStatusWritten?.(look, status);
    return written.resourceVersion;
  }

  #logged(key: string): Readonly<Record<string, string>> {
    return { [this.#reconciler.resource.kind.toLowerCase()]: key };
  }
}
