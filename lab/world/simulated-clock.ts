import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../kubernetes/clock.ts';

interface Alarm {
  readonly at: number;
  readonly call: () => void;
}

/** Runs everything that waits for neither time nor network. */
export async function settle(): Promise<void> {
  await turn();
}

/** A clock that stands still until a test advances it. */
export class SimulatedClock implements Clock {
  readonly #alarms = new Set<Alarm>();
  #now = 0;
  #seed: number;
  /** Called after each alarm and all its consequences. */
  onStep: () => void = () => undefined;

  constructor(seed = 1) {
    this.#seed = seed;
  }

  readonly now = (): number => this.#now;

  readonly date = (): Date => new Date(Date.UTC(2026, 0, 1) + this.#now);

  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    const alarm = { at: this.#now + milliseconds, call };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  };

  readonly turn = (): Promise<void> => Promise.resolve();

  /** The same sequence for the same seed (a linear congruence; its quality does not matter). */
  readonly random = (): number => {
    this.#seed = (this.#seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return this.#seed / 2 ** 32;
  };

  /** Number of pending alarms. */
  get pending(): number {
    return this.#alarms.size;
  }

  /** Advances the time, stopping at each alarm until its consequences have run. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (let alarm = this.#next(end); alarm; alarm = this.#next(end)) {
      this.#now = Math.max(this.#now, alarm.at);
      this.#alarms.delete(alarm);
      alarm.call();
      await settle();
      this.onStep();
    }
    this.#now = end;
  }

  /** Advances to the next alarm and its consequences; does nothing without an alarm. */
  async step(): Promise<void> {
    await settle();
    const alarm = this.#next(Infinity);
    if (!alarm) return;
    await this.advance(Math.max(0, alarm.at - this.#now));
  }

  #next(end: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) if (alarm.at <= end && (!first || alarm.at < first.at)) first = alarm;
    return first;
  }
}
