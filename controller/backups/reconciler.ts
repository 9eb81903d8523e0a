import { API_VERSION } from '../../database/schema/common.ts';
import type { DatabaseBackupStatus, Settings } from '../../database/types.ts';
import { OWNER } from '../../database/vocabulary.ts';
import { renderBackup } from '../../generator/render.ts';
import { names } from '../../generator/names.ts';
import type { Api } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { Recent } from '../databases/observe/recent.ts';
import type { LookOptions } from '../databases/observe/observe.ts';
import { RESOURCES } from '../resources.ts';
import type { PacingClock } from '../runtime/pacing.ts';
import type { StepEffect } from '../runtime/progress.ts';
import { Progress } from '../runtime/progress.ts';
import type { Reconciler } from '../runtime/reconciler.ts';
import { jobKey } from '../cluster/job.ts';
import { decideBackup } from './decide.ts';
import { eventOfFailure, eventOfStep, eventsOfStatus } from './event-messages.ts';
import type { BackupSeen, BackupStep } from './observation.ts';
import type { BackupLook, BackupMemory } from './observe.ts';
import { lookAtBackup, storedBackup } from './observe.ts';
import { outcomeOf } from './outcome.ts';

/** Dependencies of the reconciler of DatabaseBackups. */
export interface BackupReconcilerOptions {
  readonly api: Pick<Api, 'get' | 'create'>;
  readonly clock: PacingClock;
  readonly looking: LookOptions;
}

/** More DatabaseBackups than are in work at a time; a lost memory costs a pause between two tries. */
const MOST_REMEMBERED = 1024;

/** The Job of a requested backup, which goes with its DatabaseBackup. */
function jobFor({ own, database }: BackupSeen, settings: Settings): KubernetesObject {
  const { name, uid, spec } = own;
  const { type, keepForever } = spec;
  if (!database || type === 'differential') throw new Error(`a backup that may not run came past the gates: ${name}`);
  const job = renderBackup(database.own.database, settings, { name, type, keepForever });
  if (!job) throw new Error(`backups of ${database.own.database.metadata.name ?? ''} are off`);
  const { kind } = RESOURCES.DatabaseBackup;
  const metadata = job['metadata'] as unknown as KubernetesObject['metadata'];
  return {
    ...job,
    metadata: {
      ...metadata,
      annotations: { [OWNER]: database.own.uid },
      ownerReferences: [{ apiVersion: API_VERSION, kind, name, uid, controller: true }],
    },
  };
}

/** The reconciler of DatabaseBackups. */
export function backupReconciler({
  api,
  clock,
  looking: options,
}: BackupReconcilerOptions): Reconciler<BackupLook, BackupStep, DatabaseBackupStatus> {
  const { watches, settings } = options;
  const recent = new Recent<BackupMemory>(MOST_REMEMBERED);
  const makeMemory = (): BackupMemory => ({ progress: new Progress(clock), isJobAbsent: false });
  const looking = { ...options, recent, makeMemory };
  return {
    resource: RESOURCES.DatabaseBackup,
    look: (key, now) => lookAtBackup(key, looking, now),
    complete: async ({ seen, remembered, object: { namespace, name } }, now) => {
      if (outcomeOf(seen, now).is !== 'missing') return false;
      const job = await api.get(RESOURCES.Job, { namespace, name: names.backupRun(name) });
      remembered.isJobAbsent = job === undefined;
      return remembered.isJobAbsent;
    },
    decide: ({ seen }, now) => decideBackup(seen, now),
    act: async (_, { seen, object: { namespace, name } }): Promise<StepEffect> => {
      await api.create(RESOURCES.Job, jobFor(seen, settings));
      const key = jobKey(namespace, name);
      return { isSeen: () => watches.jobs.get(key) !== undefined };
    },
    mannerOf: () => 'writes',
    subjectOf: ({ do: what, job }) => `${what} ${job}`,
    eventOfStep: ({ step }) => eventOfStep(step),
    eventOfFailure,
    eventsOfStatus,
    versionOf: (key) => watches.databaseBackups.get(key)?.resourceVersion,
    stored: (key) => {
      const kept = watches.databaseBackups.get(key);
      return kept && storedBackup(kept);
    },
    // The memory is bounded, and of one uid.
    forget: () => undefined,
  };
}
