import { ENGINES } from '../database/engines/index.ts';
import type { Destination } from '../database/destination.ts';
import { destinationOf } from '../database/destination.ts';
import type { Database, DatabaseSpec } from '../database/object.ts';
import type { Retention } from '../database/resolve.ts';
import { replicasOf, resourcesOf, retentionOf } from '../database/resolve.ts';
import type { Settings } from '../database/types.ts';
import { canonicalQuantity, parseQuantity } from '../database/values/quantity.ts';
import type { Accounts } from './accounts.ts';
import { accountsOf } from './accounts.ts';
import { versionOf } from '../policies/versions.ts';

type Quantities = Readonly<Record<string, string>>;

/** The effective backup settings. */
export interface BackupModel {
  readonly schedule: string;
  readonly timeZone: string;
  readonly retention: Retention;
  readonly destination: Destination;
  readonly isEncrypted: boolean;
  /** Whether a first start begins with the backups, where there are any. */
  readonly recovers: boolean;
  /** The regular proof that backups can be restored. */
  readonly verification?: { readonly schedule: string; readonly sql: readonly string[] };
}

/** A Database with every short form, preset and derived default resolved, as the renderers read it. */
export interface Model {
  readonly name: string;
  readonly namespace: string;
  readonly database: Database;
  readonly accounts: Accounts;
  readonly spec: DatabaseSpec;
  readonly settings: Settings;
  readonly engine: NonNullable<DatabaseSpec['engine']>;
  /** Release series, for example `16` or `8.0`. */
  readonly series: string;
  readonly version: string;
  readonly image: string;
  readonly replicas: number;
  readonly requests: Quantities;
  readonly limits: Quantities;
  readonly storage: { readonly size: string; readonly storageClassName?: string };
  readonly backup?: BackupModel;
  readonly monitoring: boolean;
  readonly alerting: boolean;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Writes a quantity as the API server does. The rules guarantee that the text is a quantity. */
export function canonical(value: string | number): string {
  const result = parseQuantity(String(value));
  if (!result.ok) throw new Error(`quantity ${JSON.stringify(value)} came past the rules`);
  return canonicalQuantity(result.quantity);
}

/** Twice a canonical quantity. */
export function twice(value: string): string {
  const result = parseQuantity(value);
  if (!result.ok) throw new Error(`${JSON.stringify(value)} is no canonical quantity`);
  return canonicalQuantity({ ...result.quantity, nano: result.quantity.nano * 2n });
}

function canonicalAll(values: Readonly<Record<string, string | number>>): Quantities {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, canonical(value)]));
}

function imageOf(engine: Model['engine'], series: string, version: string, { images }: Settings): string {
  const own = images?.[engine] ?? {};
  return own[version] ?? own[series] ?? `ballast/${engine}:${series}`;
}

/** The effective backup settings of a spec; undefined while backups are off. */
export function backupOf({ backup, bootstrap }: DatabaseSpec): BackupModel | undefined {
  if (!backup?.enabled || backup.destination === undefined) return undefined;
  const destination = destinationOf(backup.destination);
  if (!destination) throw new Error('a wrong destination came past the rules');
  return {
    schedule: backup.schedule,
    timeZone: backup.timeZone,
    retention: retentionOf(backup.retention),
    destination,
    isEncrypted: backup.encryption?.enabled === true,
    recovers: bootstrap?.recover === true,
    ...(backup.verify && { verification: { sql: [], ...backup.verify } }),
  };
}

/** The parameters in their canonical spelling, sorted by name, so that the user's spelling and order do not matter. */
function parametersOf(spec: DatabaseSpec): Record<string, string> {
  const names = ENGINES[spec.engine].parameters;
  const entries = Object.entries(spec.parameters ?? {}).map(([name, value]): [string, string] => [
    names.rendered(name),
    String(value),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Resolves a Database. It must have passed the rules, and carry a name and a namespace. */
export function modelOf(database: Database, settings: Settings): Model {
  const { metadata, spec } = database;
  const { engine } = spec;
  const known = versionOf(spec);
  if (!known || metadata.name === undefined || metadata.namespace === undefined) {
    throw new Error('a Database without name, namespace or known version came past the rules');
  }
  const { requests, limits } = resourcesOf(spec);
  const storageClassName = spec.storage.storageClassName ?? settings.storageClassName;
  const backup = backupOf(spec);
  const monitoring = spec.monitoring?.enabled ?? settings.monitoring;
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    database,
    accounts: accountsOf(database),
    spec,
    settings,
    engine,
    series: known.series,
    version: known.text,
    image: imageOf(engine, known.series, known.text, settings),
    replicas: replicasOf(spec),
    requests: canonicalAll(requests),
    limits: canonicalAll(limits),
    storage: { size: canonical(spec.storage.size), ...(storageClassName !== undefined && { storageClassName }) },
    ...(backup && { backup }),
    monitoring,
    alerting: monitoring && (spec.monitoring?.alerting ?? true),
    parameters: parametersOf(spec),
  };
}
