import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a server sent is more than any answer to what is asked of it. */
class TooMuch extends Error {}

/** The end of a wait, in the words of the system. */
class Late extends Error {
  readonly code = 'ETIMEDOUT';
}

const whole = (part: Buffer): Buffer[] => [part];

/**
 * Keeps what goes wrong with a connection within it: an error has a listener from now on, what a listener of any event
 * throws ends the connection, and so does a server that sends more bytes than that, or what cannot be split. Whoever waits
 * hears of the end.
 */
export function guard(stream: Duplex, mostBytes: number, split: (part: Buffer) => Buffer[] = whole): void {
  const emit = stream.emit.bind(stream) as (...args: readonly unknown[]) => boolean;
  let bytes = 0;
  const guarded = (event: string | symbol, ...args: readonly unknown[]): boolean => {
    try {
      if (event !== 'data') return emit(event, ...args);
      const part = args[0] as Buffer;
      bytes += part.length;
      if (bytes > mostBytes) throw new TooMuch(`the server sent more than ${mostBytes} bytes`);
      for (const one of split(part)) emit(event, one);
      return true;
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error('a listener failed'));
      return true;
    }
  };
  stream.emit = guarded as typeof stream.emit;
  stream.on('error', () => undefined);
}

/** Waits for work so long at most; gives it up then, and is rejected. Nothing is left that can fail later. */
export async function within<T>(milliseconds: number, work: Promise<T>, giveUp: () => void): Promise<T> {
  const isOver = new AbortController();
  const { signal } = isOver;
  const late = sleep(milliseconds, undefined, { signal }).then(() => {
    giveUp();
    throw new Late(`no answer within ${milliseconds} ms`);
  });
  late.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    isOver.abort();
  }
}
