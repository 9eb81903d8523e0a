import { API_VERSION } from '../../database/schema/common.ts';
import type { DatabaseBackup, DatabaseBackupStatus } from '../../database/types.ts';
import { backupKind } from '../../database/schema/operations.ts';
import { applyDefaults } from '../../database/defaults.ts';
import { backupNames } from '../../generator/backup-names.ts';
import { names } from '../../generator/names.ts';
import { repositoryOf } from '../../generator/repository.ts';
import { checkValue } from '../../policies/check.ts';
import { keyOf, nameOf } from '../../kubernetes/objects.ts';
import { scheduleKey } from '../cluster/backup-schedule.ts';
import type { DatabaseBackupProjection } from '../cluster/database-backup.ts';
import { hasEnded } from '../cluster/database-backup.ts';
import { unpackStatus } from '../cluster/packed-status.ts';
import { problemsIn } from '../cluster/database.ts';
import { jobKey } from '../cluster/job.ts';
import { withoutAbsent } from '../cluster/json-path.ts';
import type { DatabaseAtRest, LookOptions } from '../databases/observe/observe.ts';
import { backupListOf, scheduledRunOf } from '../databases/observe/backups.ts';
import { databaseAtRest } from '../databases/observe/observe.ts';
import type { Recent } from '../databases/observe/recent.ts';
import type { Progress } from '../runtime/progress.ts';
import type { Look, LookResult, StoredObject } from '../runtime/reconciler.ts';
import { renderedFrom } from '../databases/observe/rendering.ts';
import type { BackupObject, BackupSeen, DatabaseOfBackup, ScheduleSeen, WantedSchedule } from './observation.ts';
import { cronJobFor, wantedIn } from './rendered.ts';

/** The memory of a DatabaseBackup between passes. All of it may be lost. */
export interface BackupMemory {
  readonly progress: Progress;
  /** Whether the API server was asked for the Job, and had none. */
  isJobAbsent: boolean;
  /** The CronJob that a schedule asks for, and what it was worked out from. */
  wanted?: { readonly of: string; readonly schedule: WantedSchedule | undefined };
}

/** The observation of a DatabaseBackup, and its memory. */
export interface BackupLook extends Look {
  readonly seen: BackupSeen;
  readonly remembered: BackupMemory;
}

/** Dependencies of one look at a DatabaseBackup. */
export interface BackupLookOptions extends LookOptions {
  readonly recent: Recent<BackupMemory>;
  readonly makeMemory: () => BackupMemory;
}

/** A DatabaseBackup as the runtime handles it. */
export function storedBackup(kept: DatabaseBackupProjection): StoredObject {
  const { namespace, name, uid, resourceVersion, generation, status: packed } = kept;
  const status = packed === undefined ? undefined : unpackStatus(packed);
  const key = `${namespace}/${name}`;
  return { key, namespace, name, uid, resourceVersion, generation, ...withoutAbsent({ status }) };
}

interface Remembering {
  readonly looking: LookOptions;
  readonly remembered: BackupMemory;
}

/** Whether a request still waits for its Job; one that only a person can help is passed over. */
function isWaiting({ watches }: LookOptions, other: DatabaseBackupProjection): boolean {
  if (hasEnded(other) || other.recorded !== undefined || other.deleting) return false;
  if (other.isStalled || other.isScheduled) return false;
  return watches.jobs.get(jobKey(other.namespace, other.name)) === undefined;
}

/** Whether a request is older than another, of several of one second that of the first name. */
function isOlder(one: DatabaseBackupProjection, than: DatabaseBackupProjection): boolean {
  if (one.createdAt !== than.createdAt) return one.createdAt < than.createdAt;
  return one.name < than.name;
}

/** What is backed up now, or goes first: the repository takes one backup at a time. The first one in it goes before all others. */
function busyWith(kept: DatabaseBackupProjection, first: string | undefined, looking: LookOptions): string | undefined {
  const { watches } = looking;
  const { owner, name, namespace } = kept;
  const own = names.backupRun(name);
  const running = watches.jobs.indexed(owner).find((job) => job.outcome === undefined && job.name !== own);
  if (running) return `the Job ${running.name} goes on`;
  const cron = watches.cronJobs.get(`${namespace}/${names.backup(nameOf(owner).name)}`)?.cron;
  if (cron && cron.active > 0) return 'a scheduled one goes on';
  const scheduled = scheduledRunOf(watches, owner);
  if (scheduled) return `one of the CronJob ${scheduled.name} goes on`;
  const goesFirst = (other: DatabaseBackupProjection): boolean =>
    other.name !== name && name !== first && (other.name === first || isOlder(other, kept));
  const before = watches.databaseBackups.indexed(owner).find((other) => goesFirst(other) && isWaiting(looking, other));
  return before && `${before.name} goes first`;
}

