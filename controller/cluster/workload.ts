import { OWNER, SYSTEM_IDENTIFIER } from '../../database/vocabulary.ts';
import { CLAIM_TEMPLATE } from '../../generator/names.ts';
import { quantityOf } from '../../database/resolve.ts';
import { wholeValue } from '../../database/values/quantity.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../resources.ts';
import type { BackupCron, Claim, Workload } from '../databases/observation.ts';
import { UNREADABLE } from '../databases/observation.ts';
import type { ManagedObjectProjection } from './managed-object.ts';
import { projectManagedObject } from './managed-object.ts';
import { nameIn } from './projection.ts';
import type { JsonObject } from './json-path.ts';
import { dateAt, holdsAt, isAt, listAt, withoutAbsent, read, recordAt, wordAt } from './json-path.ts';
import { intern } from './intern.ts';
import { digits, message, objectName, ordinalOf, whole, word } from './values.ts';

/** What is kept of a StatefulSet. */
export interface StatefulSetProjection extends ManagedObjectProjection {
  /** Absent when it is not the one that has the Database's name. */
  readonly workload?: Workload;
}

/** What is kept of a claim. */
export interface ClaimProjection extends ManagedObjectProjection {
  /** Absent when it is no member's, such as that of backups. */
  readonly claim?: Claim;
}

/** What is kept of a CronJob. */
export interface CronJobProjection extends ManagedObjectProjection {
  readonly cron: BackupCron;
}

/** More members than a StatefulSet of anybody's has. */
const MOST_REPLICAS = 1000;

const childOfStatefulSet = projectManagedObject(RESOURCES.StatefulSet);
const childOfClaim = projectManagedObject(RESOURCES.PersistentVolumeClaim);
const childOfCronJob = projectManagedObject(RESOURCES.CronJob);

/** Keeps what decisions need of a StatefulSet. */
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

/** No disk is larger: 8 EiB. */
const MOST_BYTES = 2n ** 63n;

/** A quantity of the API server's in bytes, rounded up. */
function bytesOf(value: unknown): bigint | undefined {
  const quantity = quantityOf(word(value));
  const bytes = quantity && wholeValue(quantity);
  return bytes !== undefined && bytes >= 0n && bytes <= MOST_BYTES ? bytes : undefined;
}

/** Kubernetes has five. */
const MOST_CONDITIONS = 8;
/** An empty Map of its own for each of many claims would be a quarter of what is kept of it. */
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

/** Whose data a claim holds. A mark that nobody can read is still one: the claim is not free. */
function markIn(
  annotations: JsonObject,
  name: string,
  parse: (value: unknown) => string | undefined,
): string | undefined {
  if (!isAt(annotations, name)) return undefined;
  return intern(read(parse, annotations, name) ?? UNREADABLE);
}

/** Keeps what decisions need of a claim. */
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

/** Keeps what status needs of the backup CronJob. */
export function projectCronJob(raw: KubernetesObject): CronJobProjection | undefined {
  const kept = childOfCronJob(raw);
  if (!kept) return undefined;
  const status = recordAt(raw, 'status');
  const times = withoutAbsent({
    createdAt: dateAt(raw.metadata, 'creationTimestamp'),
    lastScheduledAt: dateAt(status, 'lastScheduleTime'),
    lastSucceededAt: dateAt(status, 'lastSuccessfulTime'),
  });
  const suspended = recordAt(raw, 'spec')['suspend'] === true;
  return { ...kept, cron: { ...times, active: listAt(status, 'active').length, suspended } };
}
