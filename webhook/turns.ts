/** Work that keeps the event loop busy for a while. */
interface Work {
  readonly run: () => void;
  /** Milliseconds that it will cost later, when the loop comes round to what it set off. */
  readonly later: number;
}

/** After so many milliseconds of work the event loop gets to read from others. */
const SLICE_MS = 10;

/**
 * Does work a slice at a time, with the addresses that ask for it taking turns: who asks for much waits behind itself, not
 * others behind it. While there is little to do, all is done at once.
 */
export class Turns {
  readonly #waiting = new Map<string, Work[]>();
  #spent = 0;
  #isScheduled = false;

  /** Does it now, or when the turn comes. It must not throw. */
  take(address: string, run: () => void, later = 0): void {
    const work: Work = { run, later };
    this.#schedule();
    if (this.#waiting.size === 0 && this.#spent < SLICE_MS) {
      this.#do(work);
      return;
    }
    const before = this.#waiting.get(address);
    if (before) before.push(work);
    else this.#waiting.set(address, [work]);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#slice();
    });
  }

  #slice(): void {
    this.#spent = 0;
    while (this.#spent < SLICE_MS) {
      const [next] = this.#waiting;
      if (!next) return;
      const [address, works] = next;
      const [work, ...rest] = works;
      this.#waiting.delete(address);
      if (rest.length > 0) this.#waiting.set(address, rest);
      if (work) this.#do(work);
    }
    if (this.#waiting.size > 0) this.#schedule();
  }

  #do({ run, later }: Work): void {
    const start = performance.now();
    run();
    this.#spent += performance.now() - start + later;
  }
}
