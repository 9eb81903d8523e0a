import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { Keys } from '../certificates/keys.ts';
import { makeKeys } from '../certificates/keys.ts';
import type { DatabaseBackupStatus, DatabaseRestoreStatus, DatabaseStatus, Settings } from '../database/types.ts';
import { SERVERS } from './engines/acting.ts';
import type { Servers } from './engines/servers.ts';
import type { IsVerifierOf } from './credentials/scram.ts';
import { isVerifierOf } from './credentials/scram.ts';
import type { Decision, Step } from './databases/decision.ts';
import type { DatabaseLook } from './databases/observe/observe.ts';
import { databaseReconciler } from './databases/reconciler.ts';
import type { BackupStep } from './backups/observation.ts';
import type { BackupLook } from './backups/observe.ts';
import { backupReconciler } from './backups/reconciler.ts';
import { onBackupChange } from './backups/wake-up.ts';
import type { RestoreLook } from './restores/reconciler.ts';
import { restoreReconciler } from './restores/reconciler.ts';
import { onRestoreChange } from './restores/wake-up.ts';
import type { Api } from '../kubernetes/api.ts';
import type { Clock } from '../kubernetes/clock.ts';
import { EventRecorder } from '../kubernetes/events.ts';
import type { HealthServer } from '../kubernetes/health.ts';
import { serveHealth, stale } from '../kubernetes/health.ts';
import type { ElectionTimes } from '../kubernetes/leader-election.ts';
import { Election } from '../kubernetes/leader-election.ts';
import type { Limits } from '../kubernetes/list-watch.ts';
import type { Log } from '../kubernetes/log.ts';
import { Metrics } from '../kubernetes/metrics.ts';
import { keyOf } from '../kubernetes/objects.ts';
import type { UncaughtErrorSource } from '../kubernetes/uncaught-errors.ts';
import { logUncaughtErrors } from '../kubernetes/uncaught-errors.ts';
import type { QueueFigures } from '../kubernetes/work-queue.ts';
import { Loop } from './runtime/loop.ts';
import type { Observation } from './databases/observation.ts';
import { Memory } from './databases/observe/memory.ts';
import type { OnDatabase } from './cluster/watches.ts';
import { Watches } from './cluster/watches.ts';

/** Options of the controller. */
export interface ControllerOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  /** Namespaces to watch; all when empty. */
  readonly namespaces: readonly string[];
  /** Whether the controller applies the manifests of every Database. */
  readonly appliesAll: boolean;
  /** Whether a Database may ask for direct mode by an annotation. */
  readonly applyAllowed: boolean;
  /** The Lease by which the replicas elect the acting one. */
  readonly lease: { readonly namespace: string; readonly name: string };
  readonly decide: (seen: Observation, now: Date) => Decision;
  /** How members are called; over the network when absent. */
  readonly servers?: Servers;
  /** Makes the keys of certificates; random keys when absent. */
  readonly makeKeys?: () => Promise<Keys>;
  /** Compares passwords with verifiers; outside the event loop when absent. */
  readonly isVerifierOf?: IsVerifierOf;
  readonly times?: Partial<ElectionTimes>;
  readonly limits?: Partial<Limits>;
  /** Maximum memory of stored objects, in bytes; a part of the heap when absent. */
  readonly mostBytes?: number;
  /** Called when the Lease was lost: the process must end. */
  readonly onLost: () => void;
}

/** The part of the heap for stored objects; the rest is for reads, passes, and V8's own headroom. */
const KEPT_PART = 0.4;
/** Longer than a watch is silent and its restart takes: a staler watch does not recover. */
const STALE_SECONDS = 600;

