import type { Api, CallOptions } from './api.ts';
import { ApiError, hasCode } from './api.ts';
import type { Clock } from './clock.ts';
import { microTime, pause } from './clock.ts';
import type { Log } from './log.ts';
import { bugOf } from './log.ts';
import type { KubernetesObject, ObjectName } from './objects.ts';
import { STANDARD_RESOURCES } from './resources.ts';

/** A candidate's Lease, identity and callbacks. */
export interface ElectionOptions {
  readonly api: Pick<Api, 'get' | 'create' | 'patch'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly lease: ObjectName & { readonly namespace: string };
  /** Differs from the identity of every other candidate, also of an earlier process in the same pod. */
  readonly identity: string;
  readonly times?: Partial<ElectionTimes>;
  readonly onElected: () => void;
  /** Called when the leader could not renew in time or was replaced: this process must end. Not called after `stop`. */
  readonly onLost: () => void;
}

/** Times of an election, in milliseconds: `renewMs` < `renewDeadlineMs` < `durationMs`, whole seconds. */
export interface ElectionTimes {
  /** After this long without a renewal another candidate may take over. */
  readonly durationMs: number;
  /** After this long without a renewal the leader stops acting; shorter than `durationMs`, so that clocks may run at different speeds. */
  readonly renewDeadlineMs: number;
  readonly renewMs: number;
  /** Interval between a candidate's looks, and between a leader's retries. */
  readonly pollMs: number;
}

interface LeaseSpec {
  readonly holderIdentity?: string | null;
  readonly leaseDurationSeconds?: number | null;
  readonly acquireTime?: string | null;
  readonly renewTime?: string | null;
  readonly leaseTransitions?: number | null;
}

/** The last version of the Lease, and when this process first saw it: the clocks of other processes do not matter. */
interface Observed {
  readonly spec: LeaseSpec;
  readonly text: string;
  readonly at: number;
}

const TIMES: ElectionTimes = { durationMs: 15_000, renewDeadlineMs: 10_000, renewMs: 2000, pollMs: 1000 };
const CONFLICT = 409;

const specOf = (lease: KubernetesObject): LeaseSpec => lease['spec'] ?? {};

