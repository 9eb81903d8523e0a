import type { Api } from '../../kubernetes/api.ts';
import { ApiError } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import { makerOfSchedule } from '../cluster/backup-schedule.ts';
import { jobKey } from '../cluster/job.ts';
import { seenAtVersion, seenChanged } from '../databases/acts/action.ts';
import type { LookOptions } from '../databases/observe/observe.ts';
import { FIELD_MANAGER } from '../databases/observe/first-contact.ts';
import { RESOURCES } from '../resources.ts';
import type { StepEffect } from '../runtime/progress.ts';
import type { ApplyCronJob, BackupSeen, BackupStep, DeleteCronJob, DeleteJob } from './observation.ts';
import { cronJobFor, jobFor } from './rendered.ts';

/** What acts on DatabaseBackups need. */
export interface BackupActContext {
  readonly api: Pick<Api, 'get' | 'create' | 'patch' | 'delete'>;
  readonly looking: LookOptions;
}

const { CronJob, Job } = RESOURCES;
const CONFLICT = 409;

/** The uid of the CronJob under the name, where it is the DatabaseBackup's own; undefined when there is none. Another one is left alone. */
function ownUid(there: KubernetesObject | undefined, { own }: BackupSeen): string | undefined {
  if (!there) return undefined;
  if (makerOfSchedule(there) === own.uid) return there.metadata.uid;
  const message = `the CronJob ${there.metadata.name} is not of this backup: take it away, or choose another name`;
  throw new ApiError({ code: CONFLICT, reason: 'AlreadyExists' }, message);
}

async function applyCronJob(
  { cronJob: name, uid: known }: ApplyCronJob,
  seen: BackupSeen,
  { api, looking }: BackupActContext,
): Promise<StepEffect> {
  const { own, database } = seen;
  const wanted = database && cronJobFor(own, database.own, looking.settings);
  if (!wanted) throw new Error(`a schedule that may not run came past the gates: ${own.name}`);
  const place = { namespace: own.namespace, name };
  const uid = known ?? ownUid(await api.get(CronJob, place), seen);
  const body = uid === undefined ? wanted : { ...wanted, metadata: { ...wanted.metadata, uid } };
  // Conflicts are forced only on an object that is known to be the DatabaseBackup's.
  const patch = { type: 'apply', body, fieldManager: FIELD_MANAGER, force: uid !== undefined } as const;
  const before = looking.watches.cronJobs.get(keyOf(place));
  const object = await api.patch(CronJob, place, patch);
  const isIdle = before?.resourceVersion === object.metadata.resourceVersion;
  return { ...seenAtVersion({ looking }, CronJob, object), isIdle };
}

/** Deletes what makes backups, with its Jobs and their pods: they back up what is going, or gone. */
async function remove(
  { uid, resourceVersion, ...step }: DeleteCronJob | DeleteJob,
  { own: { namespace } }: BackupSeen,
  { api, looking }: BackupActContext,
): Promise<StepEffect> {
  const [resource, name] = step.do === 'delete-job' ? [Job, step.job] : [CronJob, step.cronJob];
  await api.delete(resource, { namespace, name }, { uid, resourceVersion, propagation: 'Background' });
  return seenChanged({ looking }, resource, { namespace, name, uid, resourceVersion });
}

/** Does one step for a DatabaseBackup. */
export async function actOn(step: BackupStep, seen: BackupSeen, context: BackupActContext): Promise<StepEffect> {
  const { api, looking } = context;
  const { watches, settings } = looking;
  switch (step.do) {
    case 'create-job': {
      await api.create(Job, jobFor(seen, settings));
      const key = jobKey(seen.own.namespace, seen.own.name);
      return { isSeen: () => watches.jobs.get(key) !== undefined };
    }
    case 'apply-cron-job':
      return applyCronJob(step, seen, context);
    case 'delete-job':
    case 'delete-cron-job':
      return remove(step, seen, context);
  }
}
