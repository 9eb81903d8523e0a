import type { Attempt } from './attempt.ts';
import { acknowledged } from './attempt.ts';

/** The time during which a server appeared as primary: the first and the last evidence, on the monotonic clock. */
export interface Reign {
  readonly server: string;
  readonly first: number;
  readonly last: number;
}

/**
 * The times during which each server acknowledged writes. A promotion starts a new timeline, so a server that was primary twice has two
 * reigns.
 */
export function acknowledgingReigns(attempts: readonly Attempt[]): Reign[] {
  const reigns = new Map<string, Reign>();
  for (const { server, timeline, end } of acknowledged(attempts)) {
    if (server === undefined) continue;
    const key = `${server} ${timeline ?? 0}`;
    reigns.set(key, { server, first: reigns.get(key)?.first ?? end, last: end });
  }
  return [...reigns.values()];
}

/** The times during which each member reported not to be in recovery, to the clients that ask it directly. */
export function primaryReigns(attempts: readonly Attempt[]): Reign[] {
  const open = new Map<string, Reign>();
  const closed: Reign[] = [];
  for (const { client, recovering, end } of attempts.toSorted((a, b) => a.end - b.end)) {
    const reign = open.get(client);
    if (recovering === false) {
      open.set(client, { server: client, first: reign?.first ?? end, last: end });
    } else if (reign) {
      closed.push(reign);
      open.delete(client);
    }
  }
  return [...closed, ...open.values()];
}

/** The maximum number of servers with overlapping reigns. */
export function mostAtOnce(reigns: readonly Reign[]): number {
  const at = reigns.map(({ first }) => {
    const servers = reigns.filter((reign) => reign.first <= first && first <= reign.last).map(({ server }) => server);
    return new Set(servers).size;
  });
  return Math.max(0, ...at);
}
