import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultName } from './faults.ts';
import type { Measured } from './measure.ts';
import type { Timeline } from './timeline.ts';
import type { VariantName } from './variants.ts';

/** The circumstances of a measurement. */
export interface Circumstances {
  /** Identifies the line and the files that belong to it. */
  readonly id: string;
  /** When, as an ISO 8601 date. */
  readonly at: string;
  readonly variant: VariantName;
  /** Commit of the sources, with a `+` when files differed from it. */
  readonly commit: string;
  /** Changes with the manifests or the image: results of several builds are never combined. */
  readonly build: string;
  /** Whether Ballast's controller ran. */
  readonly controller: boolean;
  /** Patroni's dynamic configuration. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of PostgreSQL, Patroni and Kubernetes. */
  readonly versions: Readonly<Record<string, string>>;
  /** Processors, memory, kernel, and the machine's load average before it began. */
  readonly machine: Readonly<Record<string, string | number>>;
}

/** The result of one run with a fault. */
export interface FaultResult extends Circumstances {
  readonly kind: 'fault';
  readonly fault: FaultName;
  readonly measured?: Measured;
  /** Why the measurement failed. */
  readonly problem?: string;
}

/** The result of one start of a Database. */
export interface StartResult extends Circumstances {
  readonly kind: 'start';
  /** From `kubectl apply` to three members ready. */
  readonly seconds?: number;
  readonly problem?: string;
}

/** A line of the results. */
export type Result = FaultResult | StartResult;

/** A folder outside of the repository that collects results over several sessions. */
export class Results {
  readonly folder: string;
  readonly #file: string;

  constructor(folder: string) {
    this.folder = folder;
    this.#file = join(folder, 'results.jsonl');
    mkdirSync(join(folder, 'runs'), { recursive: true });
  }

  /** All results so far, oldest first. */
  read(): Result[] {
    if (!existsSync(this.#file)) return [];
    const lines = readFileSync(this.#file, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Result);
  }

  /** Adds one. */
  add(result: Result): void {
    appendFileSync(this.#file, `${JSON.stringify(result)}\n`);
  }

  /** The course of a run; absent when it was not recorded. */
  timeline(id: string): Timeline | undefined {
    const file = this.fileOf(id, 'timeline.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Timeline) : undefined;
  }

  /** The file with other data of a run. */
  fileOf(id: string, name: string): string {
    return join(this.folder, 'runs', `${id}.${name}`);
  }
}
