import type { Api } from './api.ts';
import { ApiError, hasCode } from './api.ts';
import type { Clock } from './clock.ts';
import { microTime } from './clock.ts';
import type { Log } from './log.ts';
import { bugOf } from './log.ts';
import type { Metrics } from './metrics.ts';
import { printableLines } from './printable.ts';
import { STANDARD_RESOURCES } from './resources.ts';

/** The object that an event is about. */
export interface EventSubject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** An occurrence to report in an event. */
export interface Occurrence {
  readonly type: 'Normal' | 'Warning';
  /** Why the occurrence happened, in one UpperCamelCase word. */
  readonly reason: string;
  /** The controller's response, in one UpperCamelCase word. */
  readonly action: string;
  /** The message for users; cut at 1024 bytes. */
  readonly note: string;
}

/** Options of a recorder. */
export interface RecorderOptions {
  readonly api: Pick<Api, 'create' | 'patch'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'eventDropped'>;
  /** The reporting controller, as `kubectl describe` shows it: `ballast-controller`. */
  readonly controller: string;
  /** The replica of that controller. */
  readonly instance: string;
}

/** A repeated occurrence: its Event, and how often it happened. */
interface Series {
  readonly subject: EventSubject;
  readonly occurrence: Occurrence;
  /** Name of the Event; undefined until the Event is written. */
  event: string | undefined;
  count: number;
  lastAt: number;
  /** Whether the series is in the queue. */
  isQueued: boolean;
}

/** The budget of events of one object. */
interface Allowance {
  tokens: number;
  at: number;
}

/** A repetition within this time raises the count of the first event. The API server keeps events for an hour. */
const WINDOW_MS = 600_000;
/**
 * Events that one object may have written at once; one more is allowed after each interval below. Creating a Database and rolling it out
 * takes some thirty events, and the budget must not drop the change of primary at the end.
 */
const BURST = 60;
const REFILL_MS = 10_000;
const MOST_QUEUED = 1000;
/** Series whose next occurrence raises a count; one that is forgotten starts anew. */
const MOST_SERIES = 1000;
/** Objects whose budgets are remembered. */
const MOST_BUDGETS = 5000;
const LONGEST_NOTE = 1024;
const LONGEST_NAME = 253;

/** Cuts a text at this many bytes, never within a character. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes - 3)).replace(/\uFFFD$/, '') + '…';
}

/** The note as printable text: it may quote messages of the API server and of kubelets. */
function noteOf({ note }: Occurrence): string {
  return cut(printableLines(note, LONGEST_NOTE), LONGEST_NOTE);
}

/**
 * Writes Kubernetes events (events.k8s.io/v1) in the background: an event that cannot be written is dropped and counted. `kubectl
 * describe` and `kubectl get events` show these events with their count.
 */
export class EventRecorder {
  readonly #options: RecorderOptions;
  /** In order of last use, the oldest first. */
  readonly #recent = new Map<string, Series>();
  readonly #allowances = new Map<string, Allowance>();
  readonly #queue: Series[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Queues an event. Returns at once and never throws. */
  record(subject: EventSubject, occurrence: Occurrence): void {
    try {
      this.#take(subject, occurrence);
    } catch (error) {
      this.#options.log.error({ event: occurrence.reason, ...bugOf(error) }, 'an event could not be made');
    }
  }

