import { names } from '../../generator/names.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../resources.ts';
import { intern } from './intern.ts';
import { holdsAt, listAt, read, withoutAbsent, wordAt } from './json-path.ts';
import type { Projection } from './projection.ts';
import { ownerOf } from './projection.ts';
import { identity, message, time } from './values.ts';

/** The stored part of the Job of a requested backup. Times are in milliseconds. */
export interface JobProjection extends Projection {
  readonly name: string;
  /** Uid of the DatabaseBackup that it was made for; absent for a Job of another maker. */
  readonly madeFor?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Absent while it goes on. */
  readonly outcome?: 'succeeded' | 'failed';
  /** Kubernetes' reason of the failure. */
  readonly reason?: string;
  readonly message?: string;
}

const END = names.backupRun('');

/** The key of the DatabaseBackup after which the Job with this key is named. */
export function backupOfJob(key: string): string {
  return key.slice(0, -END.length);
}

function outcomeIn(raw: KubernetesObject): Pick<JobProjection, 'outcome' | 'endedAt' | 'reason' | 'message'> {
  const conditions = listAt(raw['status'], 'conditions').filter((one) => holdsAt('True', one, 'status'));
  const failed = conditions.find((one) => holdsAt('Failed', one, 'type'));
  const complete = conditions.find((one) => holdsAt('Complete', one, 'type'));
  const last = failed ?? complete;
  if (!last) return {};
  const endedAt = read(time, raw['status'], 'completionTime') ?? read(time, last, 'lastTransitionTime');
  if (!failed) return { outcome: 'succeeded', ...withoutAbsent({ endedAt }) };
  const why = { reason: wordAt(failed, 'reason'), message: read(message, failed, 'message') };
  return { outcome: 'failed', ...withoutAbsent({ endedAt, ...why }) };
}

/** Projects the Job of a requested backup; skips all other Jobs of a Database, such as those of its schedule. */
export function projectJob(raw: KubernetesObject): JobProjection | undefined {
  const owner = ownerOf(raw);
  const { name, uid, resourceVersion } = raw.metadata;
  if (owner === undefined || !name.endsWith(END)) return undefined;
  const { kind } = RESOURCES.DatabaseBackup;
  const backup = name.slice(0, -END.length);
  const owners = listAt(raw.metadata, 'ownerReferences');
  const maker = owners.find((one) => holdsAt(kind, one, 'kind') && holdsAt(backup, one, 'name'));
  return {
    uid: identity(uid),
    resourceVersion: identity(resourceVersion),
    owner: intern(owner),
    name,
    ...outcomeIn(raw),
    ...withoutAbsent({
      madeFor: maker === undefined ? undefined : read(identity, maker, 'uid'),
      startedAt: read(time, raw['status'], 'startTime') ?? read(time, raw.metadata, 'creationTimestamp'),
    }),
  };
}

/** The key of a Job as the watch stores it. */
export function jobKey(namespace: string, backup: string): string {
  return keyOf({ namespace, name: names.backupRun(backup) });
}
