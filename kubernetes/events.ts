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

/** What happened. */
export interface Occurrence {
  readonly type: 'Normal' | 'Warning';
  /** Why, in one UpperCamelCase word. */
  readonly reason: string;
  /** What was done about it, in one UpperCamelCase word. */
  readonly action: string;
  /** For people; cut at 1024 bytes. */
  readonly note: string;
}

/** How events are written. */
export interface RecorderOptions {
  readonly api: Pick<Api, 'create' | 'patch'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'eventDropped'>;
  /** Who tells, as `kubectl describe` shows it: `ballast-controller`. */
  readonly controller: string;
  /** Which of its replicas. */
  readonly instance: string;
}

/** An occurrence that may come again: the event that was written for it, and how often it was seen. */
interface Series {
  readonly subject: EventSubject;
  readonly occurrence: Occurrence;
  /** Name of its Event; undefined until that is written. */
  event: string | undefined;
  count: number;
  lastAt: number;
  /** Stands in the queue. */
  isQueued: boolean;
}

/** What an object may still have written about it. */
interface Allowance {
  tokens: number;
  at: number;
}

/** The same again within this time counts the first one up; the API server keeps events for an hour. */
const WINDOW_MS = 600_000;
/**
 * Of one object so many events are written at once, and one more after each of these times. Making a Database and rolling
 * it takes some thirty: the change of primary at the end is not to be the one that is dropped.
 */
const BURST = 60;
const REFILL_MS = 10_000;
const MOST_QUEUED = 1000;
const MOST_REMEMBERED = 5000;
const LONGEST_NOTE = 1024;
const LONGEST_NAME = 253;

/** Cuts at so many bytes, never within a character. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes - 3)).replace(/\uFFFD$/, '') + '…';
}

/** What people read: messages of the API server and of kubelets may stand in it. */
function noteOf({ note }: Occurrence): string {
  return cut(printableLines(note, LONGEST_NOTE), LONGEST_NOTE);
}

/**
 * Writes Kubernetes events beside the work and never in its way: what cannot be written is dropped and counted. They are
 * of events.k8s.io/v1, which `kubectl describe` and `kubectl get events` show with their count.
 */
export class EventRecorder {
  readonly #options: RecorderOptions;
  /** The oldest first. */
  readonly #recent = new Map<string, Series>();
  readonly #allowances = new Map<string, Allowance>();
  readonly #queue: Series[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Returns at once and never throws. */
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
    // What stands in the queue is written with the count that it then has.
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

  /** Whether nothing more can wait, of anybody or of one namespace. */
  #isFull({ namespace }: EventSubject): boolean {
    const { length } = this.#queue;
    if (length < MOST_QUEUED / 2) return false;
    const own = this.#queue.filter(({ subject }) => subject.namespace === namespace).length;
    return length >= MOST_QUEUED || own >= MOST_QUEUED / 2;
  }

  /** Fulfilled when what was recorded is written or dropped. Never rejected. */
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
    forgetOldest(this.#recent);
    return series;
  }

  /** Takes from what the object is allowed. */
  #mayWrite(uid: string): boolean {
    const now = this.#options.clock.now();
    const { tokens, at } = this.#allowances.get(uid) ?? { tokens: BURST, at: now };
    const left = Math.min(BURST, tokens + (now - at) / REFILL_MS);
    const may = left >= 1;
    this.#allowances.delete(uid);
    this.#allowances.set(uid, { tokens: may ? left - 1 : left, at: now });
    forgetOldest(this.#allowances);
    return may;
  }

  async #write(): Promise<void> {
    // A turn of its own: who records is not kept waiting.
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
        // Events do not last; the next one is the first again.
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

/** Keeps memory bounded: what was touched longest ago goes first. */
function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (map.size > MOST_REMEMBERED && oldest !== undefined) map.delete(oldest);
}
