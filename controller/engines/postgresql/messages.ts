/** Code and length of a message (PostgreSQL, Frontend/Backend Protocol). */
const HEADER_BYTES = 5;
const CODE_BYTES = 1;
/** The length includes itself. */
const LEAST_LENGTH = 4;
/** ErrorResponse and NoticeResponse: fields of a code and a text each, with a zero byte after the last. */
const WITH_FIELDS: ReadonlySet<number> = new Set(['E', 'N'].map((code) => code.charCodeAt(0)));

/** The server's bytes are not a message of PostgreSQL's protocol. */
class NoMessage extends Error {}

/** Checks that the final zero byte is present: the client would search for it beyond the end of the message, for ever. */
function checkFields(message: Buffer): void {
  let place = HEADER_BYTES;
  while (message[place] !== 0) {
    const end = message.indexOf(0, place + 1);
    if (end === -1) throw new NoMessage('a message has fields without an end');
    place = end + 1;
  }
}

/**
 * Splits the bytes of a PostgreSQL server into whole messages, so that the client never sees an incomplete message, or one that it would
 * parse without end. Throws when the bytes are not messages.
 */
export class Messages {
  /** The received part of an incomplete message; it grows by doubling, whatever the size of the pieces. */
  #held: Buffer = Buffer.alloc(0);
  #size = 0;

  /** The messages that are complete with this piece. */
  take(part: Buffer): Buffer[] {
    this.#append(part);
    const messages: Buffer[] = [];
    let from = 0;
    for (let end = this.#endFrom(from); end !== undefined; end = this.#endFrom(from)) {
      const message = Buffer.from(this.#held.subarray(from, end));
      if (WITH_FIELDS.has(message[0] ?? 0)) checkFields(message);
      messages.push(message);
      from = end;
    }
    this.#held.copyWithin(0, from, this.#size);
    this.#size -= from;
    return messages;
  }

  #append(part: Buffer): void {
    const size = this.#size + part.length;
    if (size > this.#held.length) {
      const larger = Buffer.alloc(Math.max(size, this.#held.length * 2));
      this.#held.copy(larger, 0, 0, this.#size);
      this.#held = larger;
    }
    part.copy(this.#held, this.#size);
    this.#size = size;
  }

  /** The end of the message that starts there; undefined while it is incomplete. */
  #endFrom(from: number): number | undefined {
    if (this.#size - from < HEADER_BYTES) return undefined;
    const length = this.#held.readUInt32BE(from + CODE_BYTES);
    if (length < LEAST_LENGTH) throw new NoMessage('a message is shorter than its own length');
    const end = from + CODE_BYTES + length;
    return end > this.#size ? undefined : end;
  }
}
