import type { BallastObject, Database, Identity } from '../database/object.ts';
import { identify } from '../database/object.ts';
import type { Path } from '../database/finding.ts';
import type { Destination } from '../database/destination.ts';
import { backupPath, destinationOf, withoutPrefix } from '../database/destination.ts';
import { versionOf } from './versions.ts';

/** A name that an object gives for another of the same namespace. */
export interface Reference {
  readonly path: Path;
  readonly kind: string;
  readonly name: string;
}

/** All that rules about a whole tree need to know of one object: small, so that 10,000 of them are nothing. */
export interface Summary extends Identity {
  /** Of an object that belongs to a Database the first one is that. */
  readonly references: readonly Reference[];
  /** Whether its namespace is not written, but assumed by who reads the files. */
  readonly isAssumed?: true;
  /** Where its backups go, when that is a place that another Database could share. */
  readonly repository?: string;
  /** What a copy of this Database has to agree with. */
  readonly database?: DatabaseSummary;
  /** Whether it is made by the change that is judged; undefined when nothing is compared. */
  readonly isNew?: boolean;
}

/** What the data of a Database are, and what they are first made from. */
export interface DatabaseSummary {
  readonly engine: string;
  /** Release series, for example `16`; undefined when the version is none. */
  readonly series?: string;
  readonly storage: string | number;
  readonly restore?: { readonly from: string; readonly place?: string; readonly isNamed: boolean };
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

/** The place in a bucket of the backups of a Database; undefined for those on a volume. */
function bucketPlace(destination: Destination | undefined, of: Omit<Identity, 'kind'>): string | undefined {
  if (destination?.type !== 's3') return undefined;
  return `${destination.endpoint ?? ''}/${destination.bucket}/${backupPath(destination, of)}`;
}

/** The place of a bucket that a Database writes its backups to; undefined when they go to a volume of their own. */
export function repositoryOf(database: Database): string | undefined {
  const { backup } = database.spec;
  return backup?.enabled ? bucketPlace(destinationOf(backup.destination), identify(database)) : undefined;
}

/** A place in a bucket as a person writes it. */
export function placeText(place: string): string {
  const [endpoint = '', ...path] = place.split('/');
  return `s3://${path.join('/')}${endpoint === '' ? '' : ` at ${endpoint}`}`;
}

/** The place that a Database reads its first data from: as it says, else its own bucket under the name of the source. */
function restorePlace({ metadata: { namespace = '' }, spec: { backup, bootstrap } }: Database): string | undefined {
  const { from = '', destination } = bootstrap?.restore ?? {};
  const own = backup?.enabled ? destinationOf(backup.destination) : undefined;
  const source = destination === undefined ? own && withoutPrefix(own) : destinationOf(destination);
  return bucketPlace(source, { namespace, name: from });
}

function databaseOf(database: Database): DatabaseSummary {
  const { spec } = database;
  const { from, backup, targetTime } = spec.bootstrap?.restore ?? {};
  const place = restorePlace(database);
  const series = versionOf(spec)?.series;
  const isNamed = backup !== undefined || targetTime !== undefined;
  return {
    engine: spec.engine,
    ...(series !== undefined && { series }),
    storage: spec.storage.size,
    ...(from !== undefined && { restore: { from, isNamed, ...(place !== undefined && { place }) } }),
  };
}

/** Draws from an object what the rules about a whole tree look at. */
export function summarize(object: BallastObject): Summary {
  const common = { ...identify(object), references: referencesOf(object) };
  if (object.kind !== 'Database') return common;
  const repository = repositoryOf(object);
  return { ...common, database: databaseOf(object), ...(repository !== undefined && { repository }) };
}

/** Name of the Database whose family an object is in: its own, or the one that it belongs to and refers to first. */
export function familyName({ kind, name, references: [database] }: Summary): string | undefined {
  return kind === 'Database' ? name : database?.name;
}
