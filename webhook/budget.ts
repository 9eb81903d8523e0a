/** What one large body holds: bytes, or a place among those on their way in. */
export interface Share {
  readonly address: string;
  /** Called when it went to somebody else: the body must be forgotten at once. */
  giveUp: () => void;
  readonly since: number;
  /** How much it holds; places are counted as bytes are. */
  bytes: number;
  /** The body is all there. */
  whole: boolean;
}

/** A body that has not arrived by then is slow: honest clients send all at once. */
const SLOW_MS = 1000;

/**
 * What large bodies may take together, in bytes or in places. When nothing is left, slow bodies give theirs up first, and
 * then those of the address that holds the most, unless it is that one which asks.
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

  /** Whether so many more bytes could be had, if others had to give way; takes none. */
  hasRoom(share: Share, bytes: number): boolean {
    return this.#used + bytes <= this.#most || this.#next(share, bytes) !== undefined;
  }

  /** Takes so many more bytes; false when there are none, also with all that others would have to give up. */
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

  /** Gives all bytes of a body back. */
  close(share: Share): void {
    if (!this.#shares.delete(share)) return;
    this.#used -= share.bytes;
  }

  /** Who has to give up its bytes for this one; undefined when nobody has to. */
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
