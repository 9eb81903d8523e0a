import type { Keys } from '../certificates/keys.ts';
import type { Acting, Effect } from './act/acting.ts';
import { isOutdated, written } from './act/acting.ts';
import { act } from './act/act.ts';
import { ServerError } from './act/servers.ts';
import type { Servers } from './act/servers.ts';
import type { IsVerifierOf } from './credentials/scram.ts';
import type { Decision, Step } from './decision.ts';
import { subjectOf, tellHeld } from './hold.ts';
import type { Api } from './kubernetes/api.ts';
import { ApiError } from './kubernetes/api.ts';
import type { Clock } from './kubernetes/clock.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import type { Log } from './kubernetes/log.ts';
import type { Metrics } from './kubernetes/metrics.ts';
import { nameOf } from './kubernetes/objects.ts';
import { RESOURCES } from './kubernetes/resources.ts';
import type { Outcome } from './kubernetes/work-queue.ts';
import type { Observation } from './observation.ts';
import type { Remembered } from './observe/memory.ts';
import { isBehind } from './observe/memory.ts';
import type { Looked, Looking } from './observe/observe.ts';
import { look } from './observe/observe.ts';
import { verify } from './observe/verify.ts';
import { doneOccurrence, failedOccurrence, statusOccurrences } from './occurrences.ts';
import { primaryChanged } from './status/handled.ts';
import { beyondShare, internalError } from './status/held.ts';
import { statusPatch } from './status-patch.ts';

/** What passes over Databases work with. */
export interface LoopOptions {
  readonly api: Api;
  readonly looking: Looking;
  readonly servers: Servers;
  readonly makeKeys: () => Promise<Keys>;
  readonly isVerifierOf: IsVerifierOf;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'reconciled' | 'failedOver' | 'setUp' | 'forget'>;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly decide: (seen: Observation, now: Date) => Decision;
  /** Whether this process may act now. */
  readonly leads: () => boolean;
}

/** The watches show a write within milliseconds; after so long it is taken that it never will show. */
const EXPECTED_MS = 5000;
/** How soon to look again when no event came: an event comes sooner. */
const UNSEEN_MS = 1000;
/** How soon there is looked for room again for a Database that was set aside. */
const ASIDE_MS = 301_000;
/** What is told of a bug; all about it is in the log. */
const INTERNAL = 'the controller failed with an error of its own, of which its log tells more; report it';
/** HTTP statuses by which the API server says that it can answer nobody now; 0 when it says nothing. */
const OVERLOADED: ReadonlySet<number> = new Set([0, 429, 503, 504]);

/** Whether the primary takes writes, as far as that shows. */
function isUp({ leader, pods }: Observation): boolean {
  return pods.some(({ name, ready, deleting }) => ready && !deleting && (!leader || name === leader.member));
}

/** Why a step failed; undefined when that is a bug, of which the status tells no more. */
function failureOf(error: unknown): string | undefined {
  return error instanceof ApiError || error instanceof ServerError ? error.message : undefined;
}

/** Whether a failure is about this step, and not about all calls alike. */
function isAnswer(error: unknown): boolean {
  return !(error instanceof ApiError) || !OVERLOADED.has(error.code);
}

/** Looks at one Database, tells its status, and does the next step: the same for every Database, as often as asked. */
export class Loop {
  readonly #options: LoopOptions;
  /** Failures of steps: they show in what the next pass tells. */
  readonly #told = new Set<unknown>();

