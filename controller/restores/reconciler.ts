import type { DatabaseRestoreStatus } from '../../database/types.ts';
import type { DatabaseRestoreProjection } from '../cluster/database-restore.ts';
import { restoreOfDatabase } from '../cluster/database-restore.ts';
import { withoutAbsent } from '../cluster/json-path.ts';
import type { Observation } from '../databases/observation.ts';
import type { RestoreOfDatabase } from '../databases/observed-backups.ts';
import type { LookOptions } from '../databases/observe/observe.ts';
import { look as lookAtDatabase } from '../databases/observe/observe.ts';
import { Recent } from '../databases/observe/recent.ts';
import { hasEnded } from '../databases/state/restores.ts';
import { RESOURCES } from '../resources.ts';
import type { PacingClock } from '../runtime/pacing.ts';
import { Progress } from '../runtime/progress.ts';
import type { Look, LookResult, Reconciler, StoredObject } from '../runtime/reconciler.ts';
import { eventsOfStatus } from './event-messages.ts';
import { restoreStatus } from './status.ts';

/** The observation of a DatabaseRestore: itself, and its Database; absent without one. */
export interface RestoreLook extends Look {
  readonly restore: RestoreOfDatabase;
  readonly seen?: Observation;
}

/** Dependencies of the reconciler of DatabaseRestores. */
export interface RestoreReconcilerOptions {
  readonly clock: PacingClock;
  readonly looking: LookOptions;
}

/** More DatabaseRestores than are in work at a time; a lost memory costs nothing. */
const MOST_REMEMBERED = 256;
/** Members say what a restore waits for in annotations of their pods, which are not followed for it. */
const LOOK_SECONDS = 10;

function storedRestore(kept: DatabaseRestoreProjection): StoredObject {
  const { namespace, name, uid, resourceVersion, generation, status } = kept;
  return {
    key: `${namespace}/${name}`,
    namespace,
    name,
    uid,
    resourceVersion,
    generation,
    ...withoutAbsent({ status }),
  };
}

/**
 * The reconciler of DatabaseRestores keeps their status, and does nothing else: the Database's own operation does the work
 * (controller/databases/operations/restore.ts).
 */
export function restoreReconciler({
  clock,
  looking,
}: RestoreReconcilerOptions): Reconciler<RestoreLook, never, DatabaseRestoreStatus> {
  const { databaseRestores } = looking.watches;
  const progresses = new Recent<Progress>(MOST_REMEMBERED);
  const look = (key: string, now: Date): LookResult<RestoreLook> => {
    const kept = databaseRestores.get(key);
    if (!kept) return { is: 'gone' };
    const database = lookAtDatabase(kept.owner, looking, now);
    if (database.is === 'not known yet') return database;
    const progress = progresses.of(kept.uid, () => new Progress(clock));
    const seen = database.is === 'seen' ? { seen: database.look.seen } : {};
    return {
      is: 'seen',
      look: { object: storedRestore(kept), progress, restore: restoreOfDatabase(kept, now), ...seen },
    };
  };
  return {
    resource: RESOURCES.DatabaseRestore,
    look,
    decide: ({ restore, seen }, now) => {
      const status = restoreStatus(restore, seen, now);
      return { status, ...(!hasEnded({ status }) && { lookAgainAfterSeconds: LOOK_SECONDS }) };
    },
    act: () => Promise.reject(new Error('a DatabaseRestore has no steps')),
    mannerOf: () => 'writes',
    subjectOf: () => '',
    eventOfStep: () => undefined,
    eventOfFailure: (_, problem) => ({ type: 'Warning', reason: 'ActionFailed', action: 'Restore', note: problem }),
    eventsOfStatus,
    versionOf: (key) => databaseRestores.get(key)?.resourceVersion,
    stored: (key) => {
      const kept = databaseRestores.get(key);
      return kept && storedRestore(kept);
    },
    // The memory is bounded, and of one uid.
    forget: () => undefined,
  };
}
