import type { IncomingMessage } from 'node:http';
import type { Budget, Share } from './budget.ts';
import type { Turns } from './turns.ts';

/** Maximum size of a body: slightly above the API server's own limit for a request. */
export const MAX_BODY_BYTES = 8 * 2 ** 20;
/** Bodies above this size share a budget and are answered in a thread of their own. A Database with all that kubectl adds has 10 KiB. */
export const LARGE_BYTES = 32 * 1024;
/** Maximum size of a body that is parsed: slightly above twice the largest object that the API server stores. */
export const MAX_REVIEW_BYTES = 3.5 * 2 ** 20;
/** Bytes kept of a body that is not parsed: the API server writes the uid right at the beginning. */
export const UNREAD_BYTES = 2048;

const FIRST_BYTES = 4096;
/** Milliseconds that receiving another piece costs. */
const PIECE_MS = 0.1;

/** A received body. */
export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** False for a body above the limit, of which only the beginning was read. */
  readonly isWhole: boolean;
  /** A large body's share of the budget, until the body is closed. */
  readonly share: Share | undefined;
}

/** Why a body was refused. */
export type Refused = 'too-large' | 'no-room';

/**
 * Collects bytes in one growing buffer: ten thousand pieces take no more memory than one, and an outgrown buffer is freed without waiting
 * for the garbage collector.
 */
class Bytes {
  #buffer = new ArrayBuffer(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get capacity(): number {
    return this.#buffer.byteLength;
  }

  /** The capacity that this many bytes need: at most twice the bytes received. */
  needed(size: number, most: number): number {
    if (size <= this.capacity) return this.capacity;
    return Math.min(most, Math.max(size, 2 * this.capacity, FIRST_BYTES));
  }

  add(part: Uint8Array, capacity: number): void {
    if (capacity > this.capacity) this.#buffer = this.#buffer.transfer(capacity);
    new Uint8Array(this.#buffer).set(part, this.#size);
    this.#size += part.length;
  }

  /** Drops all but the beginning. */
  cut(size: number): void {
    this.#buffer = this.#buffer.transfer(size);
    this.#size = Math.min(this.#size, size);
  }

  /** Returns the bytes and gives up their ownership. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#buffer, 0, this.#size);
    this.#buffer = new ArrayBuffer(0);
    return bytes;
  }
}

/** How to receive a body. */
export interface Reading {
  /** Budget for the bytes of large bodies. */
  readonly budget: Budget;
  /** Places for large bodies that are still arriving: the kernel holds unread bytes of each. */
  readonly places: Budget;
  readonly turns: Turns;
  /** The client's address. */
  readonly address: string;
  /** Called when the body is accepted for reading. */
  readonly onWanted: () => void;
}

type Piece = 'small' | 'large';

/** A body that is arriving. */
class Arriving {
  readonly #bytes = new Bytes();
  readonly #budget: Budget;
  readonly #places: Budget;
  readonly #announced: number;
  readonly #place: Share;
  readonly share: Share;
  /** A body that arrived in one piece, as most do. */
  #only: Uint8Array<ArrayBuffer> | undefined;

  constructor({ budget, places, address }: Reading, announced: number | undefined, giveUp: () => void) {
    this.#budget = budget;
    this.#places = places;
    this.share = budget.open(address, giveUp);
    this.#place = places.open(address, giveUp);
    this.#announced = announced ?? 0;
  }

  /** Whether the budget has room for the announced size. */
  hasRoom(): boolean {
    const bytes = this.#announced;
    if (bytes <= LARGE_BYTES || bytes > MAX_REVIEW_BYTES) return true;
    return this.#places.hasRoom(this.#place, 1) && this.#budget.hasRoom(this.share, bytes);
  }

  /** Adds a piece; reports when there is no room for it, or when enough was read. */
  add(part: Buffer<ArrayBuffer>): 'no-room' | 'enough' | undefined {
    if (part.length === this.#announced && part.length <= LARGE_BYTES) {
      this.#only = part;
      return undefined;
    }
    const seen = this.#bytes.size + part.length;
    if (this.#announced > MAX_REVIEW_BYTES || seen > MAX_REVIEW_BYTES) return this.#addBeginning(part);
    const capacity = this.#bytes.needed(seen, Math.max(this.#announced, seen));
    // Every connection may have a small body; only the part above that counts against the budget.
    const more = capacity > LARGE_BYTES ? capacity - this.share.bytes : 0;
    if (more > 0 && !this.#take(more)) return 'no-room';
    this.#bytes.add(part, capacity);
    return undefined;
  }

  #take(bytes: number): boolean {
    if (this.#place.bytes === 0 && !this.#places.take(this.#place, 1)) return false;
    return this.#budget.take(this.share, bytes);
  }

  /** The received body, whole or only its beginning. */
  end(isWhole: boolean): Body {
    if (!isWhole) this.#bytes.cut(UNREAD_BYTES);
    const bytes = this.#only ?? this.#bytes.take();
    this.share.whole = true;
    this.#places.close(this.#place);
    if (isWhole && this.share.bytes > 0) return { bytes, isWhole, share: this.share };
    this.#budget.close(this.share);
    return { bytes, isWhole, share: undefined };
  }

  drop(): void {
    this.#bytes.cut(0);
    this.#places.close(this.#place);
    this.#budget.close(this.share);
  }

  #addBeginning(part: Buffer): 'enough' | undefined {
    const wanted = part.subarray(0, Math.max(0, UNREAD_BYTES - this.#bytes.size));
    if (wanted.length > 0) this.#bytes.add(wanted, Math.max(UNREAD_BYTES, this.#bytes.capacity));
    return this.#bytes.size >= UNREAD_BYTES ? 'enough' : undefined;
  }
}

function announcedBytes({ headers }: IncomingMessage): number | undefined {
  const text = headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

/** Passes a request's body to `onPiece` piece by piece until `onPiece` has enough; takes turns when the body is large. */
function follow(
  request: IncomingMessage,
  { turns, address }: Reading,
  onPiece: (part: Buffer<ArrayBuffer>) => Piece,
): () => void {
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    request.removeAllListeners('data').pause();
  };
  request.on('data', (part: Buffer<ArrayBuffer>) => {
    if (onPiece(part) === 'small' || isOver) return;
    request.pause();
    const resume = (): void => {
      if (!isOver) request.resume();
    };
    turns.take(address, resume, PIECE_MS);
  });
  return stop;
}

/**
 * Receives a request's body, or returns why it was refused: before reading when the announced size is too large. Rejects when the client
 * leaves.
 */
export function readBody(request: IncomingMessage, reading: Reading): Promise<Body | Refused> {
  const announced = announcedBytes(request);
  if (announced !== undefined && announced > MAX_BODY_BYTES) return Promise.resolve('too-large');
  return new Promise((resolve, reject) => {
    let stop = (): void => undefined;
    const refuse = (): void => {
      arriving.drop();
      stop();
      resolve('no-room');
    };
    const arriving = new Arriving(reading, announced, refuse);
    if (!arriving.hasRoom()) {
      refuse();
      return;
    }
    reading.onWanted();
    stop = follow(request, reading, (part) => {
      const said = arriving.add(part);
      if (said === 'no-room') refuse();
      else if (said === 'enough') {
        stop();
        resolve(arriving.end(false));
      }
      return arriving.share.bytes > 0 ? 'large' : 'small';
    });
    request.on('end', () => {
      resolve(arriving.end(true));
    });
    const gone = (): void => {
      stop();
      arriving.drop();
      reject(new Error('the client went away'));
    };
    request.on('error', gone).on('aborted', gone);
  });
}
