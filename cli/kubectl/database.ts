import { DATABASE_LABEL } from '../../database/vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { Kubectl } from './kubectl.ts';
import type { StoredDatabase } from './objects.ts';
import { resourceOf } from './objects.ts';

/** Reads a Database; throws a usage error when it is not there. */
export function readDatabase(kubectl: Kubectl, name: string, more: readonly string[] = []): Promise<StoredDatabase> {
  return kubectl.read<StoredDatabase>([resourceOf('Database'), name, ...more]);
}

/** The label selector of the members. */
export function memberSelector({ metadata, status }: StoredDatabase): string {
  return status?.selector ?? `${DATABASE_LABEL}=${metadata.name}`;
}

/** The pod of the primary; throws a usage error when there is none. */
export function primaryOf({ metadata, status }: StoredDatabase): string {
  if (status?.primary) return status.primary;
  throw new UsageError(
    `${metadata.name} has no primary at the moment; kubectl ballast status ${metadata.name} says why`,
  );
}