/** A candidate for one Lease. A candidate leads at most once: after losing the Lease it ends, and a new candidate takes its place. */
export class Election {
  readonly #options: ElectionOptions;
  readonly #times: ElectionTimes;
  readonly #end = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #observed: Observed | undefined;
  /** The version of the Lease that this process wrote last; present while this process leads. */
  #version: string | undefined;
  /** The time on this process's clock until which the leader may act. */
  #until = -Infinity;
  #cancelDeadline: () => void = () => undefined;

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
  }

  start(): void {
    this.#loop = this.#stand();
  }

  /**
   * Whether this process may act now. The answer comes from the clock, and so is right even when the process was suspended and has not
   * processed its deadline yet: call this before each write.
   */
  leads(): boolean {
    return this.#options.clock.now() < this.#until;
  }

  /** Releases the Lease, so that another candidate takes over with its next look. Finish acting before. */
  async stop(): Promise<void> {
    const mustRelease = this.leads();
    this.#until = -Infinity;
    this.#cancelDeadline();
    this.#end.abort();
    await this.#loop;
    if (!mustRelease) return;
    const spec = { holderIdentity: null, renewTime: microTime(this.#options.clock.date()) };
    await this.#writeAsHolder(spec, { timeoutMs: this.#times.pollMs }).catch((error: unknown) => {
      this.#warn(error, 'the lease was not given back, others wait until it expires');
    });
  }

  async #stand(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#end;
    while (!signal.aborted) {
      try {
        if (this.#version === undefined) await this.#tryToLead();
        else await this.#renew();
      } catch (error) {
        this.#warn(error, 'the lease was not reached');
      }
      const wait = this.#isFresh() ? this.#times.renewMs : this.#times.pollMs;
      // Less by chance, so that candidates do not look in step.
      await pause(clock, wait * (1 - clock.random() / 4), signal);
    }
  }

  /** Whether the last renewal is so recent that the next one can wait. */
  #isFresh(): boolean {
    const { renewDeadlineMs, renewMs } = this.#times;
    return this.#until - this.#options.clock.now() > renewDeadlineMs - renewMs / 2;
  }

  async #tryToLead(): Promise<void> {
    const { api, clock, lease } = this.#options;
    const found = await api.get(STANDARD_RESOURCES.Lease, lease, this.#call());
    if (!this.#isFree(found)) return;
    // The Lease counts from the moment at which the write is sent.
    const sentAt = clock.now();
    const spec = this.#claim(found);
    const object = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: lease, spec };
    const written = found
      ? this.#patch(found.metadata.resourceVersion, spec, this.#call())
      : api.create(STANDARD_RESOURCES.Lease, object, this.#call());
    const { metadata } = await written;
    // The answer came too late to act on; the next look finds the Lease under this identity.
    if (clock.now() >= sentAt + this.#times.renewDeadlineMs || this.#end.signal.aborted) return;
    this.#hold(metadata.resourceVersion, sentAt);
    this.#options.log.info({ lease: lease.name, identity: this.#options.identity }, 'elected');
    this.#begin();
  }

  /** Starts leading; a failure releases the Lease. */
  #begin(): void {
    try {
      this.#options.onElected();
    } catch (error) {
      this.#options.log.error(bugOf(error), 'what the leader does could not be begun');
      this.#lose('what the leader does could not be begun');
    }
  }

  #isFree(found: KubernetesObject | undefined): boolean {
    const { clock, identity } = this.#options;
    const now = clock.now();
    const spec = found && specOf(found);
    const text = JSON.stringify(spec);
    if (spec && this.#observed?.text !== text) this.#observed = { text, spec, at: now };
    // The holder of a deleted Lease still acts until it notices the deletion.
    const { holderIdentity: holder, leaseDurationSeconds } = this.#observed?.spec ?? {};
    const durationMs = (leaseDurationSeconds ?? this.#times.durationMs / 1000) * 1000;
    return !holder || holder === identity || now >= (this.#observed?.at ?? now) + durationMs;
  }

  #claim(found: KubernetesObject | undefined): LeaseSpec {
    const now = microTime(this.#options.clock.date());
    return {
      holderIdentity: this.#options.identity,
      leaseDurationSeconds: Math.ceil(this.#times.durationMs / 1000),
      acquireTime: now,
      renewTime: now,
      leaseTransitions: found ? (specOf(found).leaseTransitions ?? 0) + 1 : 0,
    };
  }

  async #renew(): Promise<void> {
    const { clock } = this.#options;
    const sentAt = clock.now();
    const isHolder = await this.#writeAsHolder({ renewTime: microTime(clock.date()) }, this.#call());
    if (this.#end.signal.aborted) return;
    if (isHolder) this.#hold(this.#version, sentAt);
    else this.#lose('another replica took the lease');
  }

  /** Changes the Lease while this process holds it; false when another process does. */
  async #writeAsHolder(spec: LeaseSpec, call: CallOptions): Promise<boolean> {
    const { api, lease, identity } = this.#options;
    try {
      this.#version = (await this.#patch(this.#version, spec, call)).metadata.resourceVersion;
      return true;
    } catch (error) {
      if (!hasCode(error, CONFLICT)) throw error;
    }
    // The version also changes when another client edits a label, or when the answer to an earlier write was lost.
    const found = await api.get(STANDARD_RESOURCES.Lease, lease, call);
    if (!found || specOf(found).holderIdentity !== identity) return false;
    this.#version = (await this.#patch(found.metadata.resourceVersion, spec, call)).metadata.resourceVersion;
    return true;
  }

  #patch(resourceVersion: string | undefined, spec: LeaseSpec, call: CallOptions): Promise<KubernetesObject> {
    const body = { metadata: { resourceVersion }, spec };
    return this.#options.api.patch(STANDARD_RESOURCES.Lease, this.#options.lease, { type: 'merge', body }, call);
  }

  /** Leads from the moment at which a write was sent, for as long as no other candidate can take over. */
  #hold(version: string | undefined, sentAt: number): void {
    if (this.#end.signal.aborted) return;
    const { clock } = this.#options;
    this.#version = version;
    this.#until = sentAt + this.#times.renewDeadlineMs;
    this.#cancelDeadline();
    this.#cancelDeadline = clock.after(Math.max(0, this.#until - clock.now()), () => {
      this.#lose('the lease could not be renewed in time');
    });
  }

  #lose(why: string): void {
    if (this.#end.signal.aborted) return;
    this.#until = -Infinity;
    this.#cancelDeadline();
    this.#end.abort();
    this.#options.log.error({ lease: this.#options.lease.name, reason: why }, 'no longer the leader');
    this.#options.onLost();
  }

  #call(): CallOptions {
    return { timeoutMs: this.#times.renewDeadlineMs / 2, signal: this.#end.signal };
  }

  #warn(error: unknown, message: string): void {
    if (!(error instanceof ApiError)) {
      // The renewal is tried again; while renewals fail, the deadline ends this process.
      this.#options.log.error({ lease: this.#options.lease.name, ...bugOf(error) }, message);
      return;
    }
    if (error.reason === 'Aborted' || error.code === CONFLICT) return;
    this.#options.log.warn({ lease: this.#options.lease.name, code: error.code, reason: error.reason }, message);
  }
}