function databaseOf(
  kept: DatabaseBackupProjection,
  { own, problems, control }: DatabaseAtRest,
  looking: LookOptions,
): DatabaseOfBackup {
  const { watches } = looking;
  const isInvalid = problems.length > 0;
  const repository = isInvalid ? undefined : repositoryOf(own.database);
  const first = repository === undefined ? undefined : backupNames.first(nameOf(kept.owner).name, repository);
  const firstObject = first === undefined ? undefined : watches.databaseBackups.get(`${kept.namespace}/${first}`);
  return {
    own,
    isInvalid,
    canBackUp: control.facts.can.backsUp,
    firstHasEnded: firstObject !== undefined && hasEnded(firstObject),
    ...withoutAbsent({ repository, first, busyWith: busyWith(kept, first, looking) }),
  };
}

/** The object with its defaults, and the rules that it breaks. An object whose backup was made before a rule is not judged again. */
function checked(
  kept: DatabaseBackupProjection,
  status: DatabaseBackupStatus | undefined,
  now: Date,
): Pick<BackupSeen, 'own' | 'problems'> {
  const { owner, name, namespace, uid, generation, deleting, recorded } = kept;
  const named = { databaseRef: { name: nameOf(owner).name } };
  const spec = applyDefaults(backupKind.spec, kept.spec ?? named) as DatabaseBackup['spec'];
  const identity = { name, namespace, uid, generation, deleting };
  const own: BackupObject = { ...identity, spec, ...withoutAbsent({ recorded, status }) };
  if (hasEnded(kept) || recorded !== undefined) return { own, problems: [] };
  if (kept.spec === undefined) return { own, problems: ['spec: is larger than what the controller reads'] };
  const value = { apiVersion: API_VERSION, kind: backupKind.kind, metadata: { name, namespace }, spec: kept.spec };
  return { own, problems: problemsIn(checkValue(value, { namespace, now, before: (object) => object })) };
}

/** The CronJob of a schedule; rendered again only when the Database or the object has changed. */
function wantedSchedule(
  own: BackupObject,
  { own: seen, problems }: DatabaseAtRest,
  { looking, remembered }: Remembering,
): WantedSchedule | undefined {
  if (problems.length > 0) return undefined;
  const of = `${seen.uid} ${own.generation} ${renderedFrom(seen)}`;
  if (remembered.wanted?.of !== of) {
    const manifest = cronJobFor(own, seen, looking.settings);
    remembered.wanted = { of, schedule: manifest && wantedIn(manifest) };
  }
  return remembered.wanted.schedule;
}

function scheduleSeen(own: BackupObject, database: DatabaseAtRest | undefined, remembering: Remembering): ScheduleSeen {
  const { watches } = remembering.looking;
  const { namespace, name, spec } = own;
  return {
    isDatabaseGone: watches.databases.get(keyOf({ namespace, name: spec.databaseRef.name })) === undefined,
    ...withoutAbsent({
      cronJob: watches.cronJobs.get(scheduleKey(namespace, name)),
      wanted: database && wantedSchedule(own, database, remembering),
    }),
  };
}

/** Gathers everything that decisions about one DatabaseBackup depend on. */
export function lookAtBackup(key: string, looking: BackupLookOptions, now: Date): LookResult<BackupLook> {
  const { watches, recent, makeMemory } = looking;
  const kept = watches.databaseBackups.get(key);
  if (!kept) return { is: 'gone' };
  const { owner, namespace, name } = kept;
  if (watches.holdings.isCatchingUp(owner)) return { is: 'not known yet' };
  const remembered = recent.of(kept.uid, makeMemory);
  const database = databaseAtRest(owner, looking, now);
  const list = backupListOf(watches, owner);
  const object = storedBackup(kept);
  const checkedObject = checked(kept, object.status, now);
  const seen: BackupSeen = {
    ...checkedObject,
    isJobAbsent: remembered.isJobAbsent,
    ...remembered.progress.history(),
    ...withoutAbsent({
      database: database && databaseOf(kept, database, looking),
      list,
      job: watches.jobs.get(jobKey(namespace, name)),
      schedule:
        checkedObject.own.spec.schedule === undefined
          ? undefined
          : scheduleSeen(checkedObject.own, database, { looking, remembered }),
    }),
  };
  return { is: 'seen', look: { object, progress: remembered.progress, seen, remembered } };
}
