import { API_VERSION } from '../../database/schema/common.ts';
import type { DatabaseBackup } from '../../database/types.ts';
import { backupKind } from '../../database/schema/operations.ts';
import { applyDefaults } from '../../database/defaults.ts';
import { backupNames } from '../../generator/backup-names.ts';
import { names } from '../../generator/names.ts';
import { repositoryOf } from '../../generator/repository.ts';
import { checkValue } from '../../policies/check.ts';
import { nameOf } from '../../kubernetes/objects.ts';
import type { DatabaseBackupProjection } from '../cluster/database-backup.ts';
import { problemsIn } from '../cluster/database.ts';
import { jobKey } from '../cluster/job.ts';
import { withoutAbsent } from '../cluster/json-path.ts';
import type { DatabaseAtRest, LookOptions } from '../databases/observe/observe.ts';
import { backupListOf, databaseAtRest } from '../databases/observe/observe.ts';
import type { Recent } from '../databases/observe/recent.ts';
import type { Progress } from '../runtime/progress.ts';
import type { Look, LookResult, StoredObject } from '../runtime/reconciler.ts';
import type { BackupObject, BackupSeen, DatabaseOfBackup } from './observation.ts';

/** The memory of a DatabaseBackup between passes. All of it may be lost. */
export interface BackupMemory {
  readonly progress: Progress;
  /** Whether the API server was asked for the Job, and had none. */
  isJobAbsent: boolean;
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
  const { namespace, name, uid, resourceVersion, generation, status } = kept;
  const key = `${namespace}/${name}`;
  return { key, namespace, name, uid, resourceVersion, generation, ...withoutAbsent({ status }) };
}

const ENDED: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed']);

function hasEnded({ status, recorded }: DatabaseBackupProjection): boolean {
  return recorded !== undefined || ENDED.has(status?.phase);
}

const isStalled = ({ status }: DatabaseBackupProjection): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Stalled' && value === 'True') ?? false;

/** Whether another requested backup goes first: the older one, of several of one second that of the first name. */
function goesBefore(other: DatabaseBackupProjection, kept: DatabaseBackupProjection): boolean {
  if (hasEnded(other) || other.deleting || isStalled(other) || other.name === kept.name) return false;
  if (other.createdAt !== kept.createdAt) return other.createdAt < kept.createdAt;
  return other.name < kept.name;
}

/** What is backed up now, or goes first: the repository takes one backup at a time. */
function busyWith(
  kept: DatabaseBackupProjection,
  first: string | undefined,
  { watches }: LookOptions,
): string | undefined {
  const { owner, name, namespace } = kept;
  const running = watches.jobs
    .indexed(owner)
    .find((job) => job.outcome === undefined && job.name !== names.backupRun(name));
  if (running) return `the Job ${running.name} goes on`;
  const cron = watches.cronJobs.get(`${namespace}/${names.backup(nameOf(owner).name)}`)?.cron;
  if (cron && cron.active > 0) return 'a scheduled one goes on';
  const others = watches.databaseBackups.indexed(owner);
  const before = others.find((other) => (first === name ? false : goesBefore(other, kept) || isFirstDue(other, first)));
  return before && `${before.name} goes first`;
}

/** Whether this is the first backup in a repository, before which no other runs. */
const isFirstDue = (other: DatabaseBackupProjection, first: string | undefined): boolean =>
  other.name === first && !hasEnded(other) && !isStalled(other);

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
function checked(kept: DatabaseBackupProjection, now: Date): Pick<BackupSeen, 'own' | 'problems'> {
  const { name, namespace, uid, generation, deleting, recorded, status } = kept;
  const spec = applyDefaults(backupKind.spec, kept.spec ?? {}) as DatabaseBackup['spec'];
  const identity = { name, namespace, uid, generation, deleting };
  const own: BackupObject = { ...identity, spec, ...withoutAbsent({ recorded, status }) };
  if (hasEnded(kept)) return { own, problems: [] };
  if (kept.spec === undefined) return { own, problems: ['spec: is larger than what the controller reads'] };
  const value = { apiVersion: API_VERSION, kind: backupKind.kind, metadata: { name, namespace }, spec: kept.spec };
  return { own, problems: problemsIn(checkValue(value, { namespace, now, before: (object) => object })) };
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
  const seen: BackupSeen = {
    ...checked(kept, now),
    isJobAbsent: remembered.isJobAbsent,
    ...remembered.progress.history(),
    ...withoutAbsent({
      database: database && databaseOf(kept, database, looking),
      list,
      job: watches.jobs.get(jobKey(namespace, name)),
    }),
  };
  return { is: 'seen', look: { object: storedBackup(kept), progress: remembered.progress, seen, remembered } };
}
