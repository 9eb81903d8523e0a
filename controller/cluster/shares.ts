/** What a value takes in memory, about: measured with V8 on what is kept of Databases and their objects. */
const OBJECT_BYTES = 48;
const FIELD_BYTES = 16;
const TEXT_BYTES = 24;

/** About how many bytes a value takes that is kept; text that others share is counted for each. */
export function weigh(value: unknown): number {
  if (typeof value === 'string') return TEXT_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return 0;
  const parts: Iterable<unknown> = value instanceof Map ? [...value].flat() : Object.values(value);
  let bytes = OBJECT_BYTES;
  for (const part of parts) bytes += FIELD_BYTES + weigh(part);
  return bytes;
}

/**
 * How much of the memory each namespace takes. While all of it is taken, one that has less than its equal share may take
 * more, and what has most has to give: so nobody's flood takes the place of others.
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

  /** Whether a namespace may take so much more. */
  fits(namespace: string, bytes: number): boolean {
    if (this.#total + bytes <= this.mostBytes) return true;
    const taken = this.#taken.get(namespace) ?? 0;
    const others = this.#taken.size - Number(this.#taken.has(namespace));
    return taken + bytes <= this.mostBytes / (others + 1);
  }

  /** Takes for a namespace, or gives back when negative. */
  take(namespace: string, bytes: number): void {
    const taken = (this.#taken.get(namespace) ?? 0) + bytes;
    this.#total += bytes;
    if (taken > 0) this.#taken.set(namespace, taken);
    else this.#taken.delete(namespace);
  }

  /** The namespace that has to give: the one with most, while more is taken than there is. */
  greediest(): string | undefined {
    if (this.#total <= this.mostBytes) return undefined;
    return [...this.#taken].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
  }
}
