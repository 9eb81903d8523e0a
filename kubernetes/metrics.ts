import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { QueueFigures } from './work-queue.ts';

/** Figures of a list-watch. */
export interface WatchFigures {
  /** Seconds since the API server last proved that the store is current. */
  readonly staleness: () => number;
  readonly store: { readonly size: number };
}

/** Figures of the objects that the controller holds. */
export interface KeptFigures {
  readonly bytes: () => number;
  readonly mostBytes: () => number;
  /** Number of Databases set aside, by namespace. */
  readonly aside: () => ReadonlyMap<string, number>;
  /** Number of Databases with truncated objects. */
  readonly cut: () => number;
}

/** Figures of a Database's backups, as its status tells them. */
export interface BackupFigures {
  readonly isHealthy?: boolean;
  /** In seconds since 1970. */
  readonly verifiedAt?: number;
}

type DatabaseGauge = Gauge<'namespace' | 'name'>;

function setOrRemove(
  gauge: DatabaseGauge,
  of: { readonly namespace: string; readonly name: string },
  value: number | undefined,
): void {
  if (value === undefined) gauge.remove(of);
  else gauge.set(of, value);
}

const NONE: QueueFigures = { depth: 0, oldestWaitSeconds: 0, running: 0, retries: 0 };

/** The controller's Prometheus metrics. Gauges are read when Prometheus scrapes. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #watched = new Map<string, WatchFigures[]>();
  #figures: () => QueueFigures = () => NONE;
  #leads: () => boolean = () => false;

  readonly #duration = new Histogram({
    name: 'ballast_reconcile_duration_seconds',
    help: 'Time of a pass over one Database.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.#registry],
  });
  readonly #errors = new Counter({
    name: 'ballast_reconcile_errors_total',
    help: 'Passes over a Database that failed and will be tried again.',
    registers: [this.#registry],
  });
  readonly #lists = this.#counter('ballast_watch_lists_total', 'Whole lists that were read, by resource.', [
    'resource',
  ]);
  readonly #ends = this.#counter('ballast_watch_ends_total', 'Watches that ended, by resource and cause.', [
    'resource',
    'cause',
  ]);
  readonly #dropped = this.#counter('ballast_events_dropped_total', 'Events that were not written.', []);
  readonly #strays = this.#counter(
    'ballast_stray_errors_total',
    'Errors that belonged to no pass, and were logged.',
    [],
  );
  readonly #failovers = this.#counter('database_failover_total', 'Changes of primary that were seen.', [
    'namespace',
    'name',
  ]);
  readonly #up = this.#ofDatabase('database_up', 'Whether the Database has a primary that takes writes: 1 or 0.');
  readonly #backupHealthy = this.#ofDatabase(
    'ballast_database_backup_healthy',
    'Whether the condition BackupHealthy is True: 1 or 0; absent while that is unknown.',
  );
  readonly #backupVerified = this.#ofDatabase(
    'ballast_database_backup_verified_timestamp_seconds',
    'When a verification of a backup last succeeded; absent when the latest one failed, or there was none.',
  );

  constructor() {
    this.#gauge('ballast_queue_depth', 'Databases that are due.', () => this.#figures().depth);
    this.#gauge(
      'ballast_queue_oldest_wait_seconds',
      'How long the Database that is due longest has waited.',
      () => this.#figures().oldestWaitSeconds,
    );
    this.#gauge('ballast_queue_running', 'Databases that are worked on.', () => this.#figures().running);
    this.#gauge('ballast_leader', 'Whether this replica acts: 1 or 0.', () => Number(this.#leads()));
    this.#showCount('ballast_queue_retries_total', 'Passes that are tried again after a failure.');
    this.#perResource(
      'ballast_watch_staleness_seconds',
      'Since the API server last proved that what is known is current.',
      (all) => Math.max(...all.map((watched) => watched.staleness())),
    );
    this.#perResource('ballast_watch_objects', 'Objects that are known.', (all) =>
      all.reduce((sum, { store }) => sum + store.size, 0),
    );
  }

  /** Registers the figures of the objects that the controller holds. */
  showKept(kept: KeptFigures): void {
    this.#gauge('ballast_kept_bytes', 'Estimated size of what is kept of objects.', () => kept.bytes());
    this.#gauge('ballast_kept_limit_bytes', 'What may be kept, for all namespaces together.', () => kept.mostBytes());
    const aside = new Gauge({
      name: 'ballast_databases_set_aside',
      help: 'Databases that are not looked after, because their namespace holds more than its share of memory.',
      labelNames: ['namespace'] as const,
      registers: [this.#registry],
      collect: () => {
        aside.reset();
        for (const [namespace, count] of kept.aside()) aside.set({ namespace }, count);
      },
    });
    this.#gauge('ballast_databases_cut', 'Databases with objects larger than what is kept of them.', () => kept.cut());
  }

  /** Counts an uncaught error. */
  strayed(): void {
    this.#strays.inc();
  }

  /** Registers the metrics of the process. They are measured until the process ends: call this once per process. */
  addProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Counts a pass over one Database. */
  reconciled(seconds: number, outcome: 'done' | 'failed'): void {
    this.#duration.observe(seconds);
    if (outcome === 'failed') this.#errors.inc();
  }

  /** Registers the figures of the queue. */
  showQueue(queue: { readonly figures: () => QueueFigures }): void {
    this.#figures = () => queue.figures();
  }

  /** Registers whether this replica leads. */
  showLeader(election: { readonly leads: () => boolean }): void {
    this.#leads = () => election.leads();
  }

  /** Registers a list-watch; of several for one resource the stalest counts. */
  showWatch(resource: string, watched: WatchFigures): void {
    this.#watched.set(resource, [...(this.#watched.get(resource) ?? []), watched]);
  }

  /** Counts a full list. */
  listed(resource: string): void {
    this.#lists.inc({ resource });
  }

  /** Counts a watch that ended. */
  watchEnded(resource: string, cause: string): void {
    this.#ends.inc({ resource, cause });
  }

  /** Counts an event that was dropped. */
  eventDropped(): void {
    this.#dropped.inc();
  }

  /** Counts a change of primary of this Database. */
  failedOver(namespace: string, name: string): void {
    this.#failovers.inc({ namespace, name });
  }

  /** Sets whether the Database has a primary that accepts writes. */
  setUp(namespace: string, name: string, isUp: boolean): void {
    this.#up.set({ namespace, name }, isUp ? 1 : 0);
  }

  /** Sets whether its backups are healthy, and when one was last verified, in seconds; undefined removes the figure. */
  setBackup(namespace: string, name: string, { isHealthy, verifiedAt }: BackupFigures): void {
    setOrRemove(this.#backupHealthy, { namespace, name }, isHealthy === undefined ? undefined : Number(isHealthy));
    setOrRemove(this.#backupVerified, { namespace, name }, verifiedAt);
  }

  /** Forgets a Database that is gone. */
  forget(namespace: string, name: string): void {
    this.#up.remove({ namespace, name });
    this.#failovers.remove({ namespace, name });
    this.setBackup(namespace, name, {});
  }

  /** The metrics in Prometheus' text form, with its content type. */
  async text(): Promise<{ type: string; text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #ofDatabase(name: string, help: string): DatabaseGauge {
    return new Gauge({ name, help, labelNames: ['namespace', 'name'] as const, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, value: () => number): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect: () => {
        gauge.set(value());
      },
    });
  }

  #showCount(name: string, help: string): void {
    const counter: Counter = new Counter({
      name,
      help,
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        counter.inc(this.#figures().retries);
      },
    });
  }

  #perResource(name: string, help: string, value: (all: readonly WatchFigures[]) => number): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames: ['resource'] as const,
      registers: [this.#registry],
      collect: () => {
        for (const [resource, all] of this.#watched) gauge.set({ resource }, value(all));
      },
    });
  }
}
