import type { Socket } from 'node:net';

/** What a connection is at. */
export type ConnectionState =
  /** Its handshake, or its first request, has begun. */
  | 'beginning'
  /** A request is being received. */
  | 'receiving'
  /** A whole request waits for its answer. */
  | 'answered soon'
  /** The answer is on its way to a client that may be slow to take it. */
  | 'sending'
  /** All that was asked is answered. */
  | 'idle'
  /** It was refused, and gets a moment to read why. */
  | 'leaving'
  /** It was ended; what it had sent before may still come up. */
  | 'ended';

/** One client's connection. */
export interface Connection {
  readonly key: string;
  readonly address: string;
  readonly raw: Socket;
  /** The connection as HTTP sees it, once TLS stands. */
  secure: Socket | undefined;
  doing: ConnectionState;
  /** Since when it does this, in milliseconds. */
  since: number;
  /** Its client has shown a certificate that we ask for. */
  isKnown: boolean;
  /** Answers that are written and not yet taken, and since when that many. */
  unsent: number;
  unsentSince: number;
  /** It was found late once: the event loop has looked at it since, however busy this computer is. */
  isLate: boolean;
}

/** What takes longer than this to become whole is slow: honest clients send all at once. */
const SLOW_MS = 1000;
/**
 * In which order connections of one address give way; the lower, the sooner. Who waits for an answer never does. Those that
 * are idle and those that have just begun share the room, so that neither can push the other out.
 */
export function rank({ doing, since }: Connection, now: number, idleFirst: boolean): number {
  if (doing === 'leaving') return 0;
  if (doing === 'answered soon') return Infinity;
  if (doing === 'idle') return idleFirst ? 2 : 4;
  return now - since > SLOW_MS ? 1 : 3;
}
