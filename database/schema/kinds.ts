import { databaseKind } from './database.ts';
import { backupKind, restoreKind, userKind } from './operations.ts';
import type { Kind } from './schema.ts';

/** Every kind of Ballast's, in the order they are listed anywhere. */
export const KINDS: readonly Kind[] = [databaseKind, backupKind, restoreKind, userKind];

/** The kind of that name, when it is one of Ballast's. */
export function kindNamed(name: string): Kind | undefined {
  return KINDS.find(({ kind }) => kind === name);
}
