import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../cluster/layout.ts';

const CONTAINER = 'postgresql';
const LOOK_MS = 250;

/** A line of a member's log. */
export interface KeptLine {
  readonly pod: string;
  readonly line: string;
}

/**
 * Keeps the logs of all members' containers, also of deleted ones: a hard link to each file as soon as it appears, which the kubelet does
 * not know.
 */
export class LogKeeper {
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #folder: string;
  readonly #timer: NodeJS.Timeout;

  constructor(cluster: Cluster, namespace: string, run: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    // Hard links must be on the file system of the logs.
    this.#folder = join(cluster.folder, 'failover-logs', run);
    mkdirSync(this.#folder, { recursive: true });
    this.#look();
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_MS);
  }

  /** All lines since a time (milliseconds since 1970) in the runtime's format, after the pod's name. */
  read(since: number): KeptLine[] {
    this.#look();
    const all = readdirSync(this.#folder).flatMap((file) => {
      const pod = file.split(' ')[0] ?? '';
      const lines = readFileSync(join(this.#folder, file), 'utf8').split('\n');
      return lines.map((line) => ({ pod, line }));
    });
    return all.filter(({ line }) => Date.parse(line.split(' ', 1)[0] ?? '') >= since);
  }

  /** Stops, and removes the links. */
  stop(): void {
    clearInterval(this.#timer);
    rmSync(this.#folder, { recursive: true });
  }

  #look(): void {
    for (const node of this.#cluster.nodes) {
      const pods = join(node.folder, 'log/pods');
      for (const pod of listed(pods).filter((name) => name.startsWith(`${this.#namespace}_`))) {
        for (const file of listed(join(pods, pod, CONTAINER))) this.#keep(join(pods, pod, CONTAINER), pod, file);
      }
    }
  }

  #keep(folder: string, pod: string, file: string): void {
    const [, name = '', uid = ''] = pod.split('_');
    const kept = join(this.#folder, `${name} ${uid} ${file}`);
    if (existsSync(kept)) return;
    try {
      linkSync(join(folder, file), kept);
    } catch (error) {
      // The file was removed meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