  #take(subject: EventSubject, occurrence: Occurrence): void {
    const series = this.#seriesOf(subject, { ...occurrence, note: noteOf(occurrence) });
    series.count += 1;
    series.lastAt = this.#options.clock.now();
    // A queued series is written with the count that it has by then.
    if (series.isQueued) return;
    if (this.#isFull(subject) || !this.#mayWrite(subject.uid)) {
      this.#options.metrics.eventDropped();
      return;
    }
    series.isQueued = true;
    this.#queue.push(series);
    this.#writing ??= this.#write().catch((error: unknown) => {
      this.#writing = undefined;
      this.#options.log.error(bugOf(error), 'events could not be written');
    });
  }

  /** Whether the queue is full, for all namespaces or for this one. */
  #isFull({ namespace }: EventSubject): boolean {
    const { length } = this.#queue;
    if (length < MOST_QUEUED / 2) return false;
    const own = this.#queue.filter(({ subject }) => subject.namespace === namespace).length;
    return length >= MOST_QUEUED || own >= MOST_QUEUED / 2;
  }

  /** Resolves when all queued events are written or dropped. Never rejects. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  #seriesOf(subject: EventSubject, occurrence: Occurrence): Series {
    const key = JSON.stringify([subject.uid, occurrence.type, occurrence.reason, occurrence.note]);
    const now = this.#options.clock.now();
    const known = this.#recent.get(key);
    this.#recent.delete(key);
    const series =
      known && now - known.lastAt < WINDOW_MS
        ? known
        : { subject, occurrence, event: undefined, count: 0, lastAt: now, isQueued: false };
    this.#recent.set(key, series);
    forgetOldest(this.#recent, MOST_SERIES);
    return series;
  }

  /** Takes one event from the object's budget; false when none is left. */
  #mayWrite(uid: string): boolean {
    const now = this.#options.clock.now();
    const { tokens, at } = this.#allowances.get(uid) ?? { tokens: BURST, at: now };
    const left = Math.min(BURST, tokens + (now - at) / REFILL_MS);
    const may = left >= 1;
    this.#allowances.delete(uid);
    this.#allowances.set(uid, { tokens: may ? left - 1 : left, at: now });
    forgetOldest(this.#allowances, MOST_BUDGETS);
    return may;
  }

  async #write(): Promise<void> {
    // The write starts in a turn of its own, so that `record` returns at once.
    await Promise.resolve();
    for (let series = this.#queue.shift(); series; series = this.#queue.shift()) {
      series.isQueued = false;
      try {
        await this.#send(series);
      } catch (error) {
        this.#options.metrics.eventDropped();
        const { code, reason } = error instanceof ApiError ? error : { code: 0, reason: 'unknown' };
        this.#options.log.warn({ event: series.occurrence.reason, code, reason }, 'an event was not written');
      }
    }
    this.#writing = undefined;
  }

  async #send(series: Series): Promise<void> {
    const { api, clock } = this.#options;
    const { subject, event, count } = series;
    const { namespace } = subject;
    if (event !== undefined) {
      const body = { series: { count, lastObservedTime: microTime(clock.date()) } };
      try {
        await api.patch(STANDARD_RESOURCES.Event, { namespace, name: event }, { type: 'merge', body });
        return;
      } catch (error) {
        // The API server forgot the event: the next occurrence starts a new series.
        if (!hasCode(error, 404)) throw error;
      }
    }
    const name = this.#nameFor(subject);
    await api.create(STANDARD_RESOURCES.Event, this.#eventOf(series, name));
    series.event = name;
  }

  #nameFor({ name }: EventSubject): string {
    const { clock } = this.#options;
    const unique = `${clock.date().getTime().toString(16)}${Math.floor(clock.random() * 2 ** 32).toString(16)}`;
    return `${name.slice(0, LONGEST_NAME - unique.length - 1)}.${unique}`;
  }

  #eventOf({ subject, occurrence, count }: Series, name: string): { metadata: { name: string; namespace: string } } {
    const { clock, controller, instance } = this.#options;
    const { namespace } = subject;
    const now = microTime(clock.date());
    const event = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name, namespace },
      eventTime: now,
      reportingController: controller,
      reportingInstance: instance,
      regarding: subject,
      ...occurrence,
    };
    return count > 1 ? ({ ...event, series: { count, lastObservedTime: now } } as typeof event) : event;
  }
}

/** Bounds a map by removing the entries used longest ago. */
function forgetOldest(map: Map<string, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
