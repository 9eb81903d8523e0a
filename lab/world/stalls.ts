import type { Clock } from '../../kubernetes/clock.ts';

/** A part of the simulated cluster that may be slow; a kubelet or a Patroni is that of a single pod. */
export type Actor = 'storage' | 'stateful-sets' | 'kubelet' | 'patroni' | 'argo';

/** Suspended parts of the simulated cluster. */
export class Stalls {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Suspends a part for this many milliseconds. */
  begin(actor: Actor, pod: string, milliseconds: number): void {
    this.#until.set(`${actor} ${pod}`, this.#clock.now() + milliseconds);
  }

  /** Whether a part is suspended. */
  has(actor: Actor, pod = ''): boolean {
    return this.#clock.now() < (this.#until.get(`${actor} ${pod}`) ?? 0);
  }
}
