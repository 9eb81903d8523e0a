import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server sent more bytes than any answer to the controller's requests has. */
class TooMuch extends Error {}

/** The end of a wait, with the system's error code. */
class Late extends Error {
  readonly code = 'ETIMEDOUT';
}

const whole = (part: Buffer): Buffer[] => [part];

/**
 * Confines the failures of a connection: errors always have a listener, and an exception in any listener ends the connection, as do too
 * many bytes from the server and bytes that cannot be split into messages. The caller learns of the end.
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

/** Waits this many milliseconds for work; then abandons it and rejects. No later failure of the work remains unhandled. */
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
