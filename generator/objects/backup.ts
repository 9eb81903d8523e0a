import { ENGINES } from '../../database/engines/index.ts';
import { backupJobPod } from '../backup-pod.ts';
import type { Json } from '../../database/json.ts';
import type { Engine } from '../engine.ts';
import type { Manifest } from '../metadata.ts';
import { IGNORE_HEALTH, labelsOf, metadata } from '../metadata.ts';
import type { BackupModel, Model } from '../model.ts';
import { canonical, twice } from '../model.ts';
import { names } from '../names.ts';
import { argument } from '../writers.ts';

/** One backup that a DatabaseBackup asks for. */
export interface RequestedBackup {
  /** Name of the DatabaseBackup. */
  readonly name: string;
  readonly type: 'auto' | 'full' | 'incremental';
  /** Whether retention never takes it away. */
  readonly keepForever: boolean;
}

/** Backups that a DatabaseBackup asks for by a schedule of its own. */
export interface ScheduledBackups extends RequestedBackup {
  readonly schedule: string;
  /** That of the Database's backups when absent. */
  readonly timeZone?: string;
  readonly suspend: boolean;
}

/** Who asks: backups and schedules have names of their own in the repository. */
function requestArguments({ type, keepForever, ...asked }: RequestedBackup | ScheduledBackups): string[] {
  return [
    argument('schedule' in asked ? 'schedule' : 'backup', asked.name),
    ...(type === 'auto' ? [] : [argument('type', type)]),
    ...(keepForever ? [argument('keep', 'forever')] : []),
  ];
}

/** The arguments of the image's `ballast-backup`: every word comes from a closed list, or is a name that the rules allow. */
function jobArguments(model: Model, engine: Engine, { retention }: BackupModel, request?: RequestedBackup): string[] {
  return [
    argument('engine', model.engine),
    argument('database', model.name),
    ...(retention.days === undefined ? [] : [argument('keep-days', String(retention.days))]),
    ...(retention.count === undefined ? [] : [argument('keep-count', String(retention.count))]),
    ...engine.backupJob(model).arguments,
    ...(request ? requestArguments(request) : []),
  ];
}

/** A job that hangs would keep every later one from starting. */
export const LONGEST_SECONDS = 86_400;
/** How long the finished Job of a requested backup stays, for its log. */
const FINISHED_SECONDS = 604_800;
/** A finished pod keeps the claims that it names from being deleted with their Database. */
const MOUNTED_SECONDS = 60;

function finishedSeconds({ destination }: BackupModel): number {
  return destination.type === 'pvc' ? MOUNTED_SECONDS : FINISHED_SECONDS;
}

/** The specification of a Job: three tries after the first; a hanging run would keep every later one from starting. */
function jobSpec(model: Model, engine: Engine, backup: BackupModel, request?: RequestedBackup): Record<string, Json> {
  const args = jobArguments(model, engine, backup, request);
  const template = backupJobPod(model, engine.backupJob(model), { name: 'backup', args });
  return { activeDeadlineSeconds: LONGEST_SECONDS, backoffLimit: 3, template };
}

/** The Job of one requested backup, from the same template as the scheduled ones; undefined when backups are off. */
export function requestedBackup(model: Model, engine: Engine, request: RequestedBackup): Manifest | undefined {
  if (!model.backup) return undefined;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: names.backupRun(request.name),
      namespace: model.namespace,
      labels: { ...labelsOf(model, 'backup') },
    },
    spec: { ...jobSpec(model, engine, model.backup, request), ttlSecondsAfterFinished: finishedSeconds(model.backup) },
  };
}

interface Timing {
  readonly schedule: string;
  readonly timeZone: string;
  readonly suspend: boolean;
}

/** The specification of a CronJob of backups: three tries, one at a time, and a late start rather than none. */
function cronJobSpec(model: Model, job: Record<string, Json>, { schedule, timeZone, suspend }: Timing): Json {
  return {
    concurrencyPolicy: 'Forbid',
    failedJobsHistoryLimit: 3,
    jobTemplate: { metadata: { labels: { ...labelsOf(model, 'backup') } }, spec: job },
    schedule,
    startingDeadlineSeconds: 3600,
    successfulJobsHistoryLimit: 3,
    suspend,
    timeZone,
  };
}

/** The CronJob of the Database's own schedule. It is suspended for an engine that no program backs up yet. */
function cronJob(model: Model, engine: Engine, backup: BackupModel): Manifest {
  const { schedule, timeZone } = backup;
  const suspend = !ENGINES[model.engine].can.backsUp;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadata(model, names.backup(model.name), { wave: 'extras', part: 'backup', annotations: IGNORE_HEALTH }),
    spec: cronJobSpec(model, jobSpec(model, engine, backup), { schedule, timeZone, suspend }),
  };
}

/** The CronJob of a DatabaseBackup with a schedule, from the same template; undefined when backups are off. */
export function scheduledBackups(model: Model, engine: Engine, asked: ScheduledBackups): Manifest | undefined {
  const { backup, namespace } = model;
  if (!backup) return undefined;
  const { schedule, timeZone = backup.timeZone, suspend } = asked;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: names.backupSchedule(asked.name), namespace, labels: { ...labelsOf(model, 'backup') } },
    spec: cronJobSpec(model, jobSpec(model, engine, backup, asked), { schedule, timeZone, suspend }),
  };
}

/** The default size is twice the data: one full backup, and the WAL and the increments of a week. */
function repositorySize(model: Model, size: string | number | undefined): string {
  return size === undefined ? twice(model.storage.size) : canonical(size);
}

function repositoryClaim(model: Model, engine: Engine, backup: BackupModel): Manifest[] {
  if (backup.destination.type !== 'pvc') return [];
  // In the wave of its first consumer: with WaitForFirstConsumer it binds only then, and Argo CD waits for the binding.
  const wave = engine.repositoryHost ? 'workload' : 'extras';
  const storageClassName = backup.destination.storageClassName ?? model.storage.storageClassName;
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: metadata(model, names.backup(model.name), { wave, part: 'backup', keep: true }),
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: repositorySize(model, backup.destination.size) } },
        ...(storageClassName !== undefined && { storageClassName }),
        volumeMode: 'Filesystem',
      },
    },
  ];
}

/** The objects for backups; empty when backups are off. */
export function backup(model: Model, engine: Engine): Manifest[] {
  if (!model.backup) return [];
  const host = engine.repositoryHost?.(model) ?? [];
  return [...repositoryClaim(model, engine, model.backup), ...host, cronJob(model, engine, model.backup)];
}
