import { printable, printableLines } from './printable.ts';

/** Writes one line of structured log. */
export interface Log {
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

const LONGEST_STACK = 4000;

/** Describes an unexpected error for the log, with its stack. */
export function bugOf(error: unknown): { readonly error: string; readonly stack?: string } {
  if (!(error instanceof Error)) return { error: 'unknown' };
  const { message, stack } = error;
  return {
    error: printable(message, LONGEST_STACK / 8),
    ...(stack && { stack: printableLines(stack, LONGEST_STACK) }),
  };
}
