import { MADE_FROM } from '../../database/vocabulary.ts';
import { names } from '../../generator/names.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../resources.ts';
import { intern } from './intern.ts';
import { holdsAt, listAt, read, withoutAbsent } from './json-path.ts';
import type { ManagedObjectProjection } from './managed-object.ts';
import { managedObjectProjectionOf } from './managed-object.ts';
import { ownerOf } from './projection.ts';
import { identity, message, word } from './values.ts';

/** What the CronJob of a DatabaseBackup with a schedule says of that. */
export interface ScheduleProjection {
  /** Uid of the DatabaseBackup. */
  readonly madeFor: string;
  /** The fingerprint of what the controller applied last. */
  readonly madeFrom?: string;
  readonly schedule?: string;
  readonly timeZone?: string;
}

const END = names.backupSchedule('');
const { kind: KIND } = RESOURCES.DatabaseBackup;

/** The key of the DatabaseBackup after which the CronJob with this key is named; undefined for other CronJobs. */
export function backupOfSchedule(key: string): string | undefined {
  return key.endsWith(END) ? key.slice(0, -END.length) : undefined;
}

/** The key of the CronJob of a DatabaseBackup with a schedule. */
export function scheduleKey(namespace: string, backup: string): string {
  return keyOf({ namespace, name: names.backupSchedule(backup) });
}

/** Uid of the DatabaseBackup that a CronJob belongs to, and is named after; undefined for other CronJobs. */
export function makerOfSchedule({ metadata }: KubernetesObject): string | undefined {
  const backup = backupOfSchedule(metadata.name);
  const owners = listAt(metadata, 'ownerReferences');
  const maker = owners.find(
    (one) => holdsAt(KIND, one, 'kind') && backup !== undefined && holdsAt(backup, one, 'name'),
  );
  return maker === undefined ? undefined : read(identity, maker, 'uid');
}

/** Reads the schedule in the CronJob of a DatabaseBackup; undefined for any other CronJob. */
export function scheduleIn(raw: KubernetesObject): ScheduleProjection | undefined {
  const madeFor = makerOfSchedule(raw);
  if (madeFor === undefined) return undefined;
  const madeFrom = read(word, raw.metadata, 'annotations', MADE_FROM);
  // Texts: a schedule has spaces.
  const [schedule, timeZone] = ['schedule', 'timeZone'].map((field) => read(message, raw['spec'], field));
  return { madeFor, ...withoutAbsent({ madeFrom, schedule, timeZone }) };
}

/** Projects the CronJob of a DatabaseBackup to its identity: its name says nothing about the Database. */
export function projectSchedule(raw: KubernetesObject): ManagedObjectProjection | undefined {
  const owner = ownerOf(raw);
  if (owner === undefined) return undefined;
  const { uid, resourceVersion } = raw.metadata;
  const kept = { uid: identity(uid), resourceVersion: identity(resourceVersion), owner: intern(owner) };
  return managedObjectProjectionOf(kept, raw, '');
}
