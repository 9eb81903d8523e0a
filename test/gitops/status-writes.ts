import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../database/record.ts';
import type { Cluster } from '../../lab/cluster/layout.ts';
import type { Child } from '../../lab/processes/child.ts';
import { startChild } from '../../lab/processes/child.ts';

/** A write to the status of a Database: the paths of what it changed. */
export interface StatusWrite {
  readonly name: string;
  readonly changed: readonly string[];
}

const COLUMNS = '{.metadata.name} {.status}{"\\n"}';

/** The items of a list by their types, as conditions have them; other lists are one value. */
function byType(value: unknown): unknown {
  const isTyped = Array.isArray(value) && value.every((item) => isRecord(item) && typeof item['type'] === 'string');
  return isTyped ? Object.fromEntries(value.map((item: { readonly type: string }) => [item.type, item])) : value;
}

/** The paths at which two values differ. */
function changedPaths(before: unknown, after: unknown, path: string): string[] {
  const [old, now] = [byType(before), byType(after)];
  if (!isRecord(old) || !isRecord(now)) return isDeepStrictEqual(old, now) ? [] : [path];
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...keys].flatMap((key) => changedPaths(old[key], now[key], path === '' ? key : `${path}.${key}`));
}

/** Follows the statuses of the Databases of a namespace, and notes each write to one. */
export class StatusWrites {
  readonly #statuses = new Map<string, unknown>();
  readonly #writes: StatusWrite[] = [];
  readonly #command: readonly [string, ...string[]];
  #child: Child | undefined;

  constructor({ kubectl }: Cluster, namespace: string) {
    const watch = ['get', 'databases', '--watch', `--output=jsonpath=${COLUMNS}`];
    this.#command = [kubectl, `--namespace=${namespace}`, ...watch];
    this.#child = this.#start();
  }

  #start(): Child {
    const child = startChild(this.#command, {
      onLine: (line) => {
        this.#note(line);
      },
      // The API server ends all watches of a kind whose definition changes. The next one begins with all that there is.
      onEnd: () => {
        if (this.#child === child) this.#child = this.#start();
      },
    });
    return child;
  }

  #note(line: string): void {
    const end = line.indexOf(' ');
    const [name, text] = [line.slice(0, end), line.slice(end + 1)];
    const status: unknown = text === '' ? {} : JSON.parse(text);
    const before = this.#statuses.get(name);
    this.#statuses.set(name, status);
    if (before === undefined) return;
    const changed = changedPaths(before, status, '');
    if (changed.length > 0) this.#writes.push({ name, changed });
  }

  /** How many Databases it follows. */
  get followed(): number {
    return this.#statuses.size;
  }

  /** What was written since this was asked last. */
  take(): StatusWrite[] {
    return this.#writes.splice(0);
  }

  /** Follows them no more. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await child?.stop();
  }
}
