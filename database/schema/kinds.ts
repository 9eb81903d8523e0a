import { databaseKind } from './database.ts';
import { backupKind, restoreKind, userKind } from './operations.ts';
import type { Kind } from './schema.ts';

/** Every Ballast kind, in the order of all listings. */
export const KINDS: readonly Kind[] = [databaseKind, backupKind, restoreKind, userKind];

/** The Ballast kind of that name; undefined for others. */
export function kindNamed(name: string): Kind | undefined {
  return KINDS.find(({ kind }) => kind === name);
}
