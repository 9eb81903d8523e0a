import type { IncomingMessage } from 'node:http';
import type { Budget, Share } from './budget.ts';
import type { Turns } from './turns.ts';

/** Largest body that is taken in: the API server's own limit for a request, and a little. */
export const MAX_BODY_BYTES = 8 * 2 ** 20;
/** Bodies above this size share a budget, and are answered in a thread of their own. A Database with all that kubectl adds has 10 KiB. */
export const LARGE_BYTES = 32 * 1024;
/** Largest body that is looked into: twice the largest object that the API server stores, and some. */
export const MAX_REVIEW_BYTES = 3.5 * 2 ** 20;
/** Of a body that is not looked into, so much is kept: the API server writes the uid right at the beginning. */
export const UNREAD_BYTES = 2048;

const FIRST_BYTES = 4096;
/** What it costs to receive another piece. */
const PIECE_MS = 0.1;

/** A body that is all there. */
export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of a body that is too large to be looked into, only the beginning was read. */
  readonly isWhole: boolean;
  /** What a large body holds of the budget, until it is closed. */
  readonly share: Share | undefined;
}

/** Why a body was not received. */
export type Refused = 'too-large' | 'no-room';

/**
 * Bytes as they come, in one buffer that grows: what a client sends in ten thousand pieces takes no more than in one, and
 * what was outgrown is free at once, without waiting for the garbage collector.
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

  /** The capacity that so many bytes would take: never more than twice what has come. */
  needed(size: number, most: number): number {
    if (size <= this.capacity) return this.capacity;
    return Math.min(most, Math.max(size, 2 * this.capacity, FIRST_BYTES));
  }

  add(part: Uint8Array, capacity: number): void {
    if (capacity > this.capacity) this.#buffer = this.#buffer.transfer(capacity);
    new Uint8Array(this.#buffer).set(part, this.#size);
    this.#size += part.length;
  }

  /** Forgets all but the beginning. */
  cut(size: number): void {
    this.#buffer = this.#buffer.transfer(size);
    this.#size = Math.min(this.#size, size);
  }

  /** Gives the bytes away. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#buffer, 0, this.#size);
    this.#buffer = new ArrayBuffer(0);
    return bytes;
  }
}

/** How a body is received. */
export interface Reading {
  /** Bytes of large bodies. */
  readonly budget: Budget;
  /** Places for large bodies on their way in: the kernel holds for each what we have not read yet. */
  readonly places: Budget;
  readonly turns: Turns;
  /** Whose it is. */
  readonly address: string;
  /** Called once it is clear that the body is wanted. */
  readonly onWanted: () => void;
}

type Piece = 'small' | 'large';

/** A body on its way in. */
class Arriving {
  readonly #bytes = new Bytes();
  readonly #budget: Budget;
  readonly #places: Budget;
  readonly #announced: number;
  readonly #place: Share;
  readonly share: Share;
  /** A body that came in one piece, as most do. */
  #only: Uint8Array<ArrayBuffer> | undefined;

  constructor({ budget, places, address }: Reading, announced: number | undefined, giveUp: () => void) {
    this.#budget = budget;
    this.#places = places;
    this.share = budget.open(address, giveUp);
    this.#place = places.open(address, giveUp);
    this.#announced = announced ?? 0;
  }

  /** Whether there is room, as far as the announced size tells. */
  hasRoom(): boolean {
    const bytes = this.#announced;
    if (bytes <= LARGE_BYTES || bytes > MAX_REVIEW_BYTES) return true;
    return this.#places.hasRoom(this.#place, 1) && this.#budget.hasRoom(this.share, bytes);
  }

  /** Takes a piece in; says when there is no room for it, or nothing more is wanted. */
  add(part: Buffer<ArrayBuffer>): 'no-room' | 'enough' | undefined {
    if (part.length === this.#announced && part.length <= LARGE_BYTES) {
      this.#only = part;
      return undefined;
    }
    const seen = this.#bytes.size + part.length;
    if (this.#announced > MAX_REVIEW_BYTES || seen > MAX_REVIEW_BYTES) return this.#addBeginning(part);
    const capacity = this.#bytes.needed(seen, Math.max(this.#announced, seen));
    // Every connection may have a small body; only what is larger is taken out of the budget.
    const more = capacity > LARGE_BYTES ? capacity - this.share.bytes : 0;
    if (more > 0 && !this.#take(more)) return 'no-room';
    this.#bytes.add(part, capacity);
    return undefined;
  }

  #take(bytes: number): boolean {
    if (this.#place.bytes === 0 && !this.#places.take(this.#place, 1)) return false;
    return this.#budget.take(this.share, bytes);
  }

  /** What has come, as the whole body or as the beginning of one that is not looked into. */
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

/** Gives a request's body piece by piece until `onPiece` has enough; large bodies are read in turns. */
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
 * Receives a request's body, or says why not: before any of it is read when its announced size tells. Rejects when the client
 * goes away.
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
