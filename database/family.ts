import type { BallastObject, Database, DatabaseBackup, DatabaseRestore, DatabaseUser, Identity } from './object.ts';
import { identify, identityKey } from './object.ts';

/** A Database with the objects that refer to it: the unit of review, rendering and reconciling. */
export interface Family {
  readonly database: Database;
  readonly backups: readonly DatabaseBackup[];
  readonly users: readonly DatabaseUser[];
  readonly restores: readonly DatabaseRestore[];
}

/** An object that names the Database it belongs to. */
export type Dependent = Exclude<BallastObject, Database>;

/** The families among some objects, and the objects whose Database is absent. */
export interface Families {
  readonly families: readonly Family[];
  readonly dangling: readonly Dependent[];
}

/** The place of each kind in a family. */
const PARTS: Readonly<Record<BallastObject['kind'], keyof Family>> = {
  Database: 'database',
  DatabaseBackup: 'backups',
  DatabaseUser: 'users',
  DatabaseRestore: 'restores',
};

/** The place of a kind in a family; undefined for a kind that is not Ballast's. */
export function familyPart(kind: string): keyof Family | undefined {
  return Object.hasOwn(PARTS, kind) ? PARTS[kind as BallastObject['kind']] : undefined;
}

/** The identity of the Database of an object's family: the object's own, or that of the referenced Database. */
export function familyIdentity(object: BallastObject): Identity {
  const { namespace, name } = identify(object);
  return { kind: 'Database', namespace, name: object.kind === 'Database' ? name : object.spec.databaseRef.name };
}

const NO_DEPENDENTS: Omit<Family, 'database'> = { backups: [], users: [], restores: [] };

/** The family of a Database with these dependents. */
export function familyOf(database: Database, dependents: readonly Dependent[] = []): Family {
  if (dependents.length === 0) return { database, ...NO_DEPENDENTS };
  return {
    database,
    backups: dependents.filter((one) => one.kind === 'DatabaseBackup'),
    users: dependents.filter((one) => one.kind === 'DatabaseUser'),
    restores: dependents.filter((one) => one.kind === 'DatabaseRestore'),
  };
}

/**
 * Sorts objects into families, in linear time. Of several Databases with one identity, which a rule refuses, the first has the
 * dependents.
 */
export function familiesOf(objects: readonly BallastObject[]): Families {
  const keyOf = (object: BallastObject): string => identityKey(familyIdentity(object));
  const dependents = Map.groupBy(
    objects.filter((object) => object.kind !== 'Database'),
    keyOf,
  );
  const families = objects.flatMap((object) => {
    if (object.kind !== 'Database') return [];
    const key = keyOf(object);
    const own = dependents.get(key);
    dependents.delete(key);
    return [familyOf(object, own)];
  });
  return { families, dangling: [...dependents.values()].flat() };
}
