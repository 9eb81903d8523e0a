import type { BallastObject, Identity } from '../database/object.ts';
import { identify } from '../database/object.ts';
import type { Path } from '../database/finding.ts';
import { readDestination } from '../database/destination.ts';

/** A name that an object gives for another of the same namespace. */
export interface Reference {
  readonly path: Path;
  readonly kind: string;
  readonly name: string;
}

/** All that rules about a whole tree need to know of one object: small, so that 10,000 of them are nothing. */
export interface Summary extends Identity {
  readonly references: readonly Reference[];
  /** Whether its namespace is not written, but assumed by who reads the files. */
  readonly isAssumed?: true;
  /** Where its backups go, when that is a place that another Database could share. */
  readonly repository?: string;
}

function referencesOf(object: BallastObject): Reference[] {
  if (object.kind === 'Database') {
    const from = object.spec.bootstrap?.restore?.from;
    return from === undefined ? [] : [{ path: ['spec', 'bootstrap', 'restore', 'from'], kind: 'Database', name: from }];
  }
  const database = { path: ['spec', 'databaseRef', 'name'], kind: 'Database', name: object.spec.databaseRef.name };
  if (object.kind !== 'DatabaseRestore' || !object.spec.backupRef) return [database];
  const { name } = object.spec.backupRef;
  return [database, { path: ['spec', 'backupRef', 'name'], kind: 'DatabaseBackup', name }];
}

/** The place of a bucket that a Database writes its backups to; undefined when they go to a volume of their own. */
function repositoryOf(object: BallastObject): string | undefined {
  if (object.kind !== 'Database' || !object.spec.backup?.enabled || !object.spec.backup.destination) return undefined;
  const result = readDestination(object.spec.backup.destination);
  if (!result.ok || result.destination.type !== 's3') return undefined;
  const { endpoint = '', bucket, prefix } = result.destination;
  return `${endpoint}/${bucket}/${prefix || `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`}`;
}

/** Draws from an object what the rules about a whole tree look at. */
export function summarize(object: BallastObject): Summary {
  const repository = repositoryOf(object);
  return { ...identify(object), references: referencesOf(object), ...(repository !== undefined && { repository }) };
}
