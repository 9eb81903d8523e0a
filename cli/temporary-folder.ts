import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError, ioReason } from './errors.ts';

/** Makes a private folder for the duration of one call; its path has no links. Throws when there is no place for it. */
export function inTemporaryFolder<T>(what: string, work: (folder: string) => T): T {
  let folder: string;
  try {
    folder = realpathSync(mkdtempSync(join(tmpdir(), `ballast-${what}-`)));
  } catch (error) {
    throw new UsageError(`${tmpdir()}: a temporary folder is needed: ${ioReason(error)}`, { cause: error });
  }
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
