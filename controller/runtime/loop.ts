import { isConflict, seenAtVersion } from '../databases/acts/action.ts';
import type { Decision } from '../databases/decision.ts';
import { failureOf, isAnswer } from './failures.ts';
import { subjectOf, reportHold } from '../databases/hold.ts';
import type { Metrics } from '../../kubernetes/metrics.ts';
import { nameOf } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../resources.ts';
import type { Outcome } from '../../kubernetes/work-queue.ts';
import type { Observation } from '../databases/observation.ts';
import { expectEffect, awaitsEffects } from '../databases/observe/memory.ts';
import type { Look } from '../databases/observe/observe.ts';
import { look } from '../databases/observe/observe.ts';
import { verify } from '../databases/observe/verify.ts';
import { eventsOfStatus } from '../databases/event-messages.ts';
import { primaryChanged } from '../databases/status/handled.ts';
import { beyondShare, internalError } from '../databases/status/hold.ts';
import { statusPatch } from '../databases/status-patch.ts';
import type { StepRunnerOptions } from './step-runner.ts';
import { StepRunner, UNSEEN_MS } from './step-runner.ts';

/** What passes over Databases work with. */
export interface LoopOptions extends StepRunnerOptions {
  readonly metrics: Pick<Metrics, 'reconciled' | 'failedOver' | 'setUp' | 'forget'>;
  readonly decide: (seen: Observation, now: Date) => Decision;
}

/** How soon there is looked for room again for a Database that was set aside. */
const ASIDE_MS = 301_000;

/** Whether the primary takes writes, as far as that shows. */
function isUp({ leader, pods }: Observation): boolean {
  return pods.some(({ name, ready, deleting }) => ready && !deleting && (!leader || name === leader.member));
}

/** Looks at one Database, tells its status, and does the next step: the same for every Database, as often as asked. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #steps: StepRunner;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#steps = new StepRunner(options);
  }

  /** One pass over the Database of this key, `namespace/name`. Rejected when the pass failed. */
  async reconcile(owner: string): Promise<Outcome | undefined> {
    const { clock, metrics, leads } = this.#options;
    if (!leads()) return undefined;
    const startedAt = clock.now();
    let outcome: 'done' | 'failed' = 'failed';
    try {
      const next = await this.#pass(owner);
      outcome = 'done';
      return next;
    } catch (error) {
      if (!isConflict(error)) {
        if (failureOf(error) === undefined && !this.#steps.hasFailedBy(error)) await this.#confess(owner);
        throw error;
      }
      outcome = 'done';
      return { retry: true };
    } finally {
      metrics.reconciled((clock.now() - startedAt) / 1000, outcome);
    }
  }

  /** A bug: its owner learns that nothing is done, everybody else's Databases go on. */
  async #confess(owner: string): Promise<void> {
    const kept = this.#options.looking.watches.databases.get(owner);
    if (kept && this.#options.leads()) await reportHold(kept, internalError(owner), this.#options);
  }

  /** What is done about a Database of which too little is kept to decide anything; undefined when enough is. */
  async #aside(owner: string): Promise<Outcome | undefined> {
    const { watches } = this.#options.looking;
    const kept = watches.databases.get(owner);
    if (!kept?.aside) return undefined;
    if (watches.holdings.readmit(owner)) return { retry: true };
    await reportHold(kept, beyondShare(kept.namespace), this.#options);
    return { againMs: ASIDE_MS };
  }

  async #pass(owner: string): Promise<Outcome | undefined> {
    const { api, looking, clock, decide } = this.#options;
    const aside = await this.#aside(owner);
    if (aside) return aside;
    const looked = look(owner, looking, clock.date());
    if (looked === undefined) {
      this.#forget(owner);
      return { isGone: true };
    }
    if (looked === 'later') return { retry: true };
    const { kept, seen, remembered } = looked;
    if (awaitsEffects(remembered, clock.now())) return { againMs: UNSEEN_MS };
    if (await verify(seen, remembered, { api, settings: looking.settings, now: clock.date() })) return { againMs: 0 };
    const decision = decide(seen, clock.date());
    const { step, lookAgainAfterSeconds } = decision;
    // What is only read is read before anything is told: what to tell depends on it.
    const readsFirst = step?.do === 'read-credentials' && remembered.failure === undefined;
    const told = readsFirst ? { resourceVersion: kept.resourceVersion } : await this.#tryToTell(looked, decision);
    const outcome = step && (await this.#steps.run(looked, { ...decision, step }, told.resourceVersion));
    if (told.failure && !outcome) throw told.failure;
    if (outcome) return outcome;
    remembered.pacing.rest();
    return lookAgainAfterSeconds === undefined ? {} : { againMs: lookAgainAfterSeconds * 1000 };
  }

  /**
   * Tells the status. When the API server refuses that for good, what is to be done is done all the same: it is decided by the
   * status that is stored.
   */
  async #tryToTell(
    looked: Look,
    decision: Decision,
  ): Promise<{ readonly resourceVersion: string; readonly failure?: Error }> {
    try {
      return { resourceVersion: await this.#tell(looked, decision) };
    } catch (failure) {
      const { log } = this.#options;
      if (!(failure instanceof Error) || isConflict(failure) || !isAnswer(failure)) throw failure;
      log.warn({ database: looked.kept.owner, error: failure.message }, 'the status could not be told');
      return { resourceVersion: looked.kept.resourceVersion, failure };
    }
  }

  #forget(owner: string): void {
    const { namespace = '', name } = nameOf(owner);
    this.#options.looking.memory.forget(owner);
    this.#options.metrics.forget(namespace, name);
  }

  /** Writes the status if it is another, with the events that come of it. Gives the version of the Database after it. */
  async #tell({ kept, seen, remembered }: Look, { status }: Decision): Promise<string> {
    const { api, recorder, metrics, looking, clock } = this.#options;
    const { namespace, name } = kept;
    metrics.setUp(namespace, name, isUp(seen));
    const patch = statusPatch(kept.status, status);
    if (!patch) return kept.resourceVersion;
    // Over the version that it was worked out from: what it remembers must not be taken back.
    const body = { metadata: { resourceVersion: kept.resourceVersion }, status: patch };
    const target = { namespace, name, subresource: 'status' } as const;
    const object = await api.patch(RESOURCES.Database, target, { type: 'merge', body });
    expectEffect(remembered, seenAtVersion({ looking }, RESOURCES.Database, object), clock.now());
    for (const occurrence of eventsOfStatus(kept.status, status)) recorder.record(subjectOf(kept), occurrence);
    if (primaryChanged(kept.status, status)) metrics.failedOver(namespace, name);
    return object.metadata.resourceVersion ?? '';
  }
}