  constructor(options: LoopOptions) {
    this.#options = options;
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
      if (!isOutdated(error)) {
        if (failureOf(error) === undefined && !this.#told.has(error)) await this.#confess(owner);
        this.#told.delete(error);
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
    if (kept && this.#options.leads()) await tellHeld(kept, internalError(owner), this.#options);
  }

  /** What is done about a Database of which too little is kept to decide anything; undefined when enough is. */
  async #aside(owner: string): Promise<Outcome | undefined> {
    const { watches } = this.#options.looking;
    const kept = watches.databases.get(owner);
    if (!kept?.aside) return undefined;
    if (watches.holdings.readmit(owner)) return { retry: true };
    await tellHeld(kept, beyondShare(kept.namespace), this.#options);
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
    if (isBehind(remembered, clock.now())) return { againMs: UNSEEN_MS };
    if (await verify(seen, remembered, { api, settings: looking.settings, now: clock.date() })) return { againMs: 0 };
    const decision = decide(seen, clock.date());
    const { step, lookAgainAfterSeconds } = decision;
    // What is only read is read before anything is told: what to tell depends on it.
    const readsFirst = step?.do === 'read-credentials' && remembered.failure === undefined;
    const told = readsFirst ? { resourceVersion: kept.resourceVersion } : await this.#tryToTell(looked, decision);
    const outcome = step && (await this.#step(looked, { ...decision, step }, told.resourceVersion));
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
    looked: Looked,
    decision: Decision,
  ): Promise<{ readonly resourceVersion: string; readonly failure?: Error }> {
    try {
      return { resourceVersion: await this.#tell(looked, decision) };
    } catch (failure) {
      const { log } = this.#options;
      if (!(failure instanceof Error) || isOutdated(failure) || !isAnswer(failure)) throw failure;
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
  async #tell({ kept, seen, remembered }: Looked, { status }: Decision): Promise<string> {
    const { api, recorder, metrics, looking, clock } = this.#options;
    const { namespace, name } = kept;
    metrics.setUp(namespace, name, isUp(seen));
    const patch = statusPatch(kept.status, status);
    if (!patch) return kept.resourceVersion;
    // Over the version that it was worked out from: what it remembers must not be taken back.
    const body = { metadata: { resourceVersion: kept.resourceVersion }, status: patch };
    const target = { namespace, name, subresource: 'status' } as const;
    const object = await api.patch(RESOURCES.Database, target, { type: 'merge', body });
    this.#expect(remembered, written({ looking }, RESOURCES.Database, object), clock.now());
    for (const occurrence of statusOccurrences(kept.status, status)) recorder.record(subjectOf(kept), occurrence);
    if (primaryChanged(kept.status, status)) metrics.failedOver(namespace, name);
    return object.metadata.resourceVersion ?? '';
  }

  async #step(looked: Looked, decision: Decision & { readonly step: Step }, resourceVersion: string): Promise<Outcome> {
    const { api, looking, servers, makeKeys, isVerifierOf, clock, log, leads } = this.#options;
    const { kept, seen, remembered } = looked;
    const { step, because } = decision;
    // The write of the status may have taken its time.
    if (!leads()) return {};
    const waitMs = remembered.pacing.waitMs(step);
    if (waitMs > 0) return { againMs: waitMs };
    const means = { api, looking, servers, makeKeys, isVerifierOf };
    const acting: Acting = { ...means, seen, remembered, resourceVersion, now: clock.date };
    log.info({ database: kept.owner, step: step.do, because }, 'acting');
    try {
      return this.#done(looked, decision, await act(step, acting));
    } catch (error) {
      if (!isOutdated(error)) this.#failed(looked, step, error);
      throw error;
    }
  }

  /** When to look again after a step: as soon as the watches show it. */
  #done({ kept, remembered }: Looked, decision: Decision & { readonly step: Step }, effect: Effect): Outcome {
    const { clock, recorder } = this.#options;
    const { waitsFor, isIdle = false } = effect;
    const occurrence = waitsFor === undefined && !isIdle ? doneOccurrence(decision) : undefined;
    if (occurrence) recorder.record(subjectOf(kept), occurrence);
    remembered.failure = waitsFor === undefined ? undefined : `it waits for ${waitsFor}`;
    const { pacing } = remembered;
    const pauseMs = waitsFor === undefined ? pacing.done(decision.step) : pacing.waits(decision.step, waitsFor);
    this.#expect(remembered, effect, clock.now());
    return { againMs: Math.max(pauseMs, isBehind(remembered, clock.now()) ? UNSEEN_MS : 0) };
  }

  #failed({ kept, remembered }: Looked, step: Step, error: unknown): void {
    const { recorder } = this.#options;
    this.#told.add(error);
    const failure = failureOf(error) ?? INTERNAL;
    remembered.pacing.failed(step, failure, isAnswer(error));
    remembered.failure = failure;
    recorder.record(subjectOf(kept), failedOccurrence(step, failure));
  }

  #expect(remembered: Remembered, { isSeen }: Effect, now: number): void {
    if (isSeen) remembered.expected = [...remembered.expected, { isSeen, until: now + EXPECTED_MS }];
  }
}
