import type { IncomingMessage } from 'node:http';
import type { Budget, Share } from './budget.ts';

/** Largest body that is taken in: the API server's own limit for a request, and a little. */
export const MAX_BODY_BYTES = 8 * 2 ** 20;
/** Bodies above this size share a budget, and are answered in a thread of their own. A Database with all that kubectl adds has 10 KiB. */
export const LARGE_BYTES = 64 * 1024;
/** Largest body that is looked into: twice the largest object that the API server stores, and some. */
export const MAX_REVIEW_BYTES = 3.5 * 2 ** 20;
/** Of a body that is not looked into, so much is kept: the API server writes the uid right at the beginning. */
export const UNREAD_BYTES = 2048;

const FIRST_BYTES = 4096;

/** A body that is all there. */
export interface Body {
  /** Of a body that is too large to be looked into, only the beginning. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isWhole: boolean;
  /** What a large body holds of the budget, until it is closed. */
  readonly share: Share | undefined;
}

/** Why a body was not taken in. */
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
  readonly budget: Budget;
  /** Whose it is. */
  readonly address: string;
  /** Called once it is clear that the body is wanted. */
  readonly onWanted: () => void;
}

/** A body on its way in. */
class Arriving {
  readonly #bytes = new Bytes();
  readonly #budget: Budget;
  readonly #announced: number;
  readonly share: Share;
  #seen = 0;
  #isWhole = true;

  constructor(budget: Budget, share: Share, announced: number | undefined) {
    this.#budget = budget;
    this.share = share;
    this.#announced = announced ?? MAX_REVIEW_BYTES;
    if (this.#announced > MAX_REVIEW_BYTES) this.#isWhole = false;
  }

  /** Takes a piece in; says why when it cannot. */
  add(part: Buffer): Refused | undefined {
    this.#seen += part.length;
    if (this.#seen > MAX_BODY_BYTES) return 'too-large';
    if (this.#isWhole && this.#seen > MAX_REVIEW_BYTES) this.#cut();
    if (!this.#isWhole) {
      const wanted = part.subarray(0, UNREAD_BYTES - this.#bytes.size);
      if (wanted.length > 0) this.#bytes.add(wanted, UNREAD_BYTES);
      return undefined;
    }
    const capacity = this.#bytes.needed(this.#seen, Math.max(this.#announced, this.#seen));
    const more = this.#shared(capacity) - this.share.bytes;
    if (more > 0 && !this.#budget.take(this.share, more)) return 'no-room';
    this.#bytes.add(part, capacity);
    return undefined;
  }

  end(): Body {
    const [bytes, isWhole] = [this.#bytes.take(), this.#isWhole];
    this.share.whole = true;
    if (this.share.bytes > 0) return { bytes, isWhole, share: this.share };
    this.#budget.close(this.share);
    return { bytes, isWhole, share: undefined };
  }

  drop(): void {
    this.#bytes.cut(0);
    this.#budget.close(this.share);
  }

  /** Every connection may have a small body; only what is larger is taken out of the budget. */
  #shared(capacity: number): number {
    return capacity > LARGE_BYTES ? capacity : 0;
  }

  #cut(): void {
    this.#isWhole = false;
    this.#bytes.cut(UNREAD_BYTES);
    this.#budget.close(this.share);
  }
}

function announcedBytes({ headers }: IncomingMessage): number | undefined {
  const text = headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

/**
 * Receives a request's body, or says why not: before any of it is read when its announced size tells. Rejects when the client
 * goes away.
 */
export function readBody(request: IncomingMessage, reading: Reading): Promise<Body | Refused> {
  const { budget, address, onWanted } = reading;
  const announced = announcedBytes(request);
  if (announced !== undefined && announced > MAX_BODY_BYTES) return Promise.resolve('too-large');
  return new Promise((resolve, reject) => {
    const refuse = (why: Refused): void => {
      arriving.drop();
      request.removeAllListeners('data').pause();
      resolve(why);
    };
    const share = budget.open(address, () => {
      refuse('no-room');
    });
    const arriving = new Arriving(budget, share, announced);
    const expected = announced ?? 0;
    const large = expected > LARGE_BYTES && expected <= MAX_REVIEW_BYTES ? expected : 0;
    if (!budget.hasRoom(share, large)) {
      refuse('no-room');
      return;
    }
    onWanted();
    request.on('data', (part: Buffer) => {
      const why = arriving.add(part);
      if (why) refuse(why);
    });
    request.on('end', () => {
      resolve(arriving.end());
    });
    const gone = (): void => {
      arriving.drop();
      reject(new Error('the client went away'));
    };
    request.on('error', gone).on('aborted', gone);
  });
}
