import { closeSync, existsSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Calls to the API server. */
export interface Calls {
  /** By verb and resource: `patch databases/status`. */
  readonly byKind: ReadonlyMap<string, number>;
  readonly sum: number;
  readonly writes: number;
  /** Most in one second. */
  readonly peak: number;
}

interface Entry {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly objectRef?: { readonly resource: string; readonly subresource?: string };
}

const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const QUIET_MS = 5000;

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A watch is logged at its start and at its end; only the first counts. */
function isCounted({ stage, verb, objectRef }: Entry): boolean {
  return stage === (verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete') && objectRef?.resource !== 'leases';
}

/** Whether a call changes what the API server stores: not a dry run, nor the question who asks. */
function isWrite({ verb, requestURI, objectRef }: Entry): boolean {
  if (READS.has(verb) || objectRef?.resource === 'selfsubjectreviews') return false;
  return !requestURI.includes('dryRun=');
}

function summed(entries: readonly Entry[]): Calls {
  const byKind = new Map<string, number>();
  const bySecond = new Map<string, number>();
  for (const { verb, objectRef: { resource = '', subresource } = {}, requestReceivedTimestamp } of entries) {
    count(byKind, `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`);
    count(bySecond, requestReceivedTimestamp.slice(0, 'yyyy-mm-ddThh:mm:ss'.length));
  }
  const writes = entries.filter(isWrite).length;
  return { byKind, sum: entries.length, writes, peak: Math.max(0, ...bySecond.values()) };
}

/** The API server's audit log of one user's calls, without those for leases. */
export class Audit {
  readonly #file: string;
  readonly #policy: string;
  #offset = 0;
  #rest = '';

  constructor(folder: string, user: string) {
    this.#file = join(folder, 'audit.log');
    this.#policy = join(folder, 'audit.json');
    const rules = [{ level: 'Metadata', users: [user], omitStages: ['RequestReceived'] }, { level: 'None' }];
    writeFileSync(this.#policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }));
  }

  /** Arguments of the API server. */
  get arguments(): string[] {
    return [`--audit-policy-file=${this.#policy}`, `--audit-log-path=${this.#file}`];
  }

  /** The calls since the last time. */
  take(): Calls {
    return summed(this.#read());
  }

  /** Waits until there were no calls for some seconds; returns the calls until then, since the last time. */
  async quiet(): Promise<Calls> {
    const all: Entry[] = [];
    for (;;) {
      await sleep(QUIET_MS);
      const news = this.#read();
      if (news.length === 0) return summed(all);
      for (const entry of news) all.push(entry);
    }
  }

  #read(): Entry[] {
    if (!existsSync(this.#file)) return [];
    const file = openSync(this.#file, 'r');
    const buffer = Buffer.alloc(4 << 20);
    const entries: Entry[] = [];
    for (;;) {
      const length = readSync(file, buffer, 0, buffer.length, this.#offset);
      if (length === 0) break;
      this.#offset += length;
      const lines = (this.#rest + buffer.toString('latin1', 0, length)).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) entries.push(JSON.parse(line) as Entry);
    }
    closeSync(file);
    return entries.filter(isCounted);
  }
}
