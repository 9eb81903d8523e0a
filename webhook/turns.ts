/** Work that occupies the event loop for a while. */
interface Work {
  readonly run: () => void;
  /** Milliseconds that the work costs later, when the event loop handles its consequences. */
  readonly later: number;
}

/** After this many milliseconds of work the event loop reads from other connections. */
const SLICE_MS = 10;

/**
 * Does work in slices, with the asking addresses taking turns: an address that asks for much delays its own work only. Under low load all
 * work is done at once.
 */
export class Turns {
  readonly #waiting = new Map<string, Work[]>();
  #spent = 0;
  #isScheduled = false;

  /** Runs the work now or in its turn. The work must not throw. */
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
