import { OWNER, SYSTEM_IDENTIFIER } from '../../database/vocabulary.ts';
import { CLAIM_TEMPLATE } from '../../generator/names.ts';
import { quantityOf } from '../../database/resolve.ts';
import { wholeValue } from '../../database/values/quantity.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../resources.ts';
import type { ScheduleProjection } from './backup-schedule.ts';
import { projectSchedule, scheduleIn } from './backup-schedule.ts';
import type { Claim, Workload } from '../databases/observation.ts';
import type { BackupCron } from '../databases/observed-backups.ts';
import { UNREADABLE } from '../databases/observation.ts';
import type { ManagedObjectProjection } from './managed-object.ts';
import { projectManagedObject } from './managed-object.ts';
import { nameIn } from './projection.ts';
import type { JsonObject } from './json-path.ts';
import { dateAt, holdsAt, isAt, listAt, withoutAbsent, read, recordAt, wordAt } from './json-path.ts';
import { intern } from './intern.ts';
import { digits, message, objectName, ordinalOf, whole, word } from './values.ts';

/** The stored part of a StatefulSet. */
export interface StatefulSetProjection extends ManagedObjectProjection {
  /** Absent unless it has the Database's name. */
  readonly workload?: Workload;
}

/** The stored part of a claim. */
export interface ClaimProjection extends ManagedObjectProjection {
  /** Absent unless it is a member's; the claim of backups is not. */
  readonly claim?: Claim;
}

/** The stored part of a CronJob. */
export interface CronJobProjection extends ManagedObjectProjection {
  readonly cron: BackupCron;
  /** Of a DatabaseBackup with a schedule. */
  readonly ofBackup?: ScheduleProjection;
}

/** More members than any real StatefulSet has. */
const MOST_REPLICAS = 1000;

const childOfStatefulSet = projectManagedObject(RESOURCES.StatefulSet);
const childOfClaim = projectManagedObject(RESOURCES.PersistentVolumeClaim);
const childOfCronJob = projectManagedObject(RESOURCES.CronJob);

/** Projects a StatefulSet to the part that decisions read. */
export function projectStatefulSet(raw: KubernetesObject): StatefulSetProjection | undefined {
  const kept = childOfStatefulSet(raw);
  if (kept?.name !== nameIn(kept?.owner ?? '')) return kept;
  const workload: Workload = {
    uid: kept.uid,
    resourceVersion: kept.resourceVersion,
    generation: whole(raw.metadata.generation) ?? 0,
    observedGeneration: read(whole, raw['status'], 'observedGeneration') ?? 0,
    replicas: Math.min(read(whole, raw['spec'], 'replicas') ?? 1, MOST_REPLICAS),
    deleting: kept.deleting,
    ...withoutAbsent({
      updateRevision: read(word, raw['status'], 'updateRevision'),
      account: read(objectName, raw['spec'], 'template', 'spec', 'serviceAccountName'),
    }),
  };
  return { ...kept, workload };
}

/** The maximum size of a volume: 8 EiB. */
const MOST_BYTES = 2n ** 63n;

/** Parses the API server's quantity into bytes, rounded up. */
function bytesOf(value: unknown): bigint | undefined {
  const quantity = quantityOf(word(value));
  const bytes = quantity && wholeValue(quantity);
  return bytes !== undefined && bytes >= 0n && bytes <= MOST_BYTES ? bytes : undefined;
}

/** Kubernetes defines five. */
const MOST_CONDITIONS = 8;
/** Shared, because an empty Map for each of many claims would be a quarter of their memory. */
const NO_CONDITIONS: ReadonlyMap<string, string> = new Map();

function conditionsOf(raw: KubernetesObject): ReadonlyMap<string, string> {
  const held = listAt(raw['status'], 'conditions').filter((condition) => holdsAt('True', condition, 'status'));
  if (held.length === 0) return NO_CONDITIONS;
  const told = held.slice(0, MOST_CONDITIONS).flatMap((condition): [string, string][] => {
    const type = read(word, condition, 'type');
    return type === undefined ? [] : [[type, read(message, condition, 'message') ?? '']];
  });
  return new Map(told);
}

/** The owner's mark on a claim. An unreadable mark still counts as one: the claim is not free. */
function markIn(
  annotations: JsonObject,
  name: string,
  parse: (value: unknown) => string | undefined,
): string | undefined {
  if (!isAt(annotations, name)) return undefined;
  return intern(read(parse, annotations, name) ?? UNREADABLE);
}

/** Projects a claim to the part that decisions read. */
export function projectClaim(raw: KubernetesObject): ClaimProjection | undefined {
  const kept = childOfClaim(raw);
  const ordinal = kept && ordinalOf(raw.metadata.name, `${CLAIM_TEMPLATE}-${nameIn(kept.owner)}`);
  if (!kept || ordinal === undefined) return kept;
  const annotations = recordAt(raw.metadata, 'annotations');
  const claim: Claim = {
    name: raw.metadata.name,
    ordinal,
    uid: kept.uid,
    resourceVersion: kept.resourceVersion,
    requested: read(bytesOf, raw['spec'], 'resources', 'requests', 'storage') ?? 0n,
    deleting: kept.deleting,
    conditions: conditionsOf(raw),
    ...withoutAbsent({
      capacity: read(bytesOf, raw['status'], 'capacity', 'storage'),
      storageClassName: wordAt(raw['spec'], 'storageClassName'),
      owner: markIn(annotations, OWNER, word),
      systemIdentifier: markIn(annotations, SYSTEM_IDENTIFIER, digits),
    }),
  };
  return { ...kept, claim };
}

/** Projects a CronJob of backups, or of their verification, to the part that decisions read. */
export function projectCronJob(raw: KubernetesObject): CronJobProjection | undefined {
  const ofBackup = scheduleIn(raw);
  const kept = ofBackup ? projectSchedule(raw) : childOfCronJob(raw);
  if (!kept) return undefined;
  const status = recordAt(raw, 'status');
  const times = withoutAbsent({
    createdAt: dateAt(raw.metadata, 'creationTimestamp'),
    lastScheduledAt: dateAt(status, 'lastScheduleTime'),
    lastSucceededAt: dateAt(status, 'lastSuccessfulTime'),
  });
  const suspended = recordAt(raw, 'spec')['suspend'] === true;
  return {
    ...kept,
    cron: { ...times, active: listAt(status, 'active').length, suspended },
    ...withoutAbsent({ ofBackup }),
  };
}
