import type { Database, DatabaseBackup, DatabaseRestore, DatabaseUser } from './types.ts';

export type { Database, DatabaseBackup, DatabaseRestore, DatabaseUser };

/** Any Ballast object that passed its schema, with static defaults. */
export type BallastObject = Database | DatabaseBackup | DatabaseRestore | DatabaseUser;

/** The spec of a Database. */
export type DatabaseSpec = Database['spec'];

/** Kind, namespace and name, which together identify an object in a cluster. */
export interface Identity {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The identity of an object with a namespace. */
export function identify({ kind, metadata }: BallastObject): Identity {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

/** The identity as one text, for maps. */
export function identityKey({ kind, namespace, name }: Identity): string {
  return `${kind}/${namespace}/${name}`;
}
