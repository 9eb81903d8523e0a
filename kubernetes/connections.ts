import type { Socket } from 'node:net';
import type { Connection, ConnectionState } from './connection.ts';
import { rank } from './connection.ts';

/** Why a connection was closed to make room or to end a wait. */
export type Ended = 'no-room' | 'slow-reader' | 'pipelining';

/** The maximum number of connections, and the callback for closed ones. */
export interface ConnectionsOptions {
  readonly most: number;
  readonly ended?: (why: Ended) => void;
}

/** Milliseconds in which a client must read an answer. */
const SENDING_MS = 5000;
const SWEEP_MS = 250;
/** Milliseconds that a closing connection may take for its goodbye, and a refused client to read the reason. */
const FAREWELL_MS = 500;
/** Number of refused clients that get this time at once: their data stay in the kernel meanwhile. */
const MOST_LEAVING = 16;

const keyOf = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;

/**
 * All connections of a server. When there is no room for another, the address with the most connections loses one: the one that has been
 * slow, or else idle, for the longest time.
 */
export class Connections {
  readonly #most: number;
  readonly #tell: (why: Ended) => void;
  readonly #all = new Map<string, Connection>();
  readonly #bySocket = new WeakMap<Socket, Connection>();
  readonly #counts = new Map<string, number>();
  readonly #sweeping: NodeJS.Timeout;

