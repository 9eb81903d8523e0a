import type { BallastObject, Database, Identity } from '../database/object.ts';
import { identify } from '../database/object.ts';
import type { Path } from '../database/finding.ts';
import { backupPlace, destinationOf, withoutPrefix } from '../database/destination.ts';
import { versionOf } from './versions.ts';

/** A reference to another object of the same namespace. */
export interface Reference {
  readonly path: Path;
  readonly kind: string;
  readonly name: string;
}

/** The part of one object that rules about a whole tree read: small, so that 10,000 of them take little memory. */
export interface Summary extends Identity {
  /** For an object that belongs to a Database, the first reference is that Database. */
  readonly references: readonly Reference[];
  /** Whether the reader of the files assumed its namespace. */
  readonly isAssumed?: true;
  /** The place of its backups, when another Database could share it. */
  readonly repository?: string;
  /** The facts that a copy of this Database must agree with. */
  readonly database?: DatabaseSummary;
  /** Whether the judged change creates it; undefined when nothing is compared. */
  readonly isNew?: boolean;
}

/** The kind of a Database's data, and the backup that it starts from. */
export interface DatabaseSummary {
  readonly engine: string;
  /** Release series, for example `16`; undefined when the version is invalid. */
  readonly series?: string;
  readonly storage: string | number;
  /** Whether its backups are encrypted. */
  readonly isEncrypted: boolean;
  readonly restore?: {
    readonly from: string;
    readonly place?: string;
    readonly isNamed: boolean;
    /** Whether a passphrase is named. */
    readonly hasKey: boolean;
  };
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

/** The place in a bucket that a Database writes its backups to; undefined when they go to a volume of its own. */
export function repositoryOf(database: Database): string | undefined {
  const { backup } = database.spec;
  return backup?.enabled ? backupPlace(destinationOf(backup.destination), identify(database)) : undefined;
}

/** The place that a Database reads its first data from: as written, else its own bucket under the name of the source. */
function restorePlace({ metadata: { namespace = '' }, spec: { backup, bootstrap } }: Database): string | undefined {
  const { from = '', destination } = bootstrap?.restore ?? {};
  const own = backup?.enabled ? destinationOf(backup.destination) : undefined;
  const source = destination === undefined ? own && withoutPrefix(own) : destinationOf(destination);
  return backupPlace(source, { namespace, name: from });
}

function databaseOf(database: Database): DatabaseSummary {
  const { spec } = database;
  const { from, backup, targetTime, targetLSN, encryptionSecret } = spec.bootstrap?.restore ?? {};
  const place = restorePlace(database);
  const series = versionOf(spec)?.series;
  const isNamed = [backup, targetTime, targetLSN].some((one) => one !== undefined);
  return {
    engine: spec.engine,
    ...(series !== undefined && { series }),
    storage: spec.storage.size,
    isEncrypted: spec.backup?.encryption?.enabled === true,
    ...(from !== undefined && {
      restore: { from, isNamed, hasKey: encryptionSecret !== undefined, ...(place !== undefined && { place }) },
    }),
  };
}

/** Extracts the part of an object that rules about the whole tree read. */
export function summarize(object: BallastObject): Summary {
  const common = { ...identify(object), references: referencesOf(object) };
  if (object.kind !== 'Database') return common;
  const repository = repositoryOf(object);
  return { ...common, database: databaseOf(object), ...(repository !== undefined && { repository }) };
}

/** Name of the Database of an object's family: its own, or the one that it belongs to. */
export function familyName({ kind, name, references: [database] }: Summary): string | undefined {
  return kind === 'Database' ? name : database?.name;
}
