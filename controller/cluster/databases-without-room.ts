import type { Clock } from '../../kubernetes/clock.ts';
import { nameOf } from '../../kubernetes/objects.ts';

/** How long until there is looked for room again. */
const AGAIN_MS = 300_000;

interface Aside {
  at: number;
  bytes: number;
}

/** Databases of a namespace, and the order in which they came; those that are in it no more may still stand in the order. */
interface Line {
  readonly in: Set<string>;
  readonly order: string[];
}

/** Which Databases were set aside for want of memory, and which of a namespace is the next to be. */
export class DatabasesWithoutRoom {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #aside = new Map<string, Aside>();
  readonly #came = new Map<string, Line>();
  readonly #stubs = new Map<string, Line>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** How many were set aside, by namespace. */
  get counts(): ReadonlyMap<string, number> {
    return new Map([...this.#stubs].map(([namespace, line]) => [namespace, line.in.size]));
  }

  /** Whether nothing is kept of a Database's objects. */
  has(owner: string): boolean {
    return this.#aside.has(owner);
  }

  /** Takes that the objects of a Database are kept from now on. */
  admit(owner: string): void {
    this.forget(owner);
    add(this.#came, owner);
  }

  /** Takes that a Database is gone. */
  forget(owner: string): void {
    this.#aside.delete(owner);
    remove(this.#came, owner);
    remove(this.#stubs, owner);
  }

  /** Sets a Database aside. */
  put(owner: string): void {
    remove(this.#came, owner);
    add(this.#stubs, owner);
    this.#aside.set(owner, { at: this.#clock.now(), bytes: 0 });
  }

  /** Notes how much was kept of it. */
  weighed(owner: string, bytes: number): void {
    const aside = this.#aside.get(owner);
    if (aside) aside.bytes = bytes;
  }

  /** What was kept of it before. */
  bytesOf(owner: string): number {
    return this.#aside.get(owner)?.bytes ?? 0;
  }

  /** Whether it was set aside long enough ago to look for room again; asked again it is not, for as long. */
  isDue(owner: string): boolean {
    const aside = this.#aside.get(owner);
    if (!aside || this.#clock.now() - aside.at < AGAIN_MS) return false;
    aside.at = this.#clock.now();
    return true;
  }

  /** The Database of a namespace that is to give next: the last that came, after them all the last stub. */
  next(namespace: string): string | undefined {
    return last(this.#came.get(namespace)) ?? last(this.#stubs.get(namespace));
  }
}

function add(all: Map<string, Line>, owner: string): void {
  const { namespace = '' } = nameOf(owner);
  const line = all.get(namespace) ?? { in: new Set(), order: [] };
  if (!line.in.has(owner)) line.order.push(owner);
  line.in.add(owner);
  all.set(namespace, line);
}

function remove(all: Map<string, Line>, owner: string): void {
  const { namespace = '' } = nameOf(owner);
  const line = all.get(namespace);
  if (line?.in.delete(owner) && line.in.size === 0) all.delete(namespace);
}

function last(line: Line | undefined): string | undefined {
  if (!line) return undefined;
  let found = line.order.at(-1);
  while (found !== undefined && !line.in.has(found)) {
    line.order.pop();
    found = line.order.at(-1);
  }
  return found;
}
