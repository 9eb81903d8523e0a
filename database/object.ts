import type { Database, DatabaseBackup, DatabaseRestore, DatabaseUser } from './types.ts';

export type { Database, DatabaseBackup, DatabaseRestore, DatabaseUser };

/** Any object of Ballast's that passed its schema, static defaults filled in. */
export type BallastObject = Database | DatabaseBackup | DatabaseRestore | DatabaseUser;

/** The spec of a Database. */
export type DatabaseSpec = Database['spec'];

/** Name, namespace and kind, the three that make an object unique in a cluster. */
export interface Identity {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The identity of an object; the namespace must have been filled in. */
export function identify({ kind, metadata }: BallastObject): Identity {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

/** One text an identity, for maps. */
export function identityKey({ kind, namespace, name }: Identity): string {
  return `${kind}/${namespace}/${name}`;
}
