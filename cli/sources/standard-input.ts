import { readFileSync } from 'node:fs';
import type { Source, SourceName } from '../../review/source.ts';
import { STDIN_NAME } from '../root.ts';
import { readBytes } from './read.ts';

/** The standard input as a source; its name in messages is no path. */
export const STDIN: SourceName = { file: '<stdin>', name: STDIN_NAME, isNamed: true };

/** Reads the standard input to its end. */
export function standardInput(): Source {
  const bytes = readFileSync(0);
  return { ...STDIN, read: () => readBytes(STDIN, bytes) };
}
