import { readFileSync, statSync } from 'node:fs';
import { UsageError, errorCode, ioReason } from './errors.ts';

/** Name of the standard input in messages. */
const STDIN = '<stdin>';

/** The bytes of a file that an option or argument names. */
export function bytesOf(file: string): Uint8Array {
  try {
    // Reading a pipe of this name would block for ever.
    if (!statSync(file).isFile()) throw new UsageError(`${file}: it is no file`);
    return readFileSync(file);
  } catch (error) {
    if (errorCode(error) === '') throw error;
    throw new UsageError(`${file}: ${ioReason(error)}`, { cause: error });
  }
}

/** The name in messages and the bytes of a file, or of the standard input where `-` is named. */
export function namedInput(file: string): { readonly name: string; readonly bytes: Uint8Array } {
  return file === '-' ? { name: STDIN, bytes: readFileSync(0) } : { name: file, bytes: bytesOf(file) };
}
