/** More owners than that are not told apart: each is then taken for one of which something was passed over. */
const MOST = 1000;

/** Owners of whose objects of one kind none was kept, because the owner did not exist. */
export class SkippedOwners {
  readonly #owners = new Set<string>();
  #isAnybody = false;

  note(owner: string): void {
    if (this.#isAnybody || this.#owners.has(owner)) return;
    if (this.#owners.size < MOST) {
      this.#owners.add(owner);
      return;
    }
    this.#isAnybody = true;
    this.#owners.clear();
  }

  /** Whether something of an owner may have been passed over. */
  has(owner: string): boolean {
    return this.#isAnybody || this.#owners.has(owner);
  }

  forget(owner: string): void {
    this.#owners.delete(owner);
  }
}
