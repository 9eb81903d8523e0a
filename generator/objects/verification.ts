import { ENGINES } from '../../database/engines/index.ts';
import { SPOOL, backupJobPod } from '../backup-pod.ts';
import type { Json } from '../../database/json.ts';
import type { Engine } from '../engine.ts';
import type { Manifest } from '../metadata.ts';
import { IGNORE_HEALTH, labelsOf, metadata } from '../metadata.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import { argument } from '../writers.ts';
import { LONGEST_SECONDS } from './backup.ts';

/** How long the Job of a failed verification stays, for its log, and with it the volume. */
const FAILED_SECONDS = 86_400;

/** A volume like a member's that comes and goes with the pod: what a backup restores fits on it. */
function scratchVolume({ storage: { size, storageClassName } }: Model): Json {
  const spec: Json = {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: size } },
    ...(storageClassName !== undefined && { storageClassName }),
    volumeMode: 'Filesystem',
  };
  return { ephemeral: { volumeClaimTemplate: { metadata: {}, spec } }, name: SPOOL };
}

/** The CronJob that verifies the newest backup; none where that is not asked for, or no program restores a backup of the engine. */
export function verification(model: Model, engine: Engine): Manifest[] {
  const { verification: wanted, timeZone = '' } = model.backup ?? {};
  const job = engine.verificationJob?.(model);
  if (!wanted || !job) return [];
  const args = [argument('engine', model.engine), argument('database', model.name), ...job.arguments];
  return [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: metadata(model, names.verification(model.name), {
        wave: 'extras',
        part: 'backup',
        annotations: IGNORE_HEALTH,
      }),
      spec: {
        concurrencyPolicy: 'Forbid',
        failedJobsHistoryLimit: 1,
        jobTemplate: {
          metadata: { labels: { ...labelsOf(model, 'backup') } },
          spec: {
            activeDeadlineSeconds: LONGEST_SECONDS,
            backoffLimit: 1,
            template: backupJobPod(model, job, { name: 'verify', args, spool: scratchVolume(model) }),
            ttlSecondsAfterFinished: FAILED_SECONDS,
          },
        },
        schedule: wanted.schedule,
        startingDeadlineSeconds: 3600,
        // The pod of a Job that is kept keeps its volume.
        successfulJobsHistoryLimit: 0,
        suspend: !ENGINES[model.engine].can.backsUp,
        timeZone,
      },
    },
  ];
}
