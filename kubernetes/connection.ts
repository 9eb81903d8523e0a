import type { Socket } from 'node:net';

/** The state of a connection. */
export type ConnectionState =
  /** Its handshake, or its first request, has begun. */
  | 'beginning'
  /** A request is being received. */
  | 'receiving'
  /** A whole request waits for its answer. */
  | 'answered soon'
  /** The answer is on its way to a client, which may be slow to read it. */
  | 'sending'
  /** Every request is answered. */
  | 'idle'
  /** The client was refused, and gets a moment to read the reason. */
  | 'leaving'
  /** The connection was closed; data that the client sent before may still arrive. */
  | 'ended';

/** One client's connection. */
export interface Connection {
  readonly key: string;
  readonly address: string;
  readonly raw: Socket;
  /** The socket as HTTP sees it, after the TLS handshake. */
  secure: Socket | undefined;
  doing: ConnectionState;
  /** Since when the connection is in this state, in milliseconds. */
  since: number;
  /** Whether its client has presented an accepted certificate. */
  isKnown: boolean;
  /** Written answers that the client has not read, and since when their number is the same. */
  unsent: number;
  unsentSince: number;
  /** Whether it was found late once: the event loop has looked at it since, however busy this computer is. */
  isLate: boolean;
}

/** A request that takes longer than this to arrive is slow: honest clients send it at once. */
const SLOW_MS = 1000;
/**
 * The order in which connections of one address are closed, the lowest first. A connection that waits for an answer is never closed. Idle
 * and new connections share the room, so that neither can displace the other.
 */
export function rank({ doing, since }: Connection, now: number, idleFirst: boolean): number {
  if (doing === 'leaving') return 0;
  if (doing === 'answered soon') return Infinity;
  if (doing === 'idle') return idleFirst ? 2 : 4;
  return now - since > SLOW_MS ? 1 : 3;
}
