/** Beyond this many owners the set stops telling them apart, and counts every owner as one with skipped objects. */
const MOST = 1000;

/** Owners whose objects of one kind were skipped because the owner did not exist. */
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

  /** Whether objects of an owner may have been skipped. */
  has(owner: string): boolean {
    return this.#isAnybody || this.#owners.has(owner);
  }

  forget(owner: string): void {
    this.#owners.delete(owner);
  }
}
