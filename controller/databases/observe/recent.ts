/** What was made last, by what it is of; of more than so many the oldest are forgotten. */
export class Recent<T> {
  readonly #most: number;
  readonly #made = new Map<string, T>();

  constructor(most: number) {
    this.#most = most;
  }

  /** What is of this, made when it is not among the last. */
  of(what: string, make: () => T): T {
    const made = this.#made.get(what) ?? make();
    this.#made.delete(what);
    this.#made.set(what, made);
    const [oldest] = this.#made.keys();
    if (this.#made.size > this.#most && oldest !== undefined) this.#made.delete(oldest);
    return made;
  }
}
