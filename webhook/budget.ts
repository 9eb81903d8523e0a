/** The share of one large body: bytes, or a place among the arriving bodies. */
export interface Share {
  readonly address: string;
  /** Called when the share went to another body: this one must be dropped at once. */
  giveUp: () => void;
  readonly since: number;
  /** Size of the share, in bytes or places. */
  bytes: number;
  /** Whether the body has arrived completely. */
  whole: boolean;
}

/** A body still arriving after this time is slow: honest clients send a body at once. */
const SLOW_MS = 1000;

/**
 * Limits what large bodies take together, in bytes or in places. When nothing is left, slow bodies lose their shares first, then the
 * bodies of the address that holds the most, unless that address is the one asking.
 */
export class Budget {
  readonly #most: number;
  readonly #shares = new Set<Share>();
  #used = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get used(): number {
    return this.#used;
  }

  open(address: string, giveUp: () => void): Share {
    const share: Share = { address, giveUp, since: performance.now(), bytes: 0, whole: false };
    this.#shares.add(share);
    return share;
  }

  /** Whether this many more bytes are available, counting those that other bodies would lose. Takes none. */
  hasRoom(share: Share, bytes: number): boolean {
    return this.#used + bytes <= this.#most || this.#next(share, bytes) !== undefined;
  }

  /** Takes this many more bytes; false when they are not available even after other bodies lose theirs. */
  take(share: Share, bytes: number): boolean {
    while (this.#used + bytes > this.#most) {
      const next = this.#next(share, bytes);
      if (!next) return false;
      this.close(next);
      next.giveUp();
    }
    share.bytes += bytes;
    this.#used += bytes;
    return true;
  }

  /** Returns all bytes of a body to the budget. */
  close(share: Share): void {
    if (!this.#shares.delete(share)) return;
    this.#used -= share.bytes;
  }

  /** The body that loses its bytes next in favour of this one; undefined when none does. */
  #next(asking: Share, bytes: number): Share | undefined {
    const now = performance.now();
    const others = [...this.#shares].filter((share) => share !== asking && share.bytes > 0);
    const slow = others.filter(({ whole, since }) => !whole && now - since > SLOW_MS);
    if (slow.length > 0) return slow.toSorted((a, b) => a.since - b.since)[0];
    const held = new Map<string, number>([[asking.address, bytes + asking.bytes]]);
    for (const { address, bytes: has } of others) held.set(address, (held.get(address) ?? 0) + has);
    const most = Math.max(...held.values());
    if (held.get(asking.address) === most) return undefined;
    const heaviest = others.filter(({ address }) => held.get(address) === most);
    return heaviest.toSorted((a, b) => Number(a.whole) - Number(b.whole) || b.since - a.since)[0];
  }
}
