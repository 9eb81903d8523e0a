import type { Clock } from '../../kubernetes/clock.ts';

/** A part of the simulated cluster that may be slow: the one of a single pod where it is a kubelet or a Patroni. */
export type Actor = 'storage' | 'stateful-sets' | 'kubelet' | 'patroni' | 'argo';

/** Parts of the simulated cluster that do nothing until a while has passed. */
export class Stalls {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets a part stand still for so long from now on. */
  begin(actor: Actor, pod: string, milliseconds: number): void {
    this.#until.set(`${actor} ${pod}`, this.#clock.now() + milliseconds);
  }

  /** Whether a part stands still. */
  has(actor: Actor, pod = ''): boolean {
    return this.#clock.now() < (this.#until.get(`${actor} ${pod}`) ?? 0);
  }
}
