import { sortedJson } from '../../database/sorted-json.ts';
import type { DatabaseSpec } from '../../database/object.ts';
import { replicasOf } from '../../database/resolve.ts';
import type { Effect } from './effect.ts';

type Peers = ReadonlySet<string>;

/** Stands for any peer. */
const ANYBODY = 'anybody';
/** The default peers. */
const OWN_NAMESPACE = sortedJson({ podSelector: {} });

function clientsOf({ networkPolicy }: DatabaseSpec): Peers {
  if (networkPolicy?.enabled === false) return new Set([ANYBODY]);
  const from = networkPolicy?.from ?? [];
  return new Set(from.length === 0 ? [OWN_NAMESPACE] : from.map(sortedJson));
}

function serversOf({ networkPolicy }: DatabaseSpec): Peers {
  if (networkPolicy?.enabled === false) return new Set([ANYBODY]);
  return new Set((networkPolicy?.to ?? []).map(sortedJson));
}

function told(peers: Peers): string {
  if (peers.has(ANYBODY)) return 'anybody in the cluster';
  return [...peers].map((peer) => (peer === OWN_NAMESPACE ? 'every pod of the namespace' : peer)).join(', ');
}

const without = (some: Peers, others: Peers): Peers =>
  others.has(ANYBODY) ? new Set() : new Set([...some].filter((peer) => !others.has(peer)));

function networkEffects(old: DatabaseSpec, now: DatabaseSpec): Effect[] {
  const [clients, servers] = [
    [clientsOf(old), clientsOf(now)],
    [serversOf(old), serversOf(now)],
  ] as [[Peers, Peers], [Peers, Peers]];
  const row = (level: Effect['level'], what: string, [some, others]: [Peers, Peers]): Effect[] => {
    const rest = without(some, others);
    return rest.size === 0 ? [] : [{ level, text: `${what} ${told(rest)}` }];
  };
  return [
    ...row('downtime', 'networkPolicy: these can no longer connect to the database:', clients),
    ...row('downtime', 'networkPolicy: the members can no longer connect to', servers),
    ...row('none', 'networkPolicy is opened: these may connect now:', [clients[1], clients[0]]),
    ...row('none', 'networkPolicy is opened: the members may now connect to', [servers[1], servers[0]]),
  ];
}

function replicaEffects(old: DatabaseSpec, now: DatabaseSpec): Effect[] {
  const [from, to] = [replicasOf(old), replicasOf(now)];
  if (to >= from) return [];
  const alone = to === 1 ? '; with one member there is no failover any more' : '';
  const text = `from ${from} to ${to} replicas: if the primary is one of those that leave, another takes over first; their volumes stay${alone}`;
  return [{ level: 'switchover', text }];
}

/** The effects of a change on network clients: which are cut off, which may connect, and whether the primary's address changes. */
export function reachEffects(old: DatabaseSpec, now: DatabaseSpec): Effect[] {
  return [...networkEffects(old, now), ...replicaEffects(old, now)];
}
