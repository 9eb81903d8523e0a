/** Approximate memory of a value, measured with V8 on stored Databases and their objects. */
const OBJECT_BYTES = 48;
const FIELD_BYTES = 16;
const TEXT_BYTES = 24;

/** Approximate bytes of a stored value; shared texts count for each use. */
export function weigh(value: unknown): number {
  if (typeof value === 'string') return TEXT_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return 0;
  const parts: Iterable<unknown> = value instanceof Map ? [...value].flat() : Object.values(value);
  let bytes = OBJECT_BYTES;
  for (const part of parts) bytes += FIELD_BYTES + weigh(part);
  return bytes;
}

/**
 * The memory of each namespace. While all memory is in use, a namespace below its equal share may take more, and the one with the most
 * must give some up: a flood of objects in one namespace does not displace the others.
 */
export class Shares {
  readonly mostBytes: number;
  readonly #taken = new Map<string, number>();
  #total = 0;

  constructor(mostBytes: number) {
    this.mostBytes = mostBytes;
  }

  get total(): number {
    return this.#total;
  }

  /** Whether a namespace may take this many more bytes. */
  fits(namespace: string, bytes: number): boolean {
    if (this.#total + bytes <= this.mostBytes) return true;
    const taken = this.#taken.get(namespace) ?? 0;
    const others = this.#taken.size - Number(this.#taken.has(namespace));
    return taken + bytes <= this.mostBytes / (others + 1);
  }

  /** Adds bytes to a namespace; subtracts when negative. */
  take(namespace: string, bytes: number): void {
    const taken = (this.#taken.get(namespace) ?? 0) + bytes;
    this.#total += bytes;
    if (taken > 0) this.#taken.set(namespace, taken);
    else this.#taken.delete(namespace);
  }

  /** The namespace that must give memory up: the one with the most, while more is in use than available. */
  greediest(): string | undefined {
    if (this.#total <= this.mostBytes) return undefined;
    return [...this.#taken].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
  }
}
