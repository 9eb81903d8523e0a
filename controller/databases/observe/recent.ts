/** A cache of results by key, bounded to the most recently used ones. */
export class Recent<T> {
  readonly #most: number;
  readonly #made = new Map<string, T>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The result for this key; made when it is not in the cache. */
  of(what: string, make: () => T): T {
    const made = this.#made.get(what) ?? make();
    this.#made.delete(what);
    this.#made.set(what, made);
    const [oldest] = this.#made.keys();
    if (this.#made.size > this.#most && oldest !== undefined) this.#made.delete(oldest);
    return made;
  }
}
