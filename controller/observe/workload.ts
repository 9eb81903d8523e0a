import { CLAIM_TEMPLATE } from '../../generator/names.ts';
import { quantityOf } from '../../database/resolve.ts';
import { wholeValue } from '../../database/values/quantity.ts';
import type { KubernetesObject } from '../kubernetes/objects.ts';
import { RESOURCES } from '../kubernetes/resources.ts';
import type { BackupCron, Claim, Workload } from '../observation.ts';
import type { ChildKept } from './child.ts';
import { OWNER, SYSTEM_IDENTIFIER } from '../annotations.ts';
import { projectChild } from './child.ts';
import { nameIn, ordinalOf } from './kept.ts';
import { dateAt, listAt, present, recordAt, textAt, wholeAt, wordAt } from './raw.ts';

/** What is kept of a StatefulSet. */
export interface WorkloadKept extends ChildKept {
  /** Absent when it is not the one that has the Database's name. */
  readonly workload?: Workload;
}

/** What is kept of a claim. */
export interface ClaimKept extends ChildKept {
  /** Absent when it is no member's, such as that of backups. */
  readonly claim?: Claim;
}

/** What is kept of a CronJob. */
export interface CronKept extends ChildKept {
  readonly cron: BackupCron;
}

const childOfStatefulSet = projectChild(RESOURCES.StatefulSet);
const childOfClaim = projectChild(RESOURCES.PersistentVolumeClaim);
const childOfCronJob = projectChild(RESOURCES.CronJob);

/** Keeps what decisions need of a StatefulSet. */
export function projectStatefulSet(raw: KubernetesObject): WorkloadKept | undefined {
  const kept = childOfStatefulSet(raw);
  if (kept?.name !== nameIn(kept?.owner ?? '')) return kept;
  const workload: Workload = {
    uid: kept.uid,
    resourceVersion: kept.resourceVersion,
    generation: raw.metadata.generation ?? 0,
    observedGeneration: wholeAt(raw['status'], 'observedGeneration') ?? 0,
    replicas: wholeAt(raw['spec'], 'replicas') ?? 1,
    deleting: kept.deleting,
    ...present({
      updateRevision: textAt(raw['status'], 'updateRevision'),
      account: wordAt(raw['spec'], 'template', 'spec', 'serviceAccountName'),
    }),
  };
  return { ...kept, workload };
}

/** A quantity of the API server's in bytes, rounded up. */
function bytesOf(text: string | undefined): bigint | undefined {
  const quantity = quantityOf(text);
  return quantity && wholeValue(quantity);
}

/** An empty Map of its own for each of many claims would be a quarter of what is kept of it. */
const NO_CONDITIONS: ReadonlyMap<string, string> = new Map();

function conditionsOf(raw: KubernetesObject): ReadonlyMap<string, string> {
  const held = listAt(raw['status'], 'conditions').filter((condition) => textAt(condition, 'status') === 'True');
  if (held.length === 0) return NO_CONDITIONS;
  return new Map(held.map((condition) => [textAt(condition, 'type') ?? '', textAt(condition, 'message') ?? '']));
}

/** Keeps what decisions need of a claim. */
export function projectClaim(raw: KubernetesObject): ClaimKept | undefined {
  const kept = childOfClaim(raw);
  const ordinal = kept && ordinalOf(raw.metadata.name, `${CLAIM_TEMPLATE}-${nameIn(kept.owner)}`);
  if (!kept || ordinal === undefined) return kept;
  const { annotations = {} } = raw.metadata;
  const claim: Claim = {
    name: raw.metadata.name,
    ordinal,
    uid: kept.uid,
    resourceVersion: kept.resourceVersion,
    requested: bytesOf(textAt(raw['spec'], 'resources', 'requests', 'storage')) ?? 0n,
    deleting: kept.deleting,
    conditions: conditionsOf(raw),
    ...present({
      capacity: bytesOf(textAt(raw['status'], 'capacity', 'storage')),
      storageClassName: wordAt(raw['spec'], 'storageClassName'),
      owner: wordAt(annotations, OWNER),
      systemIdentifier: wordAt(annotations, SYSTEM_IDENTIFIER),
    }),
  };
  return { ...kept, claim };
}

/** Keeps what status needs of the backup CronJob. */
export function projectCronJob(raw: KubernetesObject): CronKept | undefined {
  const kept = childOfCronJob(raw);
  if (!kept) return undefined;
  const status = recordAt(raw, 'status');
  const times = present({
    createdAt: dateAt(raw.metadata, 'creationTimestamp'),
    lastScheduledAt: dateAt(status, 'lastScheduleTime'),
    lastSucceededAt: dateAt(status, 'lastSuccessfulTime'),
  });
  return { ...kept, cron: { ...times, active: listAt(status, 'active').length } };
}