/** One replica of the controller: it watches from its start, and acts while it is elected. */
export class Controller {
  readonly metrics = new Metrics();
  readonly #options: ControllerOptions;
  readonly #watches: Watches;
  readonly #databases: Loop<DatabaseLook, Step, DatabaseStatus>;
  readonly #backups: Loop<BackupLook, BackupStep, DatabaseBackupStatus>;
  readonly #restores: Loop<RestoreLook, never, DatabaseRestoreStatus>;
  readonly #election: Election;
  readonly #recorder: EventRecorder;

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { api, clock, log, settings, namespaces, lease, decide, servers = SERVERS } = options;
    const { appliesAll, applyAllowed } = options;
    const { metrics } = this;
    const identity = `${hostname()}_${randomUUID()}`;
    const limits = options.limits && { limits: options.limits };
    const mostBytes = options.mostBytes ?? getHeapStatistics().heap_size_limit * KEPT_PART;
    this.#watches = new Watches({ api, clock, log, metrics, namespaces, mostBytes, ...limits });
    const who = { controller: 'ballast-controller', instance: identity };
    this.#recorder = new EventRecorder({ api, clock, log, metrics, ...who });
    this.#election = new Election({
      ...{ api, clock, log, lease, identity },
      ...(options.times && { times: options.times }),
      onElected: () => {
        this.#elected();
      },
      onLost: options.onLost,
    });
    const looking = { watches: this.#watches, memory: new Memory(clock), settings, appliesAll, applyAllowed };
    const leads = (): boolean => this.#election.leads();
    const recorder = this.#recorder;
    const means = { makeKeys: options.makeKeys ?? makeKeys, isVerifierOf: options.isVerifierOf ?? isVerifierOf };
    const reconciler = databaseReconciler({ api, clock, looking, servers, metrics, decide, ...means });
    const looping = { api, clock, log, metrics, recorder, leads };
    this.#databases = new Loop(reconciler, looping);
    this.#backups = new Loop(backupReconciler({ api, clock, looking }), looping);
    this.#restores = new Loop(restoreReconciler({ clock, looking }), looping);
    metrics.showKept(this.#watches.kept());
    metrics.showQueue(this.#databases);
    metrics.showLeader(this.#election);
  }

  /** Starts the watches; stands for election when they are synced. */
  async start(): Promise<void> {
    onBackupChange(this.#watches, (key) => {
      if (this.#election.leads()) this.#backups.add(key);
    });
    onRestoreChange(this.#watches, (key) => {
      if (this.#election.leads()) this.#restores.add(key);
    });
    this.#watches.start(this.#tell);
    await this.#watches.synced;
    this.#options.log.info({ databases: this.#watches.databases.size }, 'all is known');
    this.#election.start();
  }

  /** Finishes the work in progress, and releases the Lease. */
  async stop(): Promise<void> {
    await Promise.all([this.#databases, this.#backups, this.#restores].map((loop) => loop.drain()));
    await this.#recorder.flush();
    await this.#election.stop();
    this.#watches.stop();
  }

  /** Why this replica could not take over at once; undefined when it could. */
  readiness(): string | undefined {
    return this.#watches.isSynced ? undefined : 'not everything is known yet';
  }

  /** A fault that only a restart cures. */
  liveness(): string | undefined {
    if (!this.#watches.isSynced) return undefined;
    return stale(this.#watches.started(), STALE_SECONDS) ?? this.#standstill();
  }

  /** A leader that works on nothing while keys are due must not keep the Lease. */
  #standstill(): string | undefined {
    const isStill = ({ running, oldestWaitSeconds }: QueueFigures): boolean =>
      running === 0 && oldestWaitSeconds > STALE_SECONDS;
    const loops = [this.#databases, this.#backups, this.#restores].map((loop) => loop.figures());
    if (!this.#election.leads() || !loops.some(isStill)) return undefined;
    return `nothing was worked on for ${STALE_SECONDS} s`;
  }

  #elected(): void {
    this.#options.log.info({}, 'elected');
    for (const { owner } of this.#watches.databases.values()) this.#databases.add(owner);
    this.#databases.start();
    for (const kept of this.#watches.databaseBackups.values()) this.#backups.add(keyOf(kept));
    this.#backups.start();
    for (const kept of this.#watches.databaseRestores.values()) this.#restores.add(keyOf(kept));
    this.#restores.start();
  }

  readonly #tell: OnDatabase = (owner, urgency) => {
    // A replica that waits works on no keys; the election adds all of them.
    if (this.#election.leads()) this.#databases.add(owner, urgency);
  };
}

/** Options of a controller with its server for health and metrics. */
export interface ServeOptions extends Omit<ControllerOptions, 'onLost'> {
  readonly host: string;
  readonly port: number;
  /** The source of uncaught errors. */
  readonly process: UncaughtErrorSource;
  /** Aborts to end the controller. */
  readonly signal: AbortSignal;
}

/** The Lease was lost: another replica acts by now. */
export class LeaseLost extends Error {}

/** Runs a controller until the signal, then ends in order. Throws a LeaseLost when the Lease was lost before. */
export async function serve({ host, port, signal, process, ...options }: ServeOptions): Promise<void> {
  const { log } = options;
  const ended = Promise.withResolvers<undefined>();
  const controller = new Controller({
    ...options,
    onLost: () => {
      ended.reject(new LeaseLost('the lease could not be renewed in time'));
    },
  });
  signal.addEventListener('abort', () => {
    ended.resolve(undefined);
  });
  if (signal.aborted) ended.resolve(undefined);
  controller.metrics.addProcess();
  const stopCatching = logUncaughtErrors(process, { log, metrics: controller.metrics });
  const health: HealthServer = await serveHealth({
    ...{ host, port, log, metrics: controller.metrics },
    live: () => controller.liveness(),
    ready: () => (signal.aborted ? 'it is ending' : controller.readiness()),
  });
  log.info({ port: health.port }, 'started');
  try {
    await Promise.race([Promise.all([controller.start(), ended.promise]), ended.promise]);
  } finally {
    await controller.stop();
    await health.close();
    stopCatching();
    log.info({}, 'ended');
  }
}