  constructor({ most, ended = () => undefined }: ConnectionsOptions) {
    this.#most = most;
    this.#tell = ended;
    this.#sweeping = setInterval(() => {
      this.#sweep();
    }, SWEEP_MS).unref();
  }

  get count(): number {
    return this.#all.size;
  }

  /** Accepts a connection before reading from it; another may be closed for it. False when the new one must be closed. */
  open(raw: Socket): boolean {
    const address = raw.remoteAddress;
    // An error during the TLS handshake is reported on this socket only.
    raw.on('error', () => undefined);
    if (address === undefined) {
      raw.destroy();
      return false;
    }
    const key = keyOf(raw);
    const since = performance.now();
    const connection: Connection = {
      key,
      address,
      raw,
      secure: undefined,
      doing: 'beginning',
      since,
      isKnown: false,
      unsent: 0,
      unsentSince: since,
      isLate: false,
    };
    this.#all.set(key, connection);
    this.#counts.set(address, (this.#counts.get(address) ?? 0) + 1);
    raw.once('close', () => {
      this.#forget(connection);
    });
    if (this.#all.size <= this.#most) return true;
    const first = this.#first(connection);
    this.#end(first, 'no-room');
    return first !== connection;
  }

  /** Records that the handshake is complete: requests will come over this socket. */
  secured(secure: Socket): void {
    const connection = this.#all.get(keyOf(secure));
    if (!connection) {
      secure.destroy();
      return;
    }
    connection.secure = secure;
    this.#bySocket.set(secure, connection);
    this.#now(connection, 'beginning');
  }

  /** Records that its client has an accepted certificate: the connection is never closed in favour of one without. */
  known(socket: Socket): void {
    const connection = this.#bySocket.get(socket);
    if (connection) connection.isKnown = true;
  }

  /** Records the start of a request; false, and the end of the connection, when the previous request is unanswered. */
  begin(socket: Socket): boolean {
    const connection = this.#bySocket.get(socket);
    if (!connection || connection.doing === 'leaving' || connection.doing === 'ended') return false;
    // A client may read its answer, and send another request, a moment before this process learns that the answer was sent.
    const mayAsk = connection.doing === 'sending' && connection.unsent < 2;
    if (connection.doing !== 'beginning' && connection.doing !== 'idle' && !mayAsk) {
      this.#end(connection, 'pipelining');
      return false;
    }
    this.#now(connection, 'receiving');
    return true;
  }

  /** Records that the request is complete: the connection stays open until it is answered. */
  whole(socket: Socket): void {
    this.#move(socket, 'answered soon');
  }

  /** Records that the answer is written. */
  sending(socket: Socket): void {
    this.#move(socket, 'sending');
    this.#count(socket, 1);
  }

  /** Records that the client has read an answer, whether or not its writing was recorded. */
  taken(socket: Socket): void {
    const connection = this.#bySocket.get(socket);
    if (!connection) return;
    const wasTold = connection.unsent > 0;
    if (wasTold) this.#count(socket, -1);
    // The next request of a client that was faster than this event is on its way.
    if (!wasTold || (connection.unsent === 0 && connection.doing === 'sending')) this.#move(socket, 'idle');
  }

  /** Gives the client time to read why it was refused, then closes the connection. */
  leaving(socket: Socket): void {
    this.#move(socket, 'leaving');
    const all = [...this.#all.values()].filter(({ doing }) => doing === 'leaving');
    const [first] = all.toSorted((a, b) => a.since - b.since);
    if (first && all.length > MOST_LEAVING) this.#end(first);
  }

  addressOf(socket: Socket): string {
    return this.#bySocket.get(socket)?.address ?? '';
  }

  /** Closes all remaining connections. */
  stop(): void {
    clearInterval(this.#sweeping);
    for (const { raw } of this.#all.values()) raw.destroy();
  }

  #count(socket: Socket, change: number): void {
    const connection = this.#bySocket.get(socket);
    if (!connection) return;
    connection.unsent += change;
    connection.unsentSince = performance.now();
    connection.isLate = false;
  }

  #move(socket: Socket, doing: ConnectionState): void {
    const connection = this.#bySocket.get(socket);
    if (connection && connection.doing !== 'ended') this.#now(connection, doing);
  }

  #now(connection: Connection, doing: ConnectionState): void {
    connection.doing = doing;
    connection.since = performance.now();
    if (doing === 'leaving') connection.isLate = false;
  }

  #forget(connection: Connection): void {
    if (this.#all.get(connection.key) !== connection) return;
    this.#all.delete(connection.key);
    const left = (this.#counts.get(connection.address) ?? 1) - 1;
    if (left === 0) this.#counts.delete(connection.address);
    else this.#counts.set(connection.address, left);
  }

  /** The connection to close: the new one when all others wait for an answer. */
  #first(newcomer: Connection): Connection {
    const now = performance.now();
    const all = [...this.#all.values()];
    const idleFirst = all.filter(({ doing }) => doing === 'idle').length > this.#most / 2;
    const weight = ({ address }: Connection): number => this.#counts.get(address) ?? 0;
    let first = newcomer;
    for (const one of all) {
      const place = rank(one, now, idleFirst);
      if (one === newcomer || place === Infinity) continue;
      const order =
        Number(one.isKnown) - Number(first.isKnown) ||
        weight(first) - weight(one) ||
        place - rank(first, now, idleFirst) ||
        one.since - first.since;
      if (first === newcomer ? weight(one) >= weight(first) : order < 0) first = one;
    }
    return first;
  }

  #end(connection: Connection, why?: Ended): void {
    if (why) this.#tell(why);
    const { raw, secure, doing } = connection;
    this.#forget(connection);
    connection.doing = 'ended';
    // An idle connection ends with TLS' own goodbye; a reset leaves nothing behind in the kernel.
    const reset = (): void => void raw.resetAndDestroy();
    if (doing !== 'idle' || !secure) {
      reset();
      return;
    }
    secure.destroySoon();
    const timer = setTimeout(reset, FAREWELL_MS).unref();
    raw.once('close', () => {
      clearTimeout(timer);
    });
  }

  #sweep(): void {
    const now = performance.now();
    for (const connection of this.#all.values()) {
      const { doing, since, unsent, unsentSince, isLate } = connection;
      const isSlow = unsent > 0 && now - unsentSince > SENDING_MS;
      const hasLeft = doing === 'leaving' && now - since > FAREWELL_MS;
      if (!isSlow && !hasLeft) continue;
      if (!isLate) connection.isLate = true;
      else this.#end(connection, isSlow ? 'slow-reader' : undefined);
    }
  }
}
