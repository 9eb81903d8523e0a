import type { Attempt, ServiceClient } from './attempt.ts';
import { SERVICE_CLIENTS, acknowledged } from './attempt.ts';
import type { Gap } from './gaps.ts';
import { longestGap } from './gaps.ts';
import type { Settlement } from './ledger.ts';
import { settle } from './ledger.ts';
import { acknowledgingReigns, mostAtOnce, primaryReigns } from './reigns.ts';

/** The times of events in a run, on the attempts' clock. */
export interface Moments {
  readonly begun: number;
  /** Just before the fault. */
  readonly fault: number;
  /** When the fault was undone; equal to `fault` for an instantaneous one. */
  readonly undone: number;
  /** When all members were healthy again; absent when they did not become so in time. */
  readonly whole?: number;
  readonly end: number;
}

/** The recording of a run. */
export interface Recording {
  readonly moments: Moments;
  readonly attempts: readonly Attempt[];
  /** The rows that the primary holds in the end. */
  readonly rows: ReadonlySet<string>;
  /** Address of the primary that the fault hit; absent when it hit something else. */
  readonly victim?: string;
}

/** The results of a run; all times in seconds. */
export interface Measured extends Omit<Settlement, 'lost' | 'lostDirectly'> {
  /** Longest time without an acknowledged write, for each client; `open` when a gap had not ended. */
  readonly gaps: Readonly<Record<ServiceClient, { readonly seconds: number; readonly open: boolean }>>;
  /** The same before the fault: the machine's own noise. */
  readonly quiet: Readonly<Record<ServiceClient, number>>;
  readonly lost: number;
  readonly lostDirectly: number;
  /** Maximum number of servers that acknowledged writes at the same time. */
  readonly acknowledging: number;
  /** Maximum number of members that reported to be primary at the same time. */
  readonly primaries: number;
  /** Time from the fault to the last write that the affected primary acknowledged; absent when there was none. */
  readonly victimWroteFor?: number;
  /** From the end of the fault until all members were healthy. */
  readonly wholeAfter?: number;
}

function gapOf(recording: Recording, client: ServiceClient, from: number, to: number): Gap {
  const attempts = recording.attempts.filter((attempt) => attempt.client === client);
  return longestGap(attempts, { from, to }) ?? { from, to, ended: false };
}

const rounded = (ms: number): number => Math.round(ms) / 1000;

function victimWroteFor({ attempts, victim, moments }: Recording): number | undefined {
  const last = acknowledged(attempts).findLast(({ server }) => victim !== undefined && server === victim);
  return last && last.end > moments.fault ? rounded(last.end - moments.fault) : undefined;
}

function forEachClient<T>(make: (client: ServiceClient) => T): Record<ServiceClient, T> {
  return Object.fromEntries(SERVICE_CLIENTS.map((client) => [client, make(client)])) as Record<ServiceClient, T>;
}

/** The longest gap of a client that extends beyond the fault. */
export function gapAfterFault(recording: Recording, client: ServiceClient): Gap {
  return gapOf(recording, client, recording.moments.fault, recording.moments.end);
}

/** Computes the results of a run. */
export function measure(recording: Recording): Measured {
  const { attempts, rows, moments } = recording;
  const wrote = victimWroteFor(recording);
  const settled = settle(attempts, rows);
  return {
    gaps: forEachClient((client) => {
      const { from, to, ended } = gapAfterFault(recording, client);
      return { seconds: rounded(to - from), open: !ended };
    }),
    quiet: forEachClient((client) => {
      const { from, to } = gapOf(recording, client, moments.begun, moments.fault);
      return rounded(to - from);
    }),
    acknowledged: settled.acknowledged,
    unacknowledged: settled.unacknowledged,
    lost: settled.lost.length,
    lostDirectly: settled.lostDirectly.length,
    acknowledging: mostAtOnce(acknowledgingReigns(attempts)),
    primaries: mostAtOnce(primaryReigns(attempts)),
    ...(wrote !== undefined && { victimWroteFor: wrote }),
    ...(moments.whole !== undefined && { wholeAfter: rounded(moments.whole - moments.undone) }),
  };
}
