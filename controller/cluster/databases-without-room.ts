import type { Clock } from '../../kubernetes/clock.ts';
import { nameOf } from '../../kubernetes/objects.ts';

/** Milliseconds between two searches for room. */
const AGAIN_MS = 300_000;

interface Aside {
  at: number;
  bytes: number;
}

/** The Databases of a namespace in order of arrival; the order may still contain Databases that left. */
interface Line {
  readonly in: Set<string>;
  readonly order: string[];
}

/** Records which Databases were set aside for lack of memory, and which Database of a namespace is next. */
export class DatabasesWithoutRoom {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #aside = new Map<string, Aside>();
  readonly #came = new Map<string, Line>();
  readonly #stubs = new Map<string, Line>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Number of Databases set aside, by namespace. */
  get counts(): ReadonlyMap<string, number> {
    return new Map([...this.#stubs].map(([namespace, line]) => [namespace, line.in.size]));
  }

  /** Whether a Database was set aside. */
  has(owner: string): boolean {
    return this.#aside.has(owner);
  }

  /** Records that the objects of a Database are stored from now on. */
  admit(owner: string): void {
    this.forget(owner);
    add(this.#came, owner);
  }

  /** Removes a deleted Database. */
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

  /** Records how many bytes the Database occupied. */
  weighed(owner: string, bytes: number): void {
    const aside = this.#aside.get(owner);
    if (aside) aside.bytes = bytes;
  }

  /** The bytes that the Database occupied before it was set aside. */
  bytesOf(owner: string): number {
    return this.#aside.get(owner)?.bytes ?? 0;
  }

  /** Whether the Database was set aside long enough ago to look for room again; true once per interval. */
  isDue(owner: string): boolean {
    const aside = this.#aside.get(owner);
    if (!aside || this.#clock.now() - aside.at < AGAIN_MS) return false;
    aside.at = this.#clock.now();
    return true;
  }

  /** The Database of a namespace to set aside next: the latest arrival first, stubs last. */
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
