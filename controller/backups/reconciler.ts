import type { DatabaseBackupStatus } from '../../database/types.ts';
import { names } from '../../generator/names.ts';
import type { Api } from '../../kubernetes/api.ts';
import { Recent } from '../databases/observe/recent.ts';
import type { LookOptions } from '../databases/observe/observe.ts';
import { RESOURCES } from '../resources.ts';
import type { PacingClock } from '../runtime/pacing.ts';
import { Progress } from '../runtime/progress.ts';
import type { Reconciler } from '../runtime/reconciler.ts';
import { actOn } from './act.ts';
import { decideBackup } from './decide.ts';
import { eventOfFailure, eventOfStep, eventsOfStatus, objectOf } from './event-messages.ts';
import type { BackupStep } from './observation.ts';
import type { BackupLook, BackupMemory } from './observe.ts';
import { lookAtBackup, storedBackup } from './observe.ts';
import { outcomeOf } from './outcome.ts';

/** Dependencies of the reconciler of DatabaseBackups. */
export interface BackupReconcilerOptions {
  readonly api: Pick<Api, 'get' | 'create' | 'patch' | 'delete'>;
  readonly clock: PacingClock;
  readonly looking: LookOptions;
}

/** More DatabaseBackups than are in work at a time; a lost memory costs a pause between two tries. */
const MOST_REMEMBERED = 1024;

/** The reconciler of DatabaseBackups. */
export function backupReconciler({
  api,
  clock,
  looking: options,
}: BackupReconcilerOptions): Reconciler<BackupLook, BackupStep, DatabaseBackupStatus> {
  const { watches } = options;
  const recent = new Recent<BackupMemory>(MOST_REMEMBERED);
  const makeMemory = (): BackupMemory => ({ progress: new Progress(clock), isJobAbsent: false });
  const looking = { ...options, recent, makeMemory };
  return {
    resource: RESOURCES.DatabaseBackup,
    look: (key, now) => lookAtBackup(key, looking, now),
    complete: async ({ seen, remembered, object: { namespace, name } }, now) => {
      if (seen.schedule || outcomeOf(seen, now).is !== 'missing') return false;
      const job = await api.get(RESOURCES.Job, { namespace, name: names.backupRun(name) });
      remembered.isJobAbsent = job === undefined;
      return remembered.isJobAbsent;
    },
    decide: ({ seen }, now) => decideBackup(seen, now),
    act: (step, { seen }) => actOn(step, seen, { api, looking }),
    mannerOf: () => 'writes',
    subjectOf: (step) => `${step.do} ${objectOf(step)}`,
    eventOfStep: ({ step, because = '' }) => eventOfStep(step, because),
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
