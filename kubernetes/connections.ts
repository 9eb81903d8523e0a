import type { Socket } from 'node:net';
import type { Connection, ConnectionState } from './connection.ts';
import { rank } from './connection.ts';

/** Why a connection was ended to make room or to end a wait. */
export type Ended = 'no-room' | 'slow-reader' | 'pipelining';

/** How many connections there may be, and who is told about those that end. */
export interface ConnectionsOptions {
  readonly most: number;
  readonly ended?: (why: Ended) => void;
}

/** An answer has this long to be taken. */
const SENDING_MS = 5000;
const SWEEP_MS = 250;
/** How long a closing connection may take to say so, and a client that was refused to read why. */
const FAREWELL_MS = 500;
/** So many at once are given that time: what they send meanwhile stays in the kernel. */
const MOST_LEAVING = 16;

const keyOf = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;

/**
 * All connections of a server. When there is no room for another, the address with the most of them gives one up: the one
 * that has been slow, or else idle, for the longest time.
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

  /** Takes a connection in before anything of it is read; another may have to go. False when this one has to. */
  open(raw: Socket): boolean {
    const address = raw.remoteAddress;
    // A connection that ends while TLS is set up says so to nobody else.
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

  /** TLS stands: requests will come over this socket. */
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

  /** Its client is one of those that we know: it gives way to nobody that we do not know. */
  known(socket: Socket): void {
    const connection = this.#bySocket.get(socket);
    if (connection) connection.isKnown = true;
  }

  /** A request has begun; false, and the end of its connection, when the one before is not answered yet. */
  begin(socket: Socket): boolean {
    const connection = this.#bySocket.get(socket);
    if (!connection || connection.doing === 'leaving' || connection.doing === 'ended') return false;
    // A client may have its answer, and ask again, a moment before we hear that the answer went out.
    const mayAsk = connection.doing === 'sending' && connection.unsent < 2;
    if (connection.doing !== 'beginning' && connection.doing !== 'idle' && !mayAsk) {
      this.#end(connection, 'pipelining');
      return false;
    }
    this.#now(connection, 'receiving');
    return true;
  }

  /** The request is whole: its connection stays until it is answered. */
  whole(socket: Socket): void {
    this.#move(socket, 'answered soon');
  }

  /** The answer is written. */
  sending(socket: Socket): void {
    this.#move(socket, 'sending');
    this.#count(socket, 1);
  }

  /** An answer is taken, whether it was told that it is written or not. */
  taken(socket: Socket): void {
    const connection = this.#bySocket.get(socket);
    if (!connection) return;
    const wasTold = connection.unsent > 0;
    if (wasTold) this.#count(socket, -1);
    // Of a client that was quicker than this news, the next request is on its way.
    if (!wasTold || (connection.unsent === 0 && connection.doing === 'sending')) this.#move(socket, 'idle');
  }

  /** Its client is told why, and it ends. */
  leaving(socket: Socket): void {
    this.#move(socket, 'leaving');
    const all = [...this.#all.values()].filter(({ doing }) => doing === 'leaving');
    const [first] = all.toSorted((a, b) => a.since - b.since);
    if (first && all.length > MOST_LEAVING) this.#end(first);
  }

  addressOf(socket: Socket): string {
    return this.#bySocket.get(socket)?.address ?? '';
  }

  /** Ends all that is left. */
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

  /** The connection that has to go: the newcomer when all others wait for an answer. */
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
    // What is idle hears of its end in TLS' own way; what is reset leaves nothing behind in the kernel.
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
